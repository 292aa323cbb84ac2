"""What numbers may be: one table for the options of commands and the arguments of Python."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, TypeVar

from tastegraph.errors import InputError
from tastegraph.runtime.limits import MOST_ROWS

Class = TypeVar("Class", bound=type)


@dataclass(frozen=True)
class Range:
    """Numbers from ``least`` to ``most``.

    whole  whole numbers alone
    above  ``least`` itself is too small
    below  ``most`` itself is too large
    """

    least: float
    most: float
    whole: bool = False
    above: bool = False
    below: bool = False

    def holds(self, value: object) -> bool:
        """Whether ``value`` is such a number; NaN and truth values are none."""
        if isinstance(value, bool) or not isinstance(value, Integral if self.whole else Real):
            return False
        number: Any = value
        large_enough = number > self.least if self.above else number >= self.least
        small_enough = number < self.most if self.below else number <= self.most
        return bool(large_enough and small_enough)

    def __str__(self) -> str:
        low = f"{'above' if self.above else 'from'} {self.least:,.12g}"
        high = f"{'below' if self.below else 'to'} {self.most:,.12g}"
        return f"a {'whole ' if self.whole else ''}number {low} {high}"


def _whole(least: int, most: int) -> Range:
    return Range(least, most, whole=True)


MOST = 1_000_000
"""Of what is counted beside rows."""

_SEED = _whole(0, 2**32 - 1)
_UNIT = Range(0.0, 1.0)
_SHARE = Range(0.0, 1.0, above=True, below=True)
_WEIGHT = Range(0.0, 1e6)

# More than a page of a list holds, and more points than a map shows apart.
_LISTED, _MAPPED = 50, 20_000

RANGES: Mapping[str, Range] = {
    "k": _whole(1, MOST_ROWS),
    "parts": _whole(1, MOST_ROWS),
    "plot.k": _whole(1, _LISTED),
    "seed": _SEED,
    "seeds": _SEED,
    "dimensions": _whole(1, 100_000),
    "epochs": _whole(1, MOST),
    "trials": _whole(1, MOST),
    "slices": _whole(1, 20),
    "keep": _whole(0, 1_000),
    "minutes": Range(0.0, 1e6, above=True),
    "half_life": Range(0.0, 1e6, above=True),
    "novelty": _UNIT,
    "novelty_weight": _UNIT,
    "diversity": _UNIT,
    "weights": _WEIGHT,
    "similarity_weight": _WEIGHT,
    "holdout": _SHARE,
    "resolution": Range(0.0, 1_000.0, above=True),
    "samples": _whole(1, MOST),
    "hops": _whole(1, MOST),
    "artist_count": _whole(0, MOST),
    "min_listeners": _whole(0, MOST),
    "most": _whole(1, MOST),
    "plot.most": _whole(5, _MAPPED),
    "clusters": _whole(2, 20),
    "prune_tags": _whole(0, MOST),
    "min_play_seconds": Range(0.0, 1e6),
    "write_sheet.count": _whole(1, MOST),
    "generate.users": _whole(1, MOST),
    "generate.artists": _whole(1, MOST),
}
"""By the name of the argument, or of the function and the argument where that differs."""


def _range_of(function: str, name: str) -> Range | None:
    return RANGES.get(f"{function}.{name}") or RANGES.get(name)


def check_numbers(function: str, given: Mapping[str, object]) -> None:
    """Raise InputError for the first of the arguments ``given`` that is out of its range.

    Several numbers are checked one by one; None is no argument.
    """
    for name, value in given.items():
        within = _range_of(function, name)
        if within is None:
            continue
        for shown, number in _each(name, value):
            if not within.holds(number):
                raise InputError(f"{shown} is {number!r}: give {within}")


def _each(name: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        yield from ((f"{name} of {key}", number) for key, number in value.items())
    elif isinstance(value, list | tuple):
        yield from ((name, number) for number in value)
    elif value is not None:
        yield name, value


def checks_numbers(made: Class) -> Class:
    """Let all public methods of a class refuse numbers that are out of their ranges."""
    for name, method in inspect.getmembers(made, inspect.isfunction):
        takes = inspect.signature(method).parameters
        is_public = not name.startswith("_")
        if is_public and any(_range_of(name, each) for each in takes):
            setattr(made, name, _checking(method))
    return made


def _checking(method: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(method)

    @functools.wraps(method)
    def checked(*args: Any, **values: Any) -> Any:
        check_numbers(method.__name__, signature.bind(*args, **values).arguments)
        return method(*args, **values)

    return checked
