"""Writes frames as files that the readers read back."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    LISTENS,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.loaders.readers.hetrec import (
    ARTISTS_FILE,
    FRIENDS_FILE,
    LISTENS_FILE,
    TAGGINGS_FILE,
    TAGS_FILE,
)
from tastegraph.loaders.readers.tables import (
    ARTISTS_TABLE,
    FRIENDS_TABLE,
    LISTENS_TABLE,
    TAGS_TABLE,
)
from tastegraph.runtime.whole_folder import whole_folder

Rows = Iterable[Sequence[object]]
_TAB_BREAKS = ("\t", "\n", "\r")


def write_hetrec(frames: GraphFrames, folder: Path) -> None:
    """Write a folder in the form of HetRec 2011 Last.fm; a repaired name is written raw.

    The folder appears complete or not at all. InputError where it exists with something in it,
    where ids are no whole numbers, where a user has no listen (the form has no list of users)
    or where a name holds a tab or a line break.
    """
    _check_whole_ids(frames)
    _check_all_listen(frames)
    both = _both_directions(frames.friendships)
    files = {
        ARTISTS_FILE: (["id", "name", "url", "pictureURL"], _hetrec_artists(frames.artists)),
        TAGS_FILE: (["tagID", "tagValue"], _rows(frames.tags, TAG, NAME)),
        LISTENS_FILE: (["userID", "artistID", "weight"], _rows(frames.listens, *LISTENS)),
        FRIENDS_FILE: (["userID", "friendID"], _rows(both, USER, FRIEND)),
        TAGGINGS_FILE: (
            ["userID", "artistID", "tagID", "day", "month", "year"],
            _hetrec_taggings(frames.taggings),
        ),
    }
    _write(folder, {name: _tabbed(name, header, rows) for name, (header, rows) in files.items()})


def write_tables(frames: GraphFrames, folder: Path) -> None:
    """Write listens.csv, artists.csv, friends.csv and tags.csv.

    A tag is written by its name, which is its id when read back; tags that nobody gave are not
    written. The folder appears complete or not at all. InputError where it exists with something
    in it, where a user has no listen or where two tags have one name.
    """
    _check_all_listen(frames)
    files = {
        LISTENS_TABLE: ([USER, ARTIST, PLAYS], _rows(frames.listens, *LISTENS)),
        ARTISTS_TABLE: (
            [ARTIST, NAME, URL, PICTURE_URL, RAW_NAME],
            _rows(frames.artists, ARTIST, NAME, URL, PICTURE_URL, RAW_NAME),
        ),
        FRIENDS_TABLE: ([USER, FRIEND], _rows(frames.friendships, USER, FRIEND)),
        TAGS_TABLE: (
            [USER, ARTIST, TAG, DATE],
            _rows(_named(frames), USER, ARTIST, TAG, DATE),
        ),
    }
    _write(folder, {f"{name}.csv": _csv(header, rows) for name, (header, rows) in files.items()})


def _check_whole_ids(frames: GraphFrames) -> None:
    kinds = ((frames.users, USER), (frames.artists, ARTIST), (frames.tags, TAG))
    for frame, key in kinds:
        if len(frame) and not pd.api.types.is_integer_dtype(frame[key].dtype):
            raise InputError(f"The {key} ids are no whole numbers. Write tables instead.")


def _check_all_listen(frames: GraphFrames) -> None:
    silent = frames.users[~frames.users[USER].isin(frames.listens[USER])]
    if len(silent):
        raise InputError(
            f"Users without listens: {len(silent):,} (the first is {silent[USER].iloc[0]}). "
            "They would be lost in the files; leave them out first."
        )


def _rows(frame: pd.DataFrame, *columns: str) -> Rows:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def _both_directions(friendships: pd.DataFrame) -> pd.DataFrame:
    reverse = friendships.rename(columns={USER: FRIEND, FRIEND: USER})
    return pd.concat([friendships, reverse]).sort_values([USER, FRIEND])


def _hetrec_artists(artists: pd.DataFrame) -> Rows:
    rows = _rows(artists, ARTIST, RAW_NAME, NAME, URL, PICTURE_URL)
    return ((artist, raw or name, url, picture) for artist, raw, name, url, picture in rows)


def _hetrec_taggings(taggings: pd.DataFrame) -> Rows:
    for user, artist, tag, date in _rows(taggings, USER, ARTIST, TAG, DATE):
        year, month, day = str(date).split("-") if date else ("", "", "")
        yield user, artist, tag, day.lstrip("0"), month.lstrip("0"), year


def _named(frames: GraphFrames) -> pd.DataFrame:
    twice = frames.tags[frames.tags[NAME].duplicated()]
    if len(twice):
        raise InputError(
            f'Two tags are called "{twice[NAME].iloc[0]}", and tables know tags by name. '
            "Write them in the form of HetRec instead."
        )
    names = dict(zip(frames.tags[TAG], frames.tags[NAME], strict=True))
    return frames.taggings.assign(tag=[names[tag] for tag in frames.taggings[TAG]])


def _tabbed(name: str, header: Sequence[str], rows: Rows) -> str:
    lines = ["\t".join(header)]
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        broken = next((cell for cell in cells if any(at in cell for at in _TAB_BREAKS)), None)
        if broken is not None:
            raise InputError(
                f"{broken!r} has a tab or a line break, which {name} can't hold. "
                "Write tables instead."
            )
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def _csv(header: Sequence[str], rows: Rows) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _write(folder: Path, files: dict[str, str]) -> None:
    """Write all files beside the folder first, so that a kill leaves no half of it."""
    with whole_folder(folder) as partial:
        for name, text in files.items():
            if "\0" in text:
                raise InputError(f"{name} can't hold a NUL character. Correct the names first.")
            (partial / name).write_bytes(text.encode("utf-8"))
