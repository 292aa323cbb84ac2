"""Files of rows, read as text with the place of every row kept for messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.loaders.files.delimited import Content, delimiter_of, read_separated, read_tabbed
from tastegraph.loaders.files.packed import PackedFile, packed_files
from tastegraph.loaders.files.parquet import read_parquet
from tastegraph.loaders.files.text import decode, read_bytes

Headers = Mapping[str, Sequence[str]]

ROWS = "rows"
"""A column of frames that others have added up: for how many of their rows a row stands."""

# What can be read, and what separates its cells unless the first line tells otherwise.
_SUFFIXES = {".csv": ",", ".tsv": "\t", ".txt": "\t", ".dat": "\t", ".parquet": ""}


@dataclass(frozen=True)
class TextFormat:
    """What separates the cells of a text, and its encoding; None where that is to be found."""

    delimiter: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Table:
    """The rows of one file, or what others have made of them.

    ``frame`` has one column a column asked for. As read, cells are text (object dtype), an
    empty cell is "". Its index is the place of each row: the line, 1-based and the header's
    included, or for Parquet, as ``unit`` says, the row; without a unit rows have no place.
    ``headers`` gives the file's own name of a column, ``floats`` the columns that are stored as
    floating point.
    ``folded`` and ``dropped`` count, by reason, what was taken together, or can't be used, before
    its rows were made. ``matches`` says which artists its names were taken for, where it is known.
    ``unused`` are the titles of columns that nobody asked for.
    """

    path: Path
    frame: pd.DataFrame
    unit: str = "line"
    headers: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    floats: frozenset[str] = field(default_factory=frozenset)
    folded: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    matches: pd.DataFrame | None = None
    unused: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its folder, as messages and reasons give it."""
        return self.path.name

    def error(self, place: int, problem: str) -> InputError:
        """Return the error for a row: the file, the line, the problem and what to do."""
        where = f"{self.name}, {self.unit} {place}" if self.unit else self.name
        return InputError(f"{where}: {problem}. Correct it and load again.")


def read_table(
    path: Path,
    required: Headers,
    optional: Headers | None = None,
    how: TextFormat | None = None,
) -> Table:
    """Read columns of a CSV, tab-separated (.tsv, .txt, .dat) or Parquet file, packed or not.

    ``required`` and ``optional`` map the names the frame will use to the headers accepted for
    each, in any case. Wholly blank lines are passed over; other columns are ignored and noted.
    ``how`` text is written is found out unless it is told. A .dat file knows no quoting.
    InputError for a file, header or line that can't be read.
    """
    columns = optional or {}
    wanted = {title for accepted in (*required.values(), *columns.values()) for title in accepted}
    content = _content(path, wanted, how or TextFormat())
    chosen = choose_columns(path.name, content.header, required, columns)
    return table_of(path, content, chosen)


def table_of(path: Path, content: Content, chosen: Mapping[str, int]) -> Table:
    """The table of those columns of ``content`` that were ``chosen``."""
    frame = pd.DataFrame(
        {name: pd.Series(content.columns[at], dtype=object) for name, at in chosen.items()}
    )
    frame.index = pd.Index(np.asarray(content.places, dtype=np.int64))
    headers = {name: content.header[at] for name, at in chosen.items()}
    used = set(headers.values())
    unused = tuple(title for title in content.header if title not in used)
    notes = content.notes + _unused_note(path.name, unused)
    floats = frozenset(name for name, at in chosen.items() if content.header[at] in content.floats)
    return Table(path, frame, content.unit, headers, notes, floats, unused=unused)


def choose_columns(
    name: str, header: list[str], required: Headers, optional: Headers
) -> dict[str, int]:
    """Return where each wanted column stands in the ``header`` of the file ``name``.

    InputError where a required one is not there, or one is there twice.
    """
    found = " ".join(header)
    chosen = {}
    for wanted, accepted in {**required, **optional}.items():
        at = [place for place, title in enumerate(header) if _plain(title) in accepted]
        at = at or [
            place
            for place, title in enumerate(header)
            if _plain(title).casefold() in {each.casefold() for each in accepted}
        ]
        if len(at) > 1:
            raise InputError(
                f"{name}, line 1: more than one column {' or '.join(accepted)} (found: {found}). "
                "Keep one of them."
            )
        if at:
            chosen[wanted] = at[0]
        elif wanted in required:
            raise InputError(
                f"{name}, line 1: no column {' or '.join(accepted)}; the header found is: {found}. "
                "Add the header or rename the column."
            )
    return chosen


def _plain(title: str) -> str:
    return title.strip().removeprefix("\ufeff")


def _unused_note(name: str, titles: Sequence[str]) -> list[str]:
    return [f"{name}: columns that are not used: {', '.join(titles)}."] if titles else []


def _content(path: Path, wanted: set[str], how: TextFormat) -> Content:
    file = _only_file(path)
    if file.suffix not in _SUFFIXES:
        raise InputError(
            f"{path} is of no known kind. Use a file that ends in one of {', '.join(_SUFFIXES)}."
        )
    # What is not packed is read with the reasons why it may not be there.
    data = read_bytes(path) if file.name == path.name else file.read()
    if file.suffix == ".parquet":
        return read_parquet(data, path.name, wanted)
    text, notes = decode(data, path.name, how.encoding)
    delimiter = how.delimiter or (
        "\t" if file.suffix == ".dat" else delimiter_of(text, wanted, _SUFFIXES[file.suffix])
    )
    if delimiter == "\t":
        content = read_tabbed(text, path.name, literal=file.suffix == ".dat")
    else:
        content = read_separated(text, delimiter, path.name)
    return replace(content, notes=[*notes, *content.notes])


def _only_file(path: Path) -> PackedFile:
    files = packed_files(path)
    if len(files) == 1:
        return files[0]
    advice = "Name the table."
    if files and all(file.suffix == ".parquet" for file in files):
        advice = "Name one of them, or load them as one table with --engine spark (docs/spark.md)."
    raise InputError(f"{path} holds {len(files)} files where one table is needed. {advice}")
