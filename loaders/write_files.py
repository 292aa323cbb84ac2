"""Writes frames as files that the readers read back, some rows at a time."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    LISTENS,
    NAME,
    PICTURE_URL,
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
from tastegraph.runtime.progress import Progress, silent
from tastegraph.runtime.whole_folder import whole_folder

Rows = Iterable[tuple[object, ...]]

# Rows that are text in memory at a time.
_BLOCK = 200_000
_TAB_BREAKS = ("\t", "\n", "\r")


class _File(NamedTuple):
    """What a file holds: ``rows`` gives those of a part of ``frame``, in order."""

    header: tuple[str, ...]
    frame: pd.DataFrame
    rows: Callable[[pd.DataFrame], Rows]


Files = Mapping[str, _File]
Text = Callable[[str, Callable[[], Rows]], str]


def write_hetrec(frames: GraphFrames, folder: Path, progress: Progress = silent) -> None:
    """Write a folder in the form of HetRec 2011 Last.fm; a repaired name is written raw.

    The folder appears complete or not at all. InputError where it exists with something in it,
    where ids are no whole numbers, where a user has no listen (the form has no list of users)
    or where a name holds a tab or a line break.
    """
    _check_whole_ids(frames)
    _check_all_listen(frames)
    both = _both_directions(frames.friendships)
    files = {
        ARTISTS_FILE: _File(("id", "name", "url", "pictureURL"), frames.artists, _hetrec_artists),
        TAGS_FILE: _File(("tagID", "tagValue"), frames.tags, _columns(TAG, NAME)),
        LISTENS_FILE: _File(("userID", "artistID", "weight"), frames.listens, _columns(*LISTENS)),
        FRIENDS_FILE: _File(("userID", "friendID"), both, _columns(USER, FRIEND)),
        TAGGINGS_FILE: _File(
            ("userID", "artistID", "tagID", "day", "month", "year"),
            frames.taggings,
            _hetrec_taggings,
        ),
    }
    _write(folder, files, _tabbed, progress)


def write_tables(frames: GraphFrames, folder: Path, progress: Progress = silent) -> None:
    """Write listens.csv, artists.csv, friends.csv and tags.csv.

    A tag is written by its name, which is its id when read back; tags that nobody gave are not
    written. The folder appears complete or not at all. InputError where it exists with something
    in it, where a user has no listen or where two tags have one name.
    """
    _check_all_listen(frames)
    artists = (ARTIST, NAME, URL, PICTURE_URL, RAW_NAME)
    files = {
        LISTENS_TABLE: _File(LISTENS, frames.listens, _columns(*LISTENS)),
        ARTISTS_TABLE: _File(artists, frames.artists, _columns(*artists)),
        FRIENDS_TABLE: _File((USER, FRIEND), frames.friendships, _columns(USER, FRIEND)),
        TAGS_TABLE: _File((USER, ARTIST, TAG, DATE), frames.taggings, _with_names(frames.tags)),
    }
    _write(folder, {f"{name}.csv": file for name, file in files.items()}, _csv, progress)


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


def _both_directions(friendships: pd.DataFrame) -> pd.DataFrame:
    reverse = friendships.rename(columns={USER: FRIEND, FRIEND: USER})
    return pd.concat([friendships, reverse]).sort_values([USER, FRIEND])


def _columns(*names: str) -> Callable[[pd.DataFrame], Rows]:
    return lambda frame: zip(*(frame[name].tolist() for name in names), strict=True)


def _hetrec_artists(artists: pd.DataFrame) -> Rows:
    rows = _columns(ARTIST, RAW_NAME, NAME, URL, PICTURE_URL)(artists)
    return ((artist, raw or name, url, picture) for artist, raw, name, url, picture in rows)


def _hetrec_taggings(taggings: pd.DataFrame) -> Rows:
    days = {date: _day_month_year(date) for date in taggings[DATE].unique()}
    for user, artist, tag, date in _columns(USER, ARTIST, TAG, DATE)(taggings):
        yield user, artist, tag, *days[date]


def _day_month_year(date: str) -> tuple[str, str, str]:
    year, month, day = date.split("-") if date else ("", "", "")
    return day.lstrip("0"), month.lstrip("0"), year


def _with_names(tags: pd.DataFrame) -> Callable[[pd.DataFrame], Rows]:
    twice = tags[tags[NAME].duplicated()]
    if len(twice):
        raise InputError(
            f'Two tags are called "{twice[NAME].iloc[0]}", and tables know tags by name. '
            "Write them in the form of HetRec instead."
        )
    names = dict(zip(tags[TAG], tags[NAME], strict=True))
    rows = _columns(USER, ARTIST, TAG, DATE)
    return lambda taggings: (
        (user, artist, names[tag], date) for user, artist, tag, date in rows(taggings)
    )


def _tabbed(name: str, rows: Callable[[], Rows]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(
        text, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
    )
    try:
        writer.writerows(rows())
    except csv.Error:
        _refuse_breaks(name, rows())
        raise
    # Not every version of the writer refuses this one.
    if "\r" in text.getvalue():
        _refuse_breaks(name, rows())
    return text.getvalue()


def _refuse_breaks(name: str, rows: Rows) -> None:
    cells = (str(cell) for row in rows for cell in row)
    broken = next((cell for cell in cells if any(at in cell for at in _TAB_BREAKS)), None)
    if broken is not None:
        raise InputError(
            f"{broken!r} has a tab or a line break, which {name} can't hold. Write tables instead."
        )


def _csv(name: str, rows: Callable[[], Rows]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows())
    return text.getvalue()


def _write(folder: Path, files: Files, text: Text, progress: Progress) -> None:
    """Write all files beside the folder first, so that a kill leaves no half of it."""
    total = sum(len(file.frame) for file in files.values())
    with whole_folder(folder) as beside, progress("writing files", total) as advance:
        for name, file in files.items():
            with (beside / name).open("wb") as out:
                out.write(text(name, partial(iter, [file.header])).encode("utf-8"))
                for start in range(0, len(file.frame), _BLOCK):
                    part = file.frame.iloc[start : start + _BLOCK]
                    written = text(name, partial(file.rows, part))
                    if "\0" in written:
                        raise InputError(
                            f"{name} can't hold a NUL character. Correct the names first."
                        )
                    out.write(written.encode("utf-8"))
                    advance(len(part))
