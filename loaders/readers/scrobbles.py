"""Reads Last.fm scrobbles as the common exporters write them: one row a play, as CSV.

    artist,album,track,date                                 lastfm-to-csv, without a header
    uts,utc_time,artist,artist_mbid,album,album_mbid,...    lastfm.ghan.nl
    Artist;Album;AlbumId;Track;Date#user                    lastfmstats.com

A file of millions of rows is counted in blocks, of which no more than the artists is read.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.files.delimited import DELIMITERS, is_swallowing
from tastegraph.loaders.files.packed import PackedFile, packed_files
from tastegraph.loaders.files.times import seconds_of, seconds_of_epochs
from tastegraph.loaders.transforms.history import History, with_user
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.runtime.progress import Advance, Progress, silent

_ARTIST = {"artist", "artist_name", "artist name", "artistname"}
_TRACK = {"track", "track_name", "track name", "song", "name", "title", "trackname"}
# The most exact first, where a file has several.
_DATES = (
    *("uts", "timestamp", "utc_time", "listened_at", "played_at", "scrobbled_at", "datetime"),
    *("date_time", "scrobble time", "date", "time"),
)
_USER = {"user", "username", "user_name", "userid", "user_id"}
_PLAYS = {"plays", "weight", "playcount", "play_count", "count"}

# 31 Jan 2021 12:34; 2021-01-31...; seconds or milliseconds since 1970.
_DAY = re.compile(
    r"[0-9]{1,2} [A-Za-z]{3,9} [0-9]{4},? [0-9]{1,2}:[0-9]{2}.*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*"
    r"|[0-9]{9,13}(?:\.[0-9]+)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}.*"
)

_BLOCK = 8 * 2**20
_SAMPLE = 50
_SUFFIXES = (".csv", ".tsv", ".txt")

# How Arrow says that a row has another width than the first.
_OTHER_WIDTH = re.compile(
    r"Expected (?P<wanted>\d+) columns, got (?P<found>\d+): (?P<text>.*)", re.DOTALL
)


@dataclass(frozen=True)
class _Layout:
    """How the rows of a file are written; columns are counted from 0, ``user`` and ``time`` may be
    None.
    """

    delimiter: str
    width: int
    artist: int
    user: int | None
    time: int | None
    has_header: bool
    owner: str = ""


@dataclass
class _Counts:
    """How many rows each pair of user and artist has, and the first and last time of these in
    seconds since 1970, where any is known. ``unread`` counts what is no time.
    """

    plays: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    between: dict[tuple[bytes, bytes], tuple[float, float]] = field(default_factory=dict)
    unread: int = 0


def is_scrobbles(file: PackedFile) -> bool:
    """Whether ``file`` looks like rows of artist, track and time."""
    return file.suffix in _SUFFIXES and _layout(file) is not None


def read_scrobbles(
    path: Path, user: str | None = None, known: Known = NOTHING, progress: Progress = silent
) -> GraphFrames:
    """Count the rows of each artist.

    The user is ``user``, or the one that the file names, or the file's name. InputError for a file
    without such rows, a row of another width, or a quotation mark that swallows rows.
    """
    history = History()
    found = [(file, layout) for file in packed_files(path) if (layout := _layout(file))]
    if not found:
        raise InputError(
            f"{path} holds no scrobbles that I know: a CSV of artist, album, track and date, with "
            "or without a header. Say which column is what with --columns artist=...,user=..."
        )
    for file, layout in found:
        history.notes.append(
            f"{file.source}: Last.fm scrobbles, {'with' if layout.has_header else 'without'} a "
            f"header; the artist is column {layout.artist + 1} of {layout.width}"
        )
        owner = (
            "" if layout.user is not None else with_user(history, user, layout.owner or file.stem)
        )
        with progress("Counting plays", max(_size(path), 1)) as advance:
            _count(history, file, layout, owner, advance)
    return history.frames(path, known)


def _count(
    history: History, file: PackedFile, layout: _Layout, owner: str, advance: Advance
) -> None:
    with file.open() as opened:
        source = _Counted(opened, advance)
        counts = _counts(source, layout, file.source)
    rows = sum(counts.plays.values())
    if source.lines > rows + layout.has_header:
        _refuse_swallowed(file, layout)
    history.rows += rows
    if counts.unread:
        history.notes.append(
            f"{file.source}: {counts.unread:,} plays are at no time that can have been: left "
            "without one"
        )
    text = _text_of(history, file, {name for pair in counts.plays for name in pair})
    for (user, artist), plays in counts.plays.items():
        name, whose = text(artist), owner or text(user)
        if name.strip() and whose.strip():
            between = counts.between.get((user, artist), ())
            history.add(whose, name, plays, times=between)
        else:
            history.drop("no artist" if whose.strip() else "no user", plays)


def _text_of(history: History, file: PackedFile, cells: set[bytes]) -> Callable[[bytes], str]:
    """How names are decoded: as UTF-8, unless most that tell are of one byte a letter."""
    telling = [cell for cell in cells if not cell.isascii()]
    broken = sum("\ufffd" in cell.decode("utf-8", errors="replace") for cell in telling)
    encoding = "cp1252" if 2 * broken > len(telling) else "utf-8"
    if encoding == "cp1252":
        history.notes.append(f"{file.source} is not UTF-8; it was read as Windows-1252")
    elif broken:
        history.notes.append(
            f"{file.source}: {broken:,} names are not UTF-8 throughout; what can't be read of them "
            "is \ufffd"
        )
    return lambda cell: cell.decode(encoding, errors="replace").removeprefix("\ufeff")


def _counts(source: "_Counted", layout: _Layout, name: str) -> _Counts:
    """The rows of each pair of user and artist; the user is b"" without a column of it."""
    import pyarrow as pa

    columns = [layout.artist] if layout.user is None else [layout.user, layout.artist]
    names = [f"f{at}" for at in columns]
    time = None if layout.time is None else f"f{layout.time}"
    counts = _Counts()
    try:
        reader = _reader(source, layout, [*names, *([time] if time else [])])
        for batch in reader:
            _add(counts, pa.Table.from_batches([batch]), names, time)
    # KeyError: no row is as wide as the header.
    except (pa.ArrowInvalid, KeyError) as error:
        if "Empty CSV" not in str(error):
            raise _no_csv(name, str(error)) from error
    return counts


def _no_csv(name: str, said: str) -> InputError:
    """The parser's words in ours."""
    if row := _OTHER_WIDTH.search(said):
        return InputError(
            f"{name}: a row of {row['found']} fields where others have {row['wanted']}: "
            f"{row['text'][:80]!r}. Check the quotation marks of this line and load again."
        )
    first = said.strip("'").split("\n")[0]
    return InputError(f"{name} can't be read as CSV ({first}): see that the file is whole")


