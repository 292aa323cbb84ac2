"""Files of (user, artist) pairs by themselves: the two sides of a split."""

from pathlib import Path

import pandas as pd

from tastegraph.graph.frames import ARTIST, PLAYS, USER
from tastegraph.loaders.files.cells import check_not_empty, plays, text
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


def read_test(path: Path) -> pd.DataFrame:
    """The held-out pairs of ``path``, columns user and artist, without repeats.

    InputError as ``read_train``; plays are not needed.
    """
    return _pairs(_read(path, PAIR_HEADERS)).drop_duplicates(ignore_index=True)


def _read(path: Path, headers: Headers) -> Table:
    table = read_table(path, headers)
    check_not_empty(table, "listens")
    return table


def _pairs(table: Table) -> pd.DataFrame:
    return pd.DataFrame({name: text(table, name) for name in (USER, ARTIST)})
