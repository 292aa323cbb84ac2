"""When the rows of a table of listens were heard."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import FIRST_HEARD, LAST_HEARD
from tastegraph.loaders.files.table import Headers, Table
from tastegraph.loaders.files.times import seconds_of

Times = TypeVar("Times")

TIME = "time"
TIME_HEADERS: Headers = {name: (name,) for name in (TIME, FIRST_HEARD, LAST_HEARD)}


def heard_in(table: Table) -> "tuple[dict[str, pd.Series[float]], list[str]]":
    """Columns first_heard and last_heard in seconds since 1970, and a note on what is no time.

    ``time`` stands for both. Nothing where the table has no times.
    """
    times: dict[str, pd.Series[float]] = {}
    notes = []
    for name in TIME_HEADERS:
        if name in table.frame:
            cells = table.frame[name].str.strip()
            seconds = seconds_of(cells)
            times[name] = pd.Series(seconds, index=table.frame.index)
            notes += _unread_note(table, name, cells, np.isnan(seconds))
    return first_and_last(times), notes


def first_and_last(times: Mapping[str, Times]) -> dict[str, Times]:
    """The first and last of ``times`` by column, where ``time`` stands for both."""
    both = dict.fromkeys((FIRST_HEARD, LAST_HEARD), times[TIME]) if TIME in times else {}
    return both | {name: found for name, found in times.items() if name != TIME}


def _unread_note(
    table: Table, name: str, cells: "pd.Series[str]", unknown: NDArray[np.bool_]
) -> list[str]:
    wrong = cells[unknown & (cells != "").to_numpy()]
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