def _reader(source: "_Counted", layout: _Layout, columns: Sequence[str]) -> Any:
    """What gives ``columns`` in blocks, as bytes."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    return arrow_csv.open_csv(
        pa.PythonFile(source, mode="r"),
        read_options=arrow_csv.ReadOptions(
            block_size=_BLOCK,
            autogenerate_column_names=True,
            skip_rows=int(layout.has_header),
            use_threads=False,
        ),
        parse_options=arrow_csv.ParseOptions(delimiter=layout.delimiter, newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=list(columns),
            column_types=dict.fromkeys(columns, pa.binary()),
            strings_can_be_null=False,
        ),
    )


def _add(counts: _Counts, table: Any, names: Sequence[str], time: str | None) -> None:
    """Count the rows of one block."""
    import pyarrow as pa

    seconds = np.full(table.num_rows, np.nan)
    if time is not None:
        seconds, unread = _moments(table[time])
        counts.unread += unread
    table = table.select(list(names)).append_column("at", pa.array(seconds, from_pandas=True))
    grouped = table.group_by(list(names)).aggregate(
        [([], "count_all"), ("at", "min"), ("at", "max")]
    )
    columns = [grouped[name].to_pylist() for name in names]
    users = columns[0] if len(columns) > 1 else [b""] * len(columns[0])
    figures = (grouped[name].to_pylist() for name in ("count_all", "at_min", "at_max"))
    for user, artist, count, first, last in zip(users, columns[-1], *figures, strict=True):
        pair = user, artist
        counts.plays[pair] += count
        if first is not None:
            before = counts.between.get(pair, (first, last))
            counts.between[pair] = min(before[0], first), max(before[1], last)


def _moments(cells: Any) -> tuple[np.ndarray[Any, np.dtype[np.float64]], int]:
    """Seconds since 1970 of a column of bytes, and how many are neither empty nor a time."""
    import pyarrow as pa

    try:
        numbers = cells.cast(pa.string()).cast(pa.int64()).to_numpy().astype(np.float64)
    except pa.ArrowInvalid:
        texts = [cell.decode("ascii", errors="replace").strip() for cell in cells.to_pylist()]
        seconds = seconds_of(texts)
        return seconds, int(np.isnan(seconds).sum()) - texts.count("")
    seconds = seconds_of_epochs(numbers)
    return seconds, int(np.isnan(seconds).sum())


class _Counted:
    """Bytes on their way to the parser: counts their lines that are not blank."""

    closed = False

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self.lines = 0
        self._file = file
        self._advance = advance
        self._last = b"\n"

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._advance(len(data))
        if data:
            blank = (
                data.count(b"\n\n")
                + data.count(b"\n\r\n")
                + (self._last == b"\n" and data.startswith((b"\n", b"\r\n")))
            )
            self.lines += data.count(b"\n") - blank
            self._last = data[-1:]
        return data

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Leave it to whoever opened the file."""


