"""Reads the HetRec 2011 Last.fm folder (https://grouplens.org/datasets/hetrec-2011/)."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.loaders.files.cells import (
    check_not_empty,
    parse,
    plays,
    text,
    text_or_none,
    whole_ids,
)
from tastegraph.loaders.files.table import Table, read_table
from tastegraph.loaders.files.text import listing
from tastegraph.loaders.transforms.held_out import PAIR_HEADERS, PLAYS_HEADERS, leave_out
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.loaders.transforms.repair_names import raw_where_repaired, repair_note, repaired
from tastegraph.loaders.transforms.validation import Parsed, build
from tastegraph.runtime.progress import Progress, silent

ARTISTS_FILE = "artists.dat"
TAGS_FILE = "tags.dat"
LISTENS_FILE = "user_artists.dat"
FRIENDS_FILE = "user_friends.dat"
TAGGINGS_FILE = "user_taggedartists.dat"
TIMESTAMPS_FILE = "user_taggedartists-timestamps.dat"
REQUIRED_FILES = (ARTISTS_FILE, TAGS_FILE, LISTENS_FILE, FRIENDS_FILE)

_HOUR_MS = 3_600_000
_DAY_PARTS = ("year", "month", "day")


def read_hetrec(
    folder: Path,
    listens: Path | None = None,
    without: Path | None = None,
    progress: Progress = silent,
    known: Known = NOTHING,
) -> GraphFrames:
    """Read and validate a HetRec 2011 Last.fm folder.

    ``listens`` is a file (userID, artistID, weight) to take the listens from in place of
    user_artists.dat, which then only says which users there are. ``without`` is a file of pairs
    (userID, artistID) to leave out, their tag assignments included. Rows may speak of users
    and artists of the graph (``known``). InputError where a file is missing or a row of it can't be
    used.
    """
    _check_complete(folder)
    with progress("Reading files", 5) as advance:
        listened = _read_listens(folder / LISTENS_FILE, listens)
        users = _users(folder / LISTENS_FILE, listened)
        advance(1)
        artists = _read_artists(folder / ARTISTS_FILE)
        advance(1)
        tags = _read_tags(folder / TAGS_FILE)
        advance(1)
        friendships = _read_friendships(folder / FRIENDS_FILE)
        advance(1)
        taggings = _read_taggings(folder)
        parsed = Parsed(users, artists, tags, listened, friendships, taggings)
        tables = (listened, users, artists, tags, friendships, taggings)
        frames = build(parsed, [note for table in tables for note in table.notes], known)
        advance(1)
    return leave_out(frames, without) if without else frames


def _check_complete(folder: Path) -> None:
    found = listing(folder)
    missing = [name for name in REQUIRED_FILES if name not in found]
    if TAGGINGS_FILE not in found and TIMESTAMPS_FILE not in found:
        missing.append(f"{TAGGINGS_FILE} (or {TIMESTAMPS_FILE})")
    if missing:
        held = ", ".join(found[:10]) or "no files"
        raise InputError(
            f"{folder} lacks {', '.join(missing)}; it holds {held}. "
            "Is this a HetRec 2011 Last.fm folder? Name the folder that was unpacked."
        )


def _read_listens(path: Path, other: Path | None) -> Table:
    table = read_table(other or path, {**PAIR_HEADERS, **PLAYS_HEADERS})
    check_not_empty(table, "listens")
    frame = pd.DataFrame(
        {
            USER: whole_ids(table, USER),
            ARTIST: whole_ids(table, ARTIST),
            PLAYS: plays(table, PLAYS),
        }
    )
    return replace(table, frame=frame)


def _users(path: Path, listens: Table) -> Table:
    """Return who is a user: those of user_artists.dat and those of the listens."""
    if listens.path == path:
        return replace(listens, frame=listens.frame[[USER]], notes=[])
    table = read_table(path, {USER: ("userID",)}, {ARTIST: ("artistID",), **PLAYS_HEADERS})
    ids = pd.concat([whole_ids(table, USER), listens.frame[USER]])
    return replace(table, frame=ids.reset_index(drop=True).to_frame())


def _read_artists(path: Path) -> Table:
    optional = {URL: ("url",), PICTURE_URL: ("pictureURL",)}
    table = read_table(path, {ARTIST: ("id",), NAME: ("name",)}, optional)
    check_not_empty(table, "artists")
    raw = text(table, NAME).tolist()
    names = [repaired(name) for name in raw]
    frame = pd.DataFrame(
        {
            ARTIST: whole_ids(table, ARTIST),
            NAME: pd.Series(names, index=table.frame.index, dtype=object),
            RAW_NAME: pd.Series(
                raw_where_repaired(raw, names), index=table.frame.index, dtype=object
            ),
            URL: text_or_none(table, URL),
            PICTURE_URL: text_or_none(table, PICTURE_URL),
        }
    )
    notes = [*table.notes, *repair_note(table.name, raw, names)]
    return replace(table, frame=frame, notes=notes)


def _read_tags(path: Path) -> Table:
    table = read_table(path, {TAG: ("tagID",), NAME: ("tagValue",)})
    frame = pd.DataFrame({TAG: whole_ids(table, TAG), NAME: text(table, NAME)})
    return replace(table, frame=frame)


def _read_friendships(path: Path) -> Table:
    table = read_table(path, {USER: ("userID",), FRIEND: ("friendID",)})
    frame = pd.DataFrame({USER: whole_ids(table, USER), FRIEND: whole_ids(table, FRIEND)})
    return replace(table, frame=frame)


def _read_taggings(folder: Path) -> Table:
    dated, stamped = folder / TAGGINGS_FILE, folder / TIMESTAMPS_FILE
    ids = {USER: ("userID",), ARTIST: ("artistID",), TAG: ("tagID",)}
    if dated.exists():
        table = read_table(dated, {**ids, **{part: (part,) for part in _DAY_PARTS}})
        days = _days(table)
    else:
        table = read_table(stamped, {**ids, "timestamp": ("timestamp",)})
        days = _stamped_days(table)
    notes = [*table.notes]
    if dated.exists() and stamped.exists():
        notes.append(f"{stamped.name} was not read, as it holds the same rows as {dated.name}.")
    frame = pd.DataFrame({key: whole_ids(table, key) for key in ids})
    frame[DATE] = pd.Series(days, index=frame.index, dtype=object)
    return replace(table, frame=frame, notes=notes)


def _days(table: Table) -> list[str]:
    parts = [table.frame[part].tolist() for part in _DAY_PARTS]
    cells = list(zip(*parts, strict=True))
    return parse(table, cells, _day, " ".join(_DAY_PARTS), "a year, month 1-12 and day 1-31")


def _day(parts: tuple[str, str, str]) -> str | None:
    if parts == ("", "", ""):
        return ""
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    year, month, day = map(int, parts)
    return f"{year:04}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _stamped_days(table: Table) -> list[str]:
    return parse(table, table.frame["timestamp"].tolist(), _stamped_day, "timestamp", "epoch ms")


def _stamped_day(stamp: str) -> str | None:
    """Return the day of an epoch in milliseconds.

    The stamps are midnight in Madrid, 22:00 or 23:00 UTC of the day before, so two hours later
    it is the day meant, all year round.
    """
    if not stamp:
        return ""
    if not (stamp.isascii() and stamp.removeprefix("-").isdigit() and len(stamp) <= 14):
        return None
    return str(pd.Timestamp(int(stamp) + 2 * _HOUR_MS, unit="ms").date())
