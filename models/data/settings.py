"""Settings of models: fields of a dataclass that say themselves which values they take."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from tastegraph.errors import InputError

Value = TypeVar("Value")

_BOUNDS = "bounds"

# No whole number is of use beyond; no real one is finite.
_LARGEST_WHOLE, _LARGEST = 10**9, sys.float_info.max


@dataclass(frozen=True)
class _Bounds:
    """What a value must be; a number is finite."""

    above: float | None = None
    least: float | None = None
    below: float | None = None
    most: float | None = None
    one_of: Sequence[str] = ()

    def holds(self, value: Any) -> bool:
        """Whether ``value`` is as it must be."""
        if self.one_of:
            return value in self.one_of
        return (
            abs(value) <= (_LARGEST_WHOLE if isinstance(value, int) else _LARGEST)
            and (self.above is None or value > self.above)
            and (self.least is None or value >= self.least)
            and (self.below is None or value < self.below)
            and (self.most is None or value <= self.most)
        )

    def __str__(self) -> str:
        if self.one_of:
            return " or ".join(self.one_of)
        words = [
            *([f"above {self.above:g}"] if self.above is not None else []),
            *([f"{self.least:g} or more"] if self.least is not None else []),
            *([f"below {self.below:g}"] if self.below is not None else []),
            *([f"at most {self.most:g}"] if self.most is not None else []),
        ]
        return " and ".join(words)


def setting(default: Value, **bounds: Any) -> Value:
    """A field with ``default``, whose values are within ``bounds``: above, least, below, most
    (numbers) or one_of (texts).

    A class that gives the field another default keeps its bounds.
    """
    within: Value = field(default=default, metadata={_BOUNDS: _Bounds(**bounds)})
    return within


def check_settings(config: Any) -> None:
    """Raise InputError for the first field of the dataclass ``config`` that is out of bounds."""
    for each in fields(config):
        bounds = _bounds_of(type(config), each.name)
        value = getattr(config, each.name)
        if bounds is not None and not bounds.holds(value):
            shown = repr(value) if isinstance(value, str) else value
            is_large = isinstance(value, int) and value > _LARGEST_WHOLE
            most = f" and at most {_LARGEST_WHOLE:,}" if is_large else ""
            raise InputError(f"{each.name} must be {bounds}{most}, not {shown}.")


def _bounds_of(config_type: type, name: str) -> _Bounds | None:
    """The bounds that the nearest class with some gives the field ``name``."""
    for each in config_type.__mro__:
        declared = getattr(each, "__dataclass_fields__", {}).get(name)
        if declared is not None and _BOUNDS in declared.metadata:
            bounds: _Bounds = declared.metadata[_BOUNDS]
            return bounds
    return None
