"""Where good settings of a model are to be looked for."""

import math
from dataclasses import dataclass

from tastegraph.errors import InputError


@dataclass(frozen=True)
class Range:
    """Values from ``low`` to ``high``, both included; whole numbers where both are.

    ``log``: what counts is by what factor two values differ.
    """

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise InputError(f"{self} has an end that is no number: give two numbers.")
        if self.low > self.high:
            raise InputError(f"{self} is empty: the first number is to be the smaller one.")
        if self.log and self.low <= 0:
            raise InputError(f"{self} is searched by factors, so it can't begin at 0 or below.")

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers alone."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def __str__(self) -> str:
        """The range as it is written."""
        return f"{self.low:g}:{self.high:g}"


def parse_range(text: str, like: Range | None, whole: bool) -> Range:
    """The range written as ``low:high``, searched by factors where ``like`` is.

    InputError where it is no range or holds nothing.
    """
    low, _, high = text.partition(":")
    number = int if whole else float
    try:
        ends = number(low), number(high)
    except ValueError as error:
        kind = "whole numbers" if whole else "numbers"
        raise InputError(f"{text!r} is no range: write two {kind}, such as 1:10") from error
    return Range(*ends, log=like is not None and like.log and ends[0] > 0)
