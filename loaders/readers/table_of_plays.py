"""Reads the plays of any table, whatever it calls its columns."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, PLAYS, USER, GraphFrames
from tastegraph.loaders.files.cells import check_not_empty, ids
from tastegraph.loaders.files.table import Headers, Table, TextFormat, read_table
from tastegraph.loaders.readers.listen_times import TIME, TIME_HEADERS, heard_in
from tastegraph.loaders.readers.tables import frames_of_listens, plays_or_rows
from tastegraph.loaders.transforms.known import NOTHING, Known

COLUMNS = (USER, ARTIST, PLAYS, TIME)


def read_table_of_plays(
    path: Path,
    columns: Mapping[str, str],
    user: str | None = None,
    how: TextFormat | None = None,
    known: Known = NOTHING,
) -> GraphFrames:
    """Read a table (CSV and the like, Parquet, packed or not) whose ``columns`` are named.

    ``columns`` gives the titles of user, artist, plays and time; what is not in it is called so
    in the table. Without plays each row counts one; without a user all rows are those of ``user``.
    ``how`` its text is written is found out unless it is told. InputError for a name that is no
    column of listens, a column that is missing, or a cell that can't be read.
    """
    if wrong := [name for name in columns if name not in COLUMNS]:
        raise InputError(
            f"there is no column {wrong[0]!r} of listens: give {', '.join(COLUMNS)}, as in "
            "--columns user=who,artist=band,plays=count"
        )
    required: Headers = {
        name: (columns.get(name, name),)
        for name in (USER, ARTIST)
        if name != USER or user is None or USER in columns
    }
    named: Headers = {name: (columns[name],) for name in (PLAYS, TIME) if name in columns}
    optional: Headers = {name: (name,) for name in (PLAYS, *TIME_HEADERS) if name not in columns}
    table = read_table(path, {**required, **named}, optional, how)
    check_not_empty(table, "listens")
    return frames_of_listens(_listens(table, user), known)


def _listens(table: Table, user: str | None) -> Table:
    places = table.frame.index
    frame = pd.DataFrame(
        {
            USER: ids(table, USER) if USER in table.frame else pd.Series(user, index=places),
            ARTIST: ids(table, ARTIST),
            PLAYS: plays_or_rows(table),
        }
    )
    times, unread = heard_in(table)
    table = replace(table, notes=[*table.notes, *unread])
    frame = frame.astype({USER: object, ARTIST: object}).assign(**times)
    if user is not None and USER in table.frame:
        others = frame[USER] != user
        return replace(table, frame=frame[~others], dropped={f"not of {user}": int(others.sum())})
    return replace(table, frame=frame)
