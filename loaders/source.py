"""Recognises what kind of data a path holds and reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.files.packed import PackedFile, packed_files
from tastegraph.loaders.files.table import TextFormat
from tastegraph.loaders.files.text import listing
from tastegraph.loaders.readers.hetrec import ARTISTS_FILE, LISTENS_FILE, read_hetrec
from tastegraph.loaders.readers.lastfm_dataset import is_lastfm_dataset, read_lastfm_dataset
from tastegraph.loaders.readers.listenbrainz import is_listenbrainz, read_listenbrainz
from tastegraph.loaders.readers.navidrome import is_navidrome, read_navidrome
from tastegraph.loaders.readers.scrobbles import is_scrobbles, read_scrobbles
from tastegraph.loaders.readers.spotify_history import (
    MIN_SECONDS,
    is_spotify,
    read_spotify_history,
)
from tastegraph.loaders.readers.table_of_plays import read_table_of_plays
from tastegraph.loaders.readers.tables import LISTENS_TABLE, SUFFIXES, find_table, read_tables
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.runtime.progress import Progress, silent

FORMATS = (
    "auto",
    "hetrec",
    "tables",
    "scrobbles",
    "spotify",
    "listenbrainz",
    "lastfm-dataset",
    "navidrome",
)


@dataclass(frozen=True)
class ReadOptions:
    """What a person says of a source.

    columns      user, artist, plays and time by what a table calls them
    user         whose history it is, or whom of several to take
    min_seconds  a play of Spotify's counts from here on
    delimiter    what separates the cells of a table; found unless told
    encoding     of a table; found unless told
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    min_seconds: float = MIN_SECONDS
    delimiter: str | None = None
    encoding: str | None = None


def read_source(
    path: Path,
    format: str = "auto",
    *,
    listens: Path | None = None,
    without: Path | None = None,
    progress: Progress = silent,
    known: Known = NOTHING,
    options: ReadOptions | None = None,
) -> GraphFrames:
    """Read and validate a folder or file of a known format.

    ``format`` is one of FORMATS; "auto" recognises it by names and content. ``listens`` and
    ``without`` are for hetrec and tables, as there. InputError where nothing known is there, or
    several formats are, or a row can't be used.
    """
    _check_exists(path)
    said = options or ReadOptions()
    if said.columns or said.delimiter or said.encoding:
        chosen = "columns"
    elif format in FORMATS:
        chosen = detect(path) if format == "auto" else format
    else:
        raise InputError(f"There is no format {format}. Use {', '.join(FORMATS)}.")
    if chosen in ("hetrec", "tables"):
        reader = read_hetrec if chosen == "hetrec" else read_tables
        return reader(path, listens, without, progress, known)
    if listens or without:
        raise InputError(
            "Listens from another file, and pairs to leave out, go with hetrec and tables alone."
        )
    if chosen == "columns":
        how = TextFormat(said.delimiter, said.encoding)
        return read_table_of_plays(path, said.columns, said.user, how, known)
    if chosen == "spotify":
        return read_spotify_history(
            path, said.user, min_seconds=said.min_seconds, known=known, progress=progress
        )
    if chosen == "lastfm-dataset":
        return read_lastfm_dataset(path, known, progress)
    if chosen == "navidrome":
        return read_navidrome(path, said.user, known)
    history = {"scrobbles": read_scrobbles, "listenbrainz": read_listenbrainz}[chosen]
    return history(path, said.user, known, progress)


def detect(path: Path) -> str:
    """Return the format of a folder or file.

    InputError where none or more than one is recognised.
    """
    _check_exists(path)
    if path.is_dir():
        found = _of_folder(path)
    else:
        found = ["navidrome"] if is_navidrome(path) else []
        if path.suffix.lower() not in (".parquet", ".dat"):
            found = found or _of_files(packed_files(path))
        found = found or ["tables"]
    if len(found) > 1:
        raise InputError(
            f"{path} holds {' and '.join(found)}. Say which with --format, or name one alone."
        )
    if not found:
        raise _unrecognised(path)
    return found[0]


def _of_folder(folder: Path) -> list[str]:
    hetrec = (folder / LISTENS_FILE).exists()
    tables = find_table(folder, LISTENS_TABLE) is not None
    if hetrec and tables:
        raise InputError(
            f"{folder} holds both {LISTENS_FILE} (hetrec) and a table of {LISTENS_TABLE} (tables). "
            "Say which with --format."
        )
    if hetrec or (folder / ARTISTS_FILE).exists():
        return ["hetrec"]
    if tables:
        return ["tables"]
    return [] if _inner(folder) else _of_files(packed_files(folder))


def _of_files(files: list[PackedFile]) -> list[str]:
    """The formats of histories that are among ``files``."""
    found = []
    if is_spotify(files):
        found.append("spotify")
    if is_listenbrainz(files):
        found.append("listenbrainz")
    if any(map(is_lastfm_dataset, files)):
        found.append("lastfm-dataset")
    elif any(map(is_scrobbles, files)):
        found.append("scrobbles")
    return found


def _check_exists(path: Path) -> None:
    if not path.exists():
        raise InputError(f"There is no file or folder {path}. Check the path.")


def _inner(folder: Path) -> list[Path]:
    """Folders in ``folder`` that hold HetRec data."""
    return [folder / name for name in listing(folder) if (folder / name / LISTENS_FILE).exists()]


def _unrecognised(folder: Path) -> InputError:
    found = listing(folder)
    held = ", ".join(found[:10]) or "no files"
    if len(found) > 10:
        held += f" and {len(found) - 10} more"
    wanted = (
        f"{LISTENS_FILE} (hetrec), {LISTENS_TABLE}{'|'.join(SUFFIXES)} (tables), or a history "
        "(Last.fm, Spotify, ListenBrainz)"
    )
    inner = _inner(folder)
    advice = f"Try {inner[0]}." if inner else "Name a folder that holds one of them."
    return InputError(
        f"{folder} is no data that can be loaded: looked for {wanted}, found {held}. {advice}"
    )
