"""Frames of the Python API as plain values, which JSON and templates take."""

import math
from typing import Any

import pandas as pd

Row = dict[str, Any]

_PLAIN = (str, int)


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of ``frame``, each by its columns; what is missing is None."""
    names = [str(name) for name in frame]
    columns = [map(plain, frame[name].tolist()) for name in frame]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def pairs(frame: pd.DataFrame) -> Row:
    """The two columns of ``frame`` as names and values."""
    names, values = (frame[name].tolist() for name in frame)
    return {str(name): plain(value) for name, value in zip(names, values, strict=True)}


def plain(value: Any) -> Any:
    """``value`` of Python's own types; NaN is None."""
    if value is None or isinstance(value, _PLAIN):
        return value
    if hasattr(value, "as_dict"):
        value = value.as_dict()
    elif hasattr(value, "item"):
        value = value.item()
    elif hasattr(value, "isoformat"):
        value = value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
