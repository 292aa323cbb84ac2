"""The file in which a person corrects which artists names were taken for."""

import csv
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.loaders.files.cells import ids
from tastegraph.loaders.files.table import read_table
from tastegraph.loaders.transforms.matching import MATCH_COLUMNS
from tastegraph.runtime.line_feeds import CRLF, LineFeeds
from tastegraph.runtime.whole_file import whole_file

NAME, ARTIST, CALLED, HOW = MATCH_COLUMNS


def read_matches(path: Path) -> dict[str, str]:
    """The artist's id that each name stands for; "" for an artist of its own.

    InputError for a file without the columns name and artist, or a name with two artists.
    """
    table = read_table(path, {NAME: (NAME,), ARTIST: (ARTIST,)}, {CALLED: (CALLED,), HOW: (HOW,)})
    decided: dict[str, str] = {}
    for place, name, artist in zip(
        table.frame.index, ids(table, NAME, False), ids(table, ARTIST, False), strict=True
    ):
        if name and decided.setdefault(name, artist) != artist:
            raise InputError(
                f"{path.name}, {table.unit} {place}: {name!r} is there a second time with another "
                "artist. Keep one of the two lines."
            )
    return decided


def write_matches(path: Path, matches: pd.DataFrame) -> None:
    """Write ``matches`` (MATCH_COLUMNS), the doubtful first."""
    with (
        whole_file(path) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(LineFeeds(file), lineterminator=CRLF)
        writer.writerow(MATCH_COLUMNS)
        writer.writerows(matches.itertuples(index=False))
