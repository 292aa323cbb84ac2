"""When the rows of a table of listens were heard."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import FIRST_HEARD, LAST_HEARD
from tastegraph.loaders.files.table import Headers, Table
from tastegraph.loaders.files.times import seconds_of

TIME = "time"
TIME_HEADERS: Headers = {name: (name,) for name in (TIME, FIRST_HEARD, LAST_HEARD)}


def heard_in(table: Table) -> "tuple[dict[str, pd.Series[float]], list[str]]":
    """Columns first_heard and last_heard in seconds since 1970, and a note on what is no time.

    ``time`` stands for both. Nothing where the table has no times.
    """
    cells = {name: table.frame[name].str.strip() for name in TIME_HEADERS if name in table.frame}
    times, unread = heard(cells)
    notes = [
        note
        for name, wrong in unread.items()
        for note in _unread_note(table, name, cells[name], wrong)
    ]
    return times, notes


def heard(
    cells: "Mapping[str, pd.Series[str]]",
) -> "tuple[dict[str, pd.Series[float]], dict[str, NDArray[np.bool_]]]":
    """The same of cells by the name of their column, and where these are no time.

    Cells are without outer blanks.
    """
    seconds = {name: seconds_of(column) for name, column in cells.items()}
    unread = {
        name: np.isnan(found) & (cells[name] != "").to_numpy() for name, found in seconds.items()
    }
    times = {name: pd.Series(found, index=cells[name].index) for name, found in seconds.items()}
    either = times.pop(TIME, None)
    if either is not None:
        times = {FIRST_HEARD: either, LAST_HEARD: either} | times
    return times, unread


def _unread_note(
    table: Table, name: str, cells: "pd.Series[str]", unread: NDArray[np.bool_]
) -> list[str]:
    wrong = cells[unread]
    if wrong.empty:
        return []
    first = f"first: {wrong.iloc[0][:40]!r} in {table.unit} {wrong.index[0]}"
    return [unread_note(table.name, table.headers[name], len(wrong), first)]


def unread_note(file: str, title: str, count: int, which: str) -> str:
    """The sentence on ``count`` cells of a column that are no time; ``which`` shows one."""
    return (
        f"{file}: {count:,} cells of {title} are no time that can have been ({which}): these rows "
        "count without a time; write 2021-01-31T12:34:56Z, or seconds since 1970."
    )
