"""Reads an export of ListenBrainz: a zip of listens/YEAR/MONTH.jsonl, JSON lines, or a JSON list.

A listen has listened_at and track_metadata with artist_name, and may have the artists' MusicBrainz
ids in additional_info or mbid_mapping (docs of the ListenBrainz API, "JSON documentation").
"""

import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.files.json_lists import read_objects
from tastegraph.loaders.files.packed import PackedFile, packed_files
from tastegraph.loaders.transforms.history import History, with_user
from tastegraph.loaders.transforms.known import NOTHING, Known, is_musicbrainz_id
from tastegraph.runtime.progress import Progress, silent

_SUFFIXES = (".jsonl", ".json", ".listens")


def is_listenbrainz(files: Sequence[PackedFile]) -> bool:
    """Whether some of ``files`` hold listens of ListenBrainz's."""
    return any(_has_listens(file) for file in files)


def read_listenbrainz(
    path: Path, user: str | None = None, known: Known = NOTHING, progress: Progress = silent
) -> GraphFrames:
    """Count the listens of an export; a listen that is there twice counts once.

    The user is ``user``, or the one that the export names. InputError for anything else.
    """
    everything = packed_files(path)
    files = [file for file in everything if _has_listens(file)]
    if not files:
        raise InputError(
            f"{path} holds no listens of ListenBrainz's (lines of JSON with track_metadata): name "
            "the zip that ListenBrainz made"
        )
    history = History()
    history.notes.append(f"{path.name}: an export of ListenBrainz, {len(files)} files")
    name = with_user(history, user, _user_of(everything) or path.stem)
    seen: set[tuple[Any, ...]] = set()
    with progress("Reading listens", len(files)) as advance:
        for file in files:
            for number, listen in enumerate(read_objects(file), 1):
                _count(history, _track(file, number, listen), listen, name, seen)
            advance(1)
    return history.frames(path, known)


def _track(file: PackedFile, number: int, listen: dict[str, Any]) -> dict[str, Any]:
    track = listen.get("track_metadata")
    if not isinstance(track, dict):
        raise InputError(
            f"{file.source}, listen {number} has no track_metadata: fetch the export again"
        )
    return track


def _count(
    history: History,
    track: dict[str, Any],
    listen: dict[str, Any],
    user: str,
    seen: set[tuple[Any, ...]],
) -> None:
    history.rows += 1
    artist = track.get("artist_name")
    parts = (listen.get("listened_at"), artist, track.get("track_name"))
    mark = tuple(part if isinstance(part, str | int | float) else None for part in parts)
    if not isinstance(artist, str) or not artist.strip():
        history.drop("no artist")
    elif mark[0] is not None and mark in seen:
        history.drop("the same listen again")
    else:
        seen.add(mark)
        history.add(user, artist, times=[mark[0]])
        if (mbid := _artist_id(track)) is not None:
            history.musicbrainz.setdefault(artist, set()).add(mbid)


def _artist_id(track: dict[str, Any]) -> str | None:
    """The MusicBrainz id of a track by one artist, where it is told: by the player, or mapped."""
    for source in (track.get("additional_info"), track.get("mbid_mapping")):
        ids = source.get("artist_mbids") if isinstance(source, dict) else None
        if isinstance(ids, list) and len(ids) == 1 and is_musicbrainz_id(ids[0]):
            return str(ids[0])
    return None


def _has_listens(file: PackedFile) -> bool:
    return file.suffix in _SUFFIXES and b'"track_metadata"' in file.head()


def _user_of(files: Sequence[PackedFile]) -> str:
    """The user name that an export's user.json has."""
    for file in files:
        if PurePosixPath(file.name).name == "user.json":
            try:
                content = json.loads(file.read())
            except (ValueError, RecursionError):
                return ""
            return str(content.get("username") or "") if isinstance(content, dict) else ""
    return ""
