"""Reads what Spotify sends people of their own plays.

Account data (StreamingHistory_music_0.json, once StreamingHistory0.json) has the last year:
endTime, artistName, trackName, msPlayed. The extended history (Streaming_History_Audio_*.json,
once endsong_*.json) has all of it: ts, ms_played, master_metadata_album_artist_name, and for
podcasts episode_name in place of an artist.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.files.json_lists import read_objects
from tastegraph.loaders.files.packed import PackedFile, packed_files
from tastegraph.loaders.transforms.history import History, with_user
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.runtime.progress import Progress, silent

MIN_SECONDS = 30.0
"""A play counts from here on, as it does for Spotify."""

_ACCOUNT = re.compile(r"streaming_?history(?:_music|_podcast|_audiobook)?_?[0-9]*", re.IGNORECASE)
_EXTENDED = re.compile(r"(?:streaming_history_(?:audio|video)_|endsong_?)[^/]*", re.IGNORECASE)
_ARTIST = "master_metadata_album_artist_name"


@dataclass(frozen=True)
class _Play:
    """One play: ``artist`` is "" for a podcast; ``mark``, whose first is its time, is what the same
    play has in common.
    """

    artist: str
    is_music: bool
    seconds: float
    user: str
    mark: tuple[Any, ...]


def is_spotify(files: Sequence[PackedFile]) -> bool:
    """Whether some of ``files`` are Spotify's, by name and content."""
    return any(_is_history(file) for file in files)


def read_spotify_history(
    path: Path,
    user: str | None = None,
    min_seconds: float = MIN_SECONDS,
    known: Known = NOTHING,
    progress: Progress = silent,
) -> GraphFrames:
    """Count the plays of Spotify's files in a folder, a zip or alone.

    A play counts from ``min_seconds`` on; podcasts and audiobooks are left out and counted, and a
    play that is there twice counts once. Where both kinds of history are there the extended one is
    read, which holds the other. InputError where a file is no such history.
    """
    files = [file for file in packed_files(path) if _is_history(file)]
    extended = [file for file in files if _EXTENDED.fullmatch(file.stem)]
    chosen = extended or files
    if not chosen:
        raise InputError(
            f"{path} holds no streaming history of Spotify's (StreamingHistory*.json or "
            "Streaming_History_Audio_*.json): name the zip or folder that Spotify sent"
        )
    history = History()
    kind = "extended streaming history" if extended else "account data"
    count = f"{len(chosen)} file{'s' if len(chosen) > 1 else ''}"
    history.notes.append(f"{path.name}: Spotify's {kind}, {count}")
    if left := len(files) - len(chosen):
        history.notes.append(
            f"{left} files of the account data were not read: the extended history has their plays"
        )
    seen: set[tuple[Any, ...]] = set()
    name = user
    with progress("Reading plays", len(chosen)) as advance:
        for file in chosen:
            for play in _plays(file):
                if name is None:
                    name = with_user(history, None, play.user or path.stem)
                _count(history, play, name, min_seconds, seen)
            advance(1)
    return history.frames(path, known)


def _count(
    history: History, play: _Play, user: str, least: float, seen: set[tuple[Any, ...]]
) -> None:
    history.rows += 1
    if not play.is_music:
        history.drop("podcasts and audiobooks")
    elif not play.artist:
        history.drop("no artist")
    elif play.seconds < least:
        history.drop(f"shorter than {least:g} s")
    elif play.mark in seen:
        history.drop("the same play again")
    else:
        seen.add(play.mark)
        history.add(user, play.artist, times=[play.mark[0]])


def _is_history(file: PackedFile) -> bool:
    stem = PurePosixPath(file.name).stem
    return file.suffix == ".json" and bool(_ACCOUNT.fullmatch(stem) or _EXTENDED.fullmatch(stem))


def _plays(file: PackedFile) -> Iterator[_Play]:
    for number, row in enumerate(read_objects(file), 1):
        milliseconds = row.get("ms_played", row.get("msPlayed"))
        if not isinstance(milliseconds, int | float) or milliseconds < 0:
            raise InputError(
                f"{file.source}, entry {number}: ms_played is {milliseconds!r}, not a time. "
                "Correct it or fetch the export again."
            )
        artist = row.get(_ARTIST, row.get("artistName"))
        aside = any(row.get(name) for name in ("episode_name", "podcastName", "audiobook_title"))
        yield _Play(
            artist.strip() if isinstance(artist, str) else "",
            not (aside and not artist),
            milliseconds / 1000,
            str(row.get("username") or ""),
            (
                row.get("ts", row.get("endTime")),
                artist,
                row.get("master_metadata_track_name", row.get("trackName")),
                milliseconds,
            ),
        )