def _refuse_swallowed(file: PackedFile, layout: _Layout) -> None:
    """Raise InputError where a quotation mark makes one row of several."""
    with file.open() as opened:
        lines = io.TextIOWrapper(opened, encoding="utf-8", errors="replace", newline="")
        held: list[str] = []

        def noted() -> Iterator[str]:
            for line in lines:
                held.append(line)
                yield line

        reader = csv.reader(noted(), delimiter=layout.delimiter)
        for _row in reader:
            if is_swallowing(held, layout.delimiter, layout.width):
                start = reader.line_num - len(held) + 1
                raise InputError(
                    f"{file.source}, line {start}: a quotation mark opens here and closes in line "
                    f"{reader.line_num} only, which makes one row of {len(held)}. If it belongs to "
                    'a name, write it twice and the name in quotes ("12"" Mix"), and load again.'
                )
            held.clear()


def _layout(file: PackedFile) -> _Layout | None:
    """How a file's scrobbles are written, None where it has none."""
    if file.suffix not in _SUFFIXES:
        return None
    head = file.head().decode("utf-8-sig", errors="replace")
    lines = head.split("\n")[: _SAMPLE + 1]
    # The last line of a sample is cut off as a rule.
    sample = "\n".join(lines[:-1] if len(lines) > 1 else lines)
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        rows = [row for row in rows if row]
        if rows and len(rows[0]) > 1:
            layout = _with_header(rows, delimiter) or _without_header(rows, delimiter)
            if layout is not None:
                return layout
    return None


def _with_header(rows: Sequence[Sequence[str]], delimiter: str) -> _Layout | None:
    titles = [title.partition("#")[0].strip().casefold() for title in rows[0]]
    if not (_ARTIST & set(titles) and (_TRACK | {*_DATES}) & set(titles)) or _PLAYS & set(titles):
        return None
    at = next(place for place, title in enumerate(titles) if title in _ARTIST)
    times = [title for title in _DATES if title in titles]
    user = next((place for place, title in enumerate(titles) if title in _USER), None)
    owners = [title.partition("#")[2].strip() for title in rows[0] if "#" in title]
    time = titles.index(times[0]) if times else None
    return _Layout(delimiter, len(titles), at, user, time, True, owners[0] if owners else "")


def _without_header(rows: Sequence[Sequence[str]], delimiter: str) -> _Layout | None:
    """Rows with one column of dates, the last or the first; the artist is the first other one."""
    width = len(rows[0])
    if width < 3 or any(len(row) != width for row in rows):
        return None
    dates = [
        place
        for place in (width - 1, 0)
        if any(row[place].strip() for row in rows)
        and all(not row[place].strip() or _DAY.fullmatch(row[place].strip()) for row in rows)
    ]
    if not dates:
        return None
    return _Layout(delimiter, width, 1 if dates[0] == 0 else 0, None, dates[0], False)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
