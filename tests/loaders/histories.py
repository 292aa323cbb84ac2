"""Histories in the forms that services give them out, and what a load makes of them."""

import json
import zipfile
from pathlib import Path
from typing import Any

from tastegraph.graph.frames import HEARD, LISTENS, GraphFrames

MINUTE = 60_000
"""In milliseconds, as Spotify says how long something was played."""


def listens_of(frames: GraphFrames) -> list[list[Any]]:
    return frames.listens[list(LISTENS)].to_numpy().tolist()


def heard_in(frames: GraphFrames) -> dict[str, list[str | None]]:
    """First and last time by artist."""
    assert list(frames.listens.columns) == [*LISTENS, *HEARD]
    rows = frames.listens[["artist", *HEARD]].to_numpy().tolist()
    return {artist: [first, last] for artist, first, last in rows}


def write_json(folder: Path, name: str, content: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def write_zip(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def account_play(
    artist: str, milliseconds: int, time: str = "2024-01-01 10:00"
) -> dict[str, object]:
    return {"endTime": time, "artistName": artist, "trackName": "T", "msPlayed": milliseconds}


def extended_play(
    artist: str | None, milliseconds: int, time: str, **more: object
) -> dict[str, object]:
    return {
        "ts": time,
        "ms_played": milliseconds,
        "master_metadata_album_artist_name": artist,
        "master_metadata_track_name": "T" if artist else None,
        "episode_name": None,
        **more,
    }
