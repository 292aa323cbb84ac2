"""Reads the Last.fm data sets of Oscar Celma (http://ocelma.net/MusicRecommendationDataset/).

360K  usersha1-artmbid-artname-plays.tsv                 user hash, MusicBrainz id, artist, plays
1K    userid-timestamp-artid-artname-traid-traname.tsv   user, time, MusicBrainz id, artist, ...

Quotation marks are letters of names; a MusicBrainz id may be missing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FIRST_HEARD,
    FRIEND,
    LAST_HEARD,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.loaders.files.limits import MOST_LETTERS_OF_ID, MOST_PLAYS
from tastegraph.loaders.files.packed import PackedFile, packed_files
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.files.table import Table
from tastegraph.loaders.files.times import seconds_of
from tastegraph.loaders.readers.lastfm_profiles import is_profiles, read_profiles
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.loaders.transforms.validation import Parsed, build
from tastegraph.runtime.progress import Progress, silent

_WHOLE = re.compile(r"[0-9]{1,18}")
_HASH = re.compile(r"[0-9a-f]{40}")
_USER_1K = re.compile(r"user_[0-9]{6}")
# Times of one width in one zone: the lesser text is the earlier time.
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

_SAMPLE = 20
_COLUMNS_1K = 6


@dataclass
class _Read:
    """Plays by user and artist with the first and last time, where there are times; artists' names
    by id with how often they are written so.
    """

    plays: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    times: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: int = 0
    broken: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def is_lastfm_dataset(file: PackedFile) -> bool:
    """Whether most of the first lines of ``file`` have the form of one of the two data sets."""
    if file.suffix != ".tsv":
        return False
    lines = file.head(16_384).decode("utf-8", errors="replace").split("\n")[:_SAMPLE]
    found = sum(_is_360k(line.split("\t")) or _is_1k(line.split("\t")) for line in lines)
    return found > 0 and 2 * found >= len(lines) - 1


def read_lastfm_dataset(
    path: Path, known: Known = NOTHING, progress: Progress = silent
) -> GraphFrames:
    """Read one of the two data sets: its file of plays, alone, in a folder or packed, and beside
    it that of profiles, where it is there.

    An artist's id is the MusicBrainz id, or the name where there is none and no other row tells
    it. Rows of another form, of which the data have a few, are dropped and counted. InputError
    where there is no such file, or plays that are no whole number.
    """
    everything = packed_files(path)
    files = [file for file in everything if is_lastfm_dataset(file)]
    if len(files) != 1:
        raise InputError(
            f"{path} holds {len(files)} files of the form of LastFM-360K or 1K: name the one with "
            "the plays"
        )
    read = _Read()
    with progress("Counting plays", 1) as advance, files[0].open() as opened:
        lines = (line.rstrip(b"\r\n") for line in opened)
        for number, line in enumerate(lines, 1):
            if line:
                _take(read, files[0], number, line)
        advance(1)
    notes = [f"{files[0].source}: Last.fm plays of Celma's data sets, ids from MusicBrainz"]
    if read.broken:
        notes.append(f"{read.broken:,} lines are not UTF-8 throughout; unreadable bytes are \ufffd")
    frames = build(_parsed(path, read), notes, known)
    profiles = [file for file in everything if is_profiles(file)]
    properties, report = read_profiles(profiles, set(frames.users[USER]))
    return replace(frames, properties=properties, report=[*frames.report, *report])


def _take(read: _Read, file: PackedFile, number: int, line: bytes) -> None:
    text = line.decode("utf-8", errors="replace")
    read.broken += "\ufffd" in text
    cells = text.split("\t")
    read.rows += 1
    if _is_360k(cells):
        user, artist, name, count = cells[0], cells[1], cells[2], cells[3].strip()
        if not (_WHOLE.fullmatch(count) and int(count) <= MOST_PLAYS):
            raise InputError(
                f"{file.source}, line {number}: plays are {count[:40]!r}, not a whole number from "
                f"0 to {MOST_PLAYS:,}. Correct the line and load again."
            )
        plays = int(count)
    elif _is_1k(cells):
        user, artist, name, plays = cells[0], cells[2], cells[3], 1
    else:
        read.dropped["of another form than the data set's"] += 1
        return
    id_ = bare(artist) or bare(name)
    if not id_ or len(id_) > MOST_LETTERS_OF_ID:
        read.dropped["no artist"] += 1
        return
    read.plays[user, id_] += plays
    if len(cells) == _COLUMNS_1K:
        first, last = read.times.get((user, id_), (cells[1], cells[1]))
        read.times[user, id_] = min(first, cells[1]), max(last, cells[1])
    read.names[id_][bare(name) or id_] += 1


def _is_360k(cells: Sequence[str]) -> bool:
    return len(cells) == 4 and _HASH.fullmatch(cells[0]) is not None


def _is_1k(cells: Sequence[str]) -> bool:
    return (
        len(cells) == _COLUMNS_1K
        and _USER_1K.fullmatch(cells[0]) is not None
        and _TIME.fullmatch(cells[1]) is not None
    )


def _parsed(path: Path, read: _Read) -> Parsed:
    ids = _ids(read)
    plays: dict[tuple[str, str], int] = defaultdict(int)
    for (user, artist), count in read.plays.items():
        plays[user, ids[artist]] += count
    rows = [(user, artist, count) for (user, artist), count in sorted(plays.items())]
    listens = pd.DataFrame(rows, columns=[USER, ARTIST, PLAYS]).astype(
        {USER: object, ARTIST: object, PLAYS: "int64"}
    )
    if read.times:
        listens = listens.join(_heard(read, ids), on=[USER, ARTIST])
    again = read.rows - sum(read.dropped.values()) - len(rows)
    folded = {"plays of the same user and artist, counted": again} if again else {}
    frame = pd.DataFrame(list(_artists(read, ids)), columns=[ARTIST, NAME], dtype=object)
    artists = frame.assign(**{RAW_NAME: None, URL: None, PICTURE_URL: None}).astype(object)
    return Parsed(
        users=Table(path, listens[[USER]]),
        artists=Table(path, artists),
        tags=_empty(path, TAG, NAME),
        listens=Table(path, listens, folded=folded, dropped=dict(read.dropped)),
        friendships=_empty(path, USER, FRIEND),
        taggings=_empty(path, USER, ARTIST, TAG, DATE),
    )


def _heard(read: _Read, ids: dict[str, str]) -> pd.DataFrame:
    """When each user heard each artist, in seconds: first_heard and last_heard by both."""
    keys = pd.MultiIndex.from_tuples(
        [(user, ids[artist]) for user, artist in read.times], names=[USER, ARTIST]
    )
    first, last = (seconds_of(cells) for cells in zip(*read.times.values(), strict=True))
    heard = pd.DataFrame({FIRST_HEARD: first, LAST_HEARD: last}, index=keys)
    return heard.groupby(level=[USER, ARTIST]).agg({FIRST_HEARD: "min", LAST_HEARD: "max"})


def _ids(read: _Read) -> dict[str, str]:
    """What each id that was read becomes: where it is but a name, the one id that is called so."""
    called: dict[str, set[str]] = defaultdict(set)
    for id_, names in read.names.items():
        for name in names:
            if name != id_:
                called[name].add(id_)
    return {
        id_: next(iter(called[id_])) if id_ in names and len(called[id_]) == 1 else id_
        for id_, names in read.names.items()
    }


def _artists(read: _Read, ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for id_, names in read.names.items():
        together[ids[id_]].update(names)
    for id_ in sorted(together):
        yield id_, min(together[id_], key=lambda name: (-together[id_][name], name))


def _empty(path: Path, *columns: str) -> Table:
    return Table(path, pd.DataFrame(columns=list(columns), dtype=object))
