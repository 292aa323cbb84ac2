"""Separated text into cells, quoted as other programs quote it."""

import csv
import io
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tastegraph.errors import InputError

DELIMITERS = (",", "\t", ";", "|")

# Without need, no program puts a cell into quotes that holds none of these.
_NEEDS_QUOTES = ('""', "\t", "\n", "\r", ",", ";")


@dataclass(frozen=True)
class Content:
    """All cells of a file as text, by column; ``places`` has the line or row of each."""

    header: list[str]
    columns: list[list[str]]
    places: Sequence[int]
    unit: str
    notes: list[str]
    floats: frozenset[str] = field(default_factory=frozenset)


def delimiter_of(text: str, wanted: set[str], usual: str) -> str:
    """The delimiter by which the first line has most of the titles ``wanted``; else the usual."""
    first = text.lstrip("\r\n").partition("\n")[0].rstrip("\r")
    known = {title.casefold() for title in wanted}

    def titles(delimiter: str) -> int:
        cells = (cell.strip().strip('"').strip().casefold() for cell in first.split(delimiter))
        return len(known.intersection(cells))

    return max((usual, *DELIMITERS), key=titles)


def read_tabbed(text: str, name: str, literal: bool) -> Content:
    """Tab-separated text; with ``literal`` a quotation mark is never more than a letter.

    Otherwise a cell in quotes loses them where a program must have put them there: because its
    column's title has them too, or because of what the cell holds.
    """
    numbered = [
        (place, line)
        for place, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line
    ]
    lines = [line for _, line in numbered]
    places = [place for place, _ in numbered]
    header = _header(name, [line.split("\t") for line in lines[:1]])
    widths = [line.count("\t") + 1 for line in lines]
    quoted = not literal and '"' in text
    if quoted and any(width != len(header) for width in widths):
        parsed = _parsed(text, "\t", name)
        if isinstance(parsed, Content):
            return parsed
    _check_widths(name, len(header), places, widths)
    cells = "\t".join(lines[1:]).split("\t") if lines[1:] else []
    columns = [cells[at :: len(header)] for at in range(len(header))]
    if quoted:
        columns = [_unquoted(title, column) for title, column in zip(header, columns, strict=True)]
        header = [_bare(title) if _in_quotes(title) else title for title in header]
    return Content(header, columns, places[1:], "line", [])


def read_separated(text: str, delimiter: str, name: str) -> Content:
    """Text with quoted cells (RFC 4180), whatever separates them.

    InputError where quotation marks are unbalanced, also where they happen to be balanced again
    some rows later, which would be one cell then.
    """
    parsed = _parsed(text, delimiter, name)
    if isinstance(parsed, InputError):
        raise parsed
    return parsed


def _parsed(text: str, delimiter: str, name: str) -> Content | InputError:
    lines = _Lines(text)
    rows = _Rows()
    start = 1
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if row:
                rows.add(row, start)
                if len(lines.read) > 1:
                    _check_swallowed((name, start), lines.read, delimiter, row, len(rows.header))
            lines.read.clear()
            start = reader.line_num + 1
        header = _header(name, [rows.header] if rows.header else [])
        _check_widths(name, len(header), *rows.first_wrong)
    except csv.Error as error:
        return InputError(
            f"{name}, line {start}: {error}. Check the quotation marks of this line: one that "
            'belongs to a name is written twice, and the name in quotes ("12"" Mix").'
        )
    except InputError as error:
        return error
    return Content(header, rows.columns, rows.places, "line", [])


class _Lines:
    """The lines of a text; ``read`` has those that have been read since it was cleared."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.read: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.read.append(line)
            yield line


class _Rows:
    """Rows by column, in which each text is there once, however many cells have it.

    first_wrong  place and width of the first row that is not as wide as the header, in lists
    """

    def __init__(self) -> None:
        self.header: list[str] = []
        self.columns: list[list[str]] = []
        self.places = array("q")
        self.first_wrong: tuple[list[int], list[int]] = ([], [])
        self._texts: dict[str, str] = {}

    def add(self, row: list[str], place: int) -> None:
        """Take a row in; the first one is the header."""
        if not self.header:
            self.header = row
            self.columns = [[] for _ in row]
        elif len(row) != len(self.header):
            if not self.first_wrong[0]:
                self.first_wrong = [place], [len(row)]
        else:
            shared = self._texts.setdefault
            for column, cell in zip(self.columns, row, strict=True):
                column.append(shared(cell, cell))
            self.places.append(place)


def _check_swallowed(
    place: tuple[str, int], lines: Sequence[str], delimiter: str, row: Sequence[str], width: int
) -> None:
    """Refuse a row of several lines each of which would be a row by itself."""
    if is_swallowing(lines, delimiter, width) and not _is_quoted(lines, delimiter, row):
        name, start = place
        raise InputError(
            f"{name}, line {start}: a quotation mark opens here and closes in line "
            f"{start + len(lines) - 1} only, which makes one row of {len(lines)}. If it belongs to "
            'a name, write it twice and the name in quotes ("12"" Mix"), and load again.'
        )


def is_swallowing(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether ``lines``, which quotation marks make one row of, would each be a row themselves."""
    fields = [line.count(delimiter) + 1 for line in lines]
    return (
        len(lines) > 1
        and width > 1
        and fields[0] >= width
        and all(found == width for found in fields[1:])
    )


def _is_quoted(lines: Sequence[str], delimiter: str, row: Sequence[str]) -> bool:
    """Whether every cell of a row is in quotes, which no stray quotation mark does."""
    cells = ('"' + cell.replace('"', '""') + '"' for cell in row)
    return "".join(lines).removesuffix("\n").removesuffix("\r") == delimiter.join(cells)


def _unquoted(title: str, cells: list[str]) -> list[str]:
    if not any(cell.startswith('"') for cell in cells):
        return cells
    filled = [cell for cell in cells if cell]
    every = _in_quotes(title) or (len(filled) > 1 and all(map(_in_quotes, filled)))
    return [
        _bare(cell)
        if _in_quotes(cell) and (every or any(sign in cell[1:-1] for sign in _NEEDS_QUOTES))
        else cell
        for cell in cells
    ]


def _in_quotes(cell: str) -> bool:
    """Whether a cell is in quotes, those within it being doubled."""
    return len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")


def _bare(cell: str) -> str:
    return cell[1:-1].replace('""', '"')


def _header(name: str, first: list[list[str]]) -> list[str]:
    if not first:
        raise InputError(f"{name} is blank; it needs a header line. Fetch or write it again.")
    return first[0]


def _check_widths(name: str, width: int, places: Sequence[int], widths: Sequence[int]) -> None:
    for place, found in zip(places, widths, strict=True):
        if found != width:
            fault = "too few" if found < width else "too many"
            raise InputError(
                f"{name}, line {place}: {fault} fields, {found} where the header has {width}. "
                "Correct the line (is the file cut off?) and load again."
            )
