"""What somebody likes, from files: a sheet of names to be marked, or an export of Spotify's."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tastegraph.errors import InputError
from tastegraph.runtime.line_feeds import CRLF, LineFeeds
from tastegraph.runtime.whole_file import whole_file

COLUMNS = ("name", "Like")

LIKED, DISLIKED, UNMARKED = 1, -1, 0
"""What a sheet says of an artist in the column Like."""

_MARKS = {
    **dict.fromkeys(("1", "1.0"), LIKED),
    **dict.fromkeys(("-1", "-1.0"), DISLIKED),
    **dict.fromkeys(("", "0", "0.0"), UNMARKED),
}


@dataclass(frozen=True)
class Sheet:
    """Names that somebody likes, and names of which they want less, in the sheet's order."""

    likes: list[str]
    dislikes: list[str]


def read_sheet(file: Path) -> Sheet:
    """The names that a sheet (CSV, columns name and Like) marks with 1 and with -1.

    InputError for a file that can't be read, lacks the columns, or marks nothing.
    """
    reader = csv.DictReader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        rows, header = list(reader), reader.fieldnames or []
    except csv.Error as error:
        raise InputError(
            f"{file}, line {reader.reader.line_num}: {error}. Check the quotation marks of this "
            "line"
        ) from error
    if missing := [name for name in COLUMNS if name not in header]:
        raise InputError(
            f"{file} has no column {' and no column '.join(missing)}: a sheet is a CSV whose first "
            "line is name,Like; 'tastegraph new-listener --sheet-template FILE' writes one"
        )
    sheet = Sheet([], [])
    for number, row in enumerate(rows, 2):
        mark, name = (row["Like"] or "").strip(), row["name"] or ""
        if mark not in _MARKS:
            raise InputError(
                f"{file}, line {number}: Like is {mark!r}; write 1 for liked, -1 for less of it, "
                "else 0"
            )
        if _MARKS[mark] != UNMARKED and name.strip():
            (sheet.likes if _MARKS[mark] == LIKED else sheet.dislikes).append(name)
    if not sheet.likes and not sheet.dislikes:
        raise InputError(f"{file} likes nothing: write 1 in the column Like beside some names")
    return sheet


def write_sheet(file: Path, names: Sequence[str]) -> None:
    """Write a sheet of ``names`` with nothing liked yet."""
    with (
        whole_file(file) as unfinished,
        unfinished.open("w", encoding="utf-8", newline="") as sheet,
    ):
        sheet.write(sheet_text((name, UNMARKED) for name in names))


def sheet_text(marks: Iterable[tuple[str, int]]) -> str:
    """A sheet of names, each with LIKED, DISLIKED or UNMARKED."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(LineFeeds(sheet), lineterminator=CRLF)
    writer.writerow(COLUMNS)
    writer.writerows(marks)
    return sheet.getvalue()


def read_spotify(file: Path) -> list[str]:
    """Names of the artists in a file with an answer of Spotify's; see :func:`top_artists`.

    InputError for anything else, and where there are none.
    """
    try:
        names = top_artists(json.loads(_text(file)))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{file} is no export of Spotify's top items: it must be the JSON of "
            "GET /me/top/artists, an object whose items have names"
        ) from error
    if not names:
        raise InputError(f"{file} lists no artists: there is nothing to go by in it")
    return names


def top_artists(answer: object) -> list[str]:
    """Names of the artists in Spotify's answer to "get user's top items", in its order.

    Of top tracks, the artists of the tracks; each name once. ValueError for anything else.
    """
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("no object with a list of items")
    artists = [artist for item in items for artist in _artists(item)]
    names = [str(each["name"]) for each in artists if isinstance(each, dict) and each.get("name")]
    if len(names) < len(artists):
        raise ValueError("an artist without a name")
    return list(dict.fromkeys(names))


def _artists(item: dict[str, Any]) -> list[Any]:
    artists = item.get("artists")
    return artists if isinstance(artists, list) else [item]


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file} can't be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8: save it as UTF-8") from error
