"""Files of rows, read as text with the place of every row kept for messages."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.loaders.files.text import read_bytes, read_text

Headers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Table:
    """The rows of one file.

    ``frame`` has one column a column asked for. As read, cells are text (object dtype), an
    empty cell is "". Its index is the place of each row: the line, 1-based and the header's
    included, or for Parquet, as ``unit`` says, the row. ``headers`` gives the file's own name
    of a column.
    """

    path: Path
    frame: pd.DataFrame
    unit: str = "line"
    headers: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name without its folder, as messages and reasons give it."""
        return self.path.name

    def error(self, place: int, problem: str) -> InputError:
        """Return the error for a row: the file, the line, the problem and what to do."""
        return InputError(
            f"{self.name}, {self.unit} {place}: {problem}. Correct it and load again."
        )


@dataclass(frozen=True)
class _Content:
    header: list[str]
    columns: list[list[str]]
    places: list[int]
    unit: str
    notes: list[str]


def read_table(path: Path, required: Headers, optional: Headers | None = None) -> Table:
    """Read columns of a CSV, tab-separated (.tsv, .txt, .dat) or Parquet file.

    ``required`` and ``optional`` map the names the frame will use to the headers accepted for
    each. Wholly blank lines are passed over; other columns are ignored and noted. Tab-separated
    text knows no quoting, CSV does. InputError for a file, header or line that can't be read.
    """
    columns = optional or {}
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise InputError(f"{path} is of no known kind. Use a file that ends in one of {known}.")
    wanted = {title for accepted in (*required.values(), *columns.values()) for title in accepted}
    content = reader(path, wanted)
    chosen = _choose(path.name, content.header, required, columns)
    frame = pd.DataFrame(
        {name: pd.Series(content.columns[at], dtype=object) for name, at in chosen.items()}
    )
    frame.index = pd.Index(content.places, dtype="int64")
    headers = {name: content.header[at] for name, at in chosen.items()}
    notes = content.notes + _unused(path.name, content.header, list(headers.values()))
    return Table(path, frame, content.unit, headers, notes)


def _choose(name: str, header: list[str], required: Headers, optional: Headers) -> dict[str, int]:
    """Return where each wanted column stands in the header."""
    found = " ".join(header)
    chosen = {}
    for wanted, accepted in {**required, **optional}.items():
        at = [place for place, title in enumerate(header) if title in accepted]
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


def _unused(name: str, header: list[str], used: list[str]) -> list[str]:
    extra = [title for title in header if title not in used]
    return [f"{name}: columns that are not used: {', '.join(extra)}."] if extra else []


def _read_tabbed(path: Path, _wanted: set[str]) -> _Content:
    text, notes = read_text(path)
    numbered = [
        (place, line)
        for place, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line
    ]
    lines = [line for _, line in numbered]
    places = [place for place, _ in numbered]
    header = _header(path, [line.split("\t") for line in lines[:1]])
    _check_widths(path, len(header), places, [line.count("\t") + 1 for line in lines])
    cells = "\t".join(lines[1:]).split("\t") if lines[1:] else []
    columns = [cells[at :: len(header)] for at in range(len(header))]
    return _Content(header, columns, places[1:], "line", notes)


def _read_csv(path: Path, _wanted: set[str]) -> _Content:
    text, notes = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    places: list[int] = []
    start = 1
    try:
        for row in reader:
            if row:
                rows.append(row)
                places.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{path.name}, line {start}: {error}. Check the quotation marks of this line."
        ) from error
    header = _header(path, rows[:1])
    _check_widths(path, len(header), places, [len(row) for row in rows])
    columns = [[row[at] for row in rows[1:]] for at in range(len(header))]
    return _Content(header, columns, places[1:], "line", notes)


def _read_parquet(path: Path, wanted: set[str]) -> _Content:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(pa.BufferReader(read_bytes(path)))
        header = list(table.column_names)
        columns = [
            [cell or "" for cell in table[title].cast(pa.string()).to_pylist()]
            if title in wanted
            else []
            for title in header
        ]
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise InputError(
            f"{path.name} can't be read as Parquet: {reason}. Write it again, or use CSV."
        ) from error
    places = list(range(1, table.num_rows + 1))
    return _Content(header, columns, places, "row", [])


def _header(path: Path, first: list[list[str]]) -> list[str]:
    if not first:
        raise InputError(f"{path.name} is blank; it needs a header line. Fetch or write it again.")
    return first[0]


def _check_widths(path: Path, width: int, places: list[int], widths: list[int]) -> None:
    for place, found in zip(places, widths, strict=True):
        if found != width:
            fault = "too few" if found < width else "too many"
            raise InputError(
                f"{path.name}, line {place}: {fault} fields, {found} where the header has {width}. "
                "Correct the line (is the file cut off?) and load again."
            )


_READERS: dict[str, Callable[[Path, set[str]], _Content]] = {
    ".csv": _read_csv,
    ".tsv": _read_tabbed,
    ".txt": _read_tabbed,
    ".dat": _read_tabbed,
    ".parquet": _read_parquet,
}
