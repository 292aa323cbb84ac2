"""When the rows of a table of listens were heard."""

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
    times: dict[str, pd.Series[float]] = {}
    notes = []
    for name in (TIME, FIRST_HEARD, LAST_HEARD):
        if name in table.frame:
            cells = table.frame[name].str.strip()
            seconds = seconds_of(cells)
            times[name] = pd.Series(seconds, index=table.frame.index)
            notes += _unread_note(table, name, cells, np.isnan(seconds))
    either = times.pop(TIME, None)
    if either is not None:
        times = {FIRST_HEARD: either, LAST_HEARD: either} | times
    return times, notes


def _unread_note(
    table: Table, name: str, cells: "pd.Series[str]", unknown: NDArray[np.bool_]
) -> list[str]:
    wrong = cells[unknown & (cells != "").to_numpy()]
    if wrong.empty:
        return []
    return [
        f"{table.name}: {len(wrong):,} cells of {table.headers[name]} are no time that can have "
        f"been (first: {wrong.iloc[0][:40]!r} in {table.unit} {wrong.index[0]}): these rows count "
        "without a time; write 2021-01-31T12:34:56Z, or seconds since 1970."
    ]
