"""Files of (user, artist) pairs by themselves: the two sides of a split."""

from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, PLAYS, USER
from tastegraph.loaders.files.cells import check_not_empty, ids, plays
from tastegraph.loaders.files.table import Headers, Table, read_table
from tastegraph.loaders.transforms.held_out import PAIR_HEADERS, PLAYS_HEADERS


def read_train(path: Path) -> pd.DataFrame:
    """The listens of ``path``, columns user, artist (text, as written) and plays, one row a pair.

    Plays of a pair that is there twice are added up, and listens without plays left out, as a
    load does. InputError for a file without rows, a missing column or a cell that can't be read.
    """
    table = _read(path, {**PAIR_HEADERS, **PLAYS_HEADERS})
    frame = _pairs(table).assign(**{PLAYS: plays(table, PLAYS)})
    heard = frame[frame[PLAYS] > 0]
    return heard.groupby([USER, ARTIST], as_index=False)[[PLAYS]].sum()


def read_test(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """The held-out pairs of ``path``, columns user and artist, without repeats; and notes.

    Plays are not needed; where they are there, a pair without any is no listen to be found, and
    is left out with a note. InputError as ``read_train``.
    """
    table = _read(path, PAIR_HEADERS, PLAYS_HEADERS)
    pairs = _pairs(table)
    if PLAYS not in table.frame:
        return pairs.drop_duplicates(ignore_index=True), []
    heard = pairs[plays(table, PLAYS) > 0]
    silent = len(pairs) - len(heard)
    if heard.empty:
        raise InputError(
            f"{table.name} holds nothing to be found: its {len(pairs):,} pairs have 0 plays each"
        )
    notes = [f"{silent:,} test pairs of {table.name} have 0 plays: left out"] if silent else []
    return heard.drop_duplicates(ignore_index=True), notes


def _read(path: Path, headers: Headers, optional: Headers | None = None) -> Table:
    table = read_table(path, headers, optional)
    check_not_empty(table, "listens")
    return table


def _pairs(table: Table) -> pd.DataFrame:
    return pd.DataFrame({name: ids(table, name) for name in (USER, ARTIST)})
