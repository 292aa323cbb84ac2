"""Who the users of Celma's data sets are: the file of profiles beside that of the plays.

360K  usersha1-profile.tsv   user hash, gender, age, country, signup ("Feb 1, 2007")
1K    userid-profile.tsv     the same by user number, below a line of titles
"""

import re
from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from tastegraph.graph.frames import OwnProperty, ReportRow
from tastegraph.loaders.files.packed import PackedFile
from tastegraph.loaders.transforms.tally import Tally

COLUMNS = ("gender", "age", "country", "signup")

_USER = re.compile(r"[0-9a-f]{40}|user_[0-9]{6}")
_AGE = re.compile(r"[1-9][0-9]?|1[01][0-9]")
_SAMPLE = 20


def is_profiles(file: PackedFile) -> bool:
    """Whether ``file`` is one of profiles."""
    if file.suffix != ".tsv" or "profile" not in file.stem.lower():
        return False
    lines = file.head(16_384).decode("utf-8", errors="replace").split("\n")[:_SAMPLE]
    return any(_cells(line) for line in lines)


def read_profiles(
    files: Sequence[PackedFile], users: Collection[str]
) -> tuple[list[OwnProperty], list[ReportRow]]:
    """What ``files`` say of ``users``, as properties COLUMNS; and the report on that, if any.

    ``age`` is a whole number to 119, ``signup`` a day YYYY-MM-DD; what is neither, or empty, is
    left out.
    """
    rows = [cells for file in files for cells in _rows(file)]
    if not rows:
        return [], []
    tally = Tally("profiles", len(rows))
    known = {cells[0]: cells[1:] for cells in rows if cells[0] in users}
    tally.drop("of nobody with plays, or there twice", len(rows) - len(known))
    properties = [
        OwnProperty("User", user, name, value)
        for user, cells in sorted(known.items())
        for name, value in zip(COLUMNS, _values(cells), strict=True)
        if value
    ]
    return properties, [tally.row(len(known))]


def _rows(file: PackedFile) -> Iterator[list[str]]:
    for line in file.read().decode("utf-8", errors="replace").splitlines():
        if cells := _cells(line):
            yield cells


def _cells(line: str) -> list[str]:
    """The five cells of a profile, none of any other line."""
    cells = [cell.strip() for cell in line.rstrip("\r\n").split("\t")]
    is_one = len(cells) == len(COLUMNS) + 1 and _USER.fullmatch(cells[0]) is not None
    return cells if is_one else []


def _values(cells: Sequence[str]) -> tuple[str, int | None, str, str | None]:
    gender, age, country, signup = cells
    day = pd.to_datetime(signup, format="%b %d, %Y", errors="coerce")
    return (
        gender,
        int(age) if _AGE.fullmatch(age) else None,
        country,
        None if pd.isna(day) else f"{day:%Y-%m-%d}",
    )
