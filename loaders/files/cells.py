"""Text cells to ids, plays and dates; the first cell that can't be read is an error."""

import re
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import TypeVar

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.loaders.files.limits import MOST_LETTERS_OF_ID, MOST_LETTERS_OF_NAME, MOST_PLAYS
from tastegraph.loaders.files.numbers import reader
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.files.table import Table

# Beyond it, whole numbers that have come through floating point may be others than they were.
_EXACT = 2**53
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_NUMBER = re.compile(r"-?[0-9]+")
_FLOAT = re.compile(r"-?[0-9]+\.0+|-?[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]{1,3}")
_AMBIGUOUS = re.compile(r"[0-9]{1,3}[.,]000")
_DATE = re.compile(r"([0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))(?:[T ].*)?")

Cell = TypeVar("Cell", bound=Hashable)
Value = TypeVar("Value")


def parse(
    table: Table, cells: Sequence[Cell], read: Callable[[Cell], Value | None], title: str, rule: str
) -> list[Value]:
    """Return ``read`` of every cell; InputError at the first for which it gives None.

    Every distinct cell is read once. ``title`` and ``rule`` go into the message: what the
    column is called and what it may hold.
    """
    known: dict[Cell, Value] = {}
    wrong: set[Cell] = set()
    for cell in set(cells):
        value = read(cell)
        if value is None:
            wrong.add(cell)
        else:
            known[cell] = value
    if wrong:
        at, cell = next((at, cell) for at, cell in enumerate(cells) if cell in wrong)
        raise table.error(table.frame.index[at], f"{title} is {_shown(cell)}, not {rule}")
    return [known[cell] for cell in cells]


def whole_ids(table: Table, column: str) -> "pd.Series[int]":
    """Return a column of whole numbers (int64), written without sign or leading zeros."""
    cells = table.frame[column].tolist()
    values = parse(table, cells, _read_whole, table.headers[column], "a whole number")
    return pd.Series(values, index=table.frame.index, dtype="int64", name=column)


def ids(table: Table, column: str, may_be_numbers: bool = True) -> "pd.Series[str]":
    """Return a column of ids, "" where one is missing.

    Outer blanks are no part of an id, and Unicode is composed (NFC), so that ids that look alike
    are alike. Whole numbers that floating point wrote ("12.0", "1.5e+03") become whole again.
    InputError for one that may have lost digits so, and for one of too many letters.
    """
    read = table.frame[column]
    clean = {cell: bare(cell) for cell in set(read)}
    values = pd.Series([clean[cell] for cell in read], index=read.index, dtype=object)
    _check_length(table, column, values, MOST_LETTERS_OF_ID)
    written = set(clean.values()) - {""}
    numeric = all(_NUMBER.fullmatch(cell) or _FLOAT.fullmatch(cell) for cell in written)
    written_as_float = may_be_numbers and numeric and any(map(_FLOAT.fullmatch, written))
    if column in table.floats or written_as_float:
        rule = (
            "a whole number that is sure: it has come through floating point, which keeps whole "
            f"numbers below {_EXACT:,} alone; write the ids as text or as whole numbers"
        )
        cells = values.tolist()
        values = pd.Series(
            parse(table, cells, _read_float, table.headers[column], rule),
            index=values.index,
            dtype=object,
        )
    return values.rename(column)


def text(table: Table, column: str) -> "pd.Series[str]":
    """Return a column as it is, after a check that no cell of it is empty or without end."""
    values = table.frame[column]
    empty = values == ""
    if empty.any():
        place = int(table.frame.index[empty][0])
        raise table.error(place, f"{table.headers[column]} is empty")
    _check_length(table, column, values, MOST_LETTERS_OF_NAME)
    return values


def text_or_none(table: Table, column: str) -> "pd.Series[str]":
    """Return a column with None for its empty cells and where the table does not have it."""
    if column not in table.frame:
        return pd.Series([None] * len(table.frame), index=table.frame.index, dtype=object)
    _check_length(table, column, table.frame[column], MOST_LETTERS_OF_NAME)
    values = [cell or None for cell in table.frame[column]]
    return pd.Series(values, index=table.frame.index, dtype=object)


def plays(table: Table, column: str) -> "pd.Series[int]":
    """Return a column of play counts: whole numbers from 0 to ``MOST_PLAYS`` (int64).

    How they may be written is said in ``files/numbers.py``.
    """
    cells = table.frame[column].tolist()
    rule = f"a whole number from 0 to {MOST_PLAYS:,}"
    stored_as_float = column in table.floats
    if not stored_as_float and any(_AMBIGUOUS.fullmatch(cell.strip()) for cell in set(cells)):
        rule += ", or not for sure (1.000 may be 1 or 1000: write numbers without separators)"
    read = _read_whole if stored_as_float else reader(set(cells))

    def in_range(cell: str) -> int | None:
        value = read(cell)
        return value if value is not None and 0 <= value <= MOST_PLAYS else None

    values = parse(table, cells, in_range, table.headers[column], rule)
    return pd.Series(values, index=table.frame.index, dtype="int64")


def dates(table: Table, column: str) -> "pd.Series[str]":
    """Return a column of dates as "YYYY-MM-DD"; "" where the cell is empty or there is none.

    A time of day after the date is left out.
    """
    if column not in table.frame:
        return pd.Series("", index=table.frame.index, dtype=object)
    cells = table.frame[column].tolist()
    values = parse(table, cells, _read_date, table.headers[column], "a date YYYY-MM-DD")
    return pd.Series(values, index=table.frame.index, dtype=object)


def id_type(ids: "pd.Series[str] | pd.Series[int]") -> type:
    """Return the dtype that a kind of ids gets: int64 where all are whole numbers, else object."""
    if pd.api.types.is_integer_dtype(ids.dtype):
        return np.int64
    return np.int64 if all(is_whole(str(cell)) for cell in ids if cell != "") else object


def is_whole(cell: str) -> bool:
    """Whether text is a whole number as ids have it, without sign or leading zeros."""
    return _WHOLE_NUMBER.fullmatch(cell) is not None


def check_not_empty(table: Table, what: str) -> None:
    """Raise InputError where a table that must have rows has only its header."""
    if table.frame.empty:
        raise InputError(f"{table.name} holds no {what}, only a header. Fetch or write it again.")


def _read_whole(cell: str) -> int | None:
    return int(cell) if _WHOLE_NUMBER.fullmatch(cell) else None


def _read_float(cell: str) -> str | None:
    if not _FLOAT.fullmatch(cell):
        return cell if not cell or _NUMBER.fullmatch(cell) else None
    value = Decimal(cell)
    whole = value == value.to_integral_value() and abs(value) < _EXACT
    return str(int(value)) if whole else None


def _check_length(table: Table, column: str, values: "pd.Series[str]", most: int) -> None:
    if any(len(value) > most for value in set(values)):
        long = values.str.len() > most
        place = int(table.frame.index[long][0])
        raise table.error(
            place,
            f"{table.headers[column]} has {len(values[long].iloc[0]):,} letters, more than the "
            f"{most:,} that it may have (is a quotation mark left open?)",
        )


def _read_date(cell: str) -> str | None:
    if not cell:
        return ""
    match = _DATE.fullmatch(cell)
    return match[1] if match else None


def _shown(cell: object) -> str:
    shown = str(cell)
    return f'"{shown[:60]}..."' if len(shown) > 60 else f'"{shown}"'
