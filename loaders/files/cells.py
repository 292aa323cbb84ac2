"""Text cells to ids, plays and dates; the first cell that can't be read is an error."""

import re
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.loaders.files.table import Table

MOST_PLAYS = 100_000_000
_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_PLAYS = re.compile(r"([0-9]{1,12})(\.0+)?")
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


def text(table: Table, column: str) -> "pd.Series[str]":
    """Return a column as it is, after a check that no cell of it is empty."""
    values = table.frame[column]
    empty = values == ""
    if empty.any():
        place = int(table.frame.index[empty][0])
        raise table.error(place, f"{table.headers[column]} is empty")
    return values


def text_or_none(table: Table, column: str) -> "pd.Series[str]":
    """Return a column with None for its empty cells and where the table does not have it."""
    if column not in table.frame:
        return pd.Series([None] * len(table.frame), index=table.frame.index, dtype=object)
    values = [cell or None for cell in table.frame[column]]
    return pd.Series(values, index=table.frame.index, dtype=object)


def plays(table: Table, column: str) -> "pd.Series[int]":
    """Return a column of play counts: whole numbers from 0 to ``MOST_PLAYS`` (int64)."""
    cells = table.frame[column].tolist()
    rule = f"a whole number from 0 to {MOST_PLAYS:,}"
    values = parse(table, cells, _read_plays, table.headers[column], rule)
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
    return np.int64 if all(_WHOLE_NUMBER.fullmatch(str(cell)) for cell in ids) else object


def check_not_empty(table: Table, what: str) -> None:
    """Raise InputError where a table that must have rows has only its header."""
    if table.frame.empty:
        raise InputError(f"{table.name} holds no {what}, only a header. Fetch or write it again.")


def _read_whole(cell: str) -> int | None:
    return int(cell) if _WHOLE_NUMBER.fullmatch(cell) else None


def _read_plays(cell: str) -> int | None:
    match = _PLAYS.fullmatch(cell)
    return int(match[1]) if match and int(match[1]) <= MOST_PLAYS else None


def _read_date(cell: str) -> str | None:
    if not cell:
        return ""
    match = _DATE.fullmatch(cell)
    return match[1] if match else None


def _shown(cell: object) -> str:
    shown = str(cell)
    return f'"{shown[:60]}..."' if len(shown) > 60 else f'"{shown}"'
