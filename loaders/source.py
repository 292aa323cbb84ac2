"""Recognises what kind of data a path holds and reads it."""

from pathlib import Path
from typing import Literal

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.files.text import listing
from tastegraph.loaders.readers.hetrec import ARTISTS_FILE, LISTENS_FILE, read_hetrec
from tastegraph.loaders.readers.tables import LISTENS_TABLE, SUFFIXES, find_table, read_tables
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.runtime.progress import Progress, silent

Format = Literal["hetrec", "tables"]


def read_source(
    path: Path,
    format: str = "auto",
    *,
    listens: Path | None = None,
    without: Path | None = None,
    progress: Progress = silent,
    known: Known = NOTHING,
) -> GraphFrames:
    """Read and validate a folder or file of a known format.

    ``format`` is "hetrec", "tables" or "auto", which recognises one of the two. The other
    arguments are those of ``read_hetrec`` and ``read_tables``. InputError where nothing known
    is there or a row can't be used.
    """
    _check_exists(path)
    readers = {"hetrec": read_hetrec, "tables": read_tables}
    chosen = detect(path) if format == "auto" else format
    if chosen not in readers:
        raise InputError(f"There is no format {chosen}. Use auto, {' or '.join(readers)}.")
    return readers[chosen](path, listens, without, progress, known)


def detect(folder: Path) -> Format:
    """Return the format of a folder, or of a single file of listens.

    InputError where neither format or both are recognised.
    """
    _check_exists(folder)
    if folder.is_file():
        return "tables"
    hetrec = (folder / LISTENS_FILE).exists()
    tables = find_table(folder, LISTENS_TABLE) is not None
    if hetrec and tables:
        raise InputError(
            f"{folder} holds both {LISTENS_FILE} (hetrec) and a table of {LISTENS_TABLE} (tables). "
            "Say which with --format."
        )
    if hetrec or (folder / ARTISTS_FILE).exists():
        return "hetrec"
    if tables:
        return "tables"
    raise _unrecognised(folder)


def _check_exists(path: Path) -> None:
    if not path.exists():
        raise InputError(f"There is no file or folder {path}. Check the path.")


def _unrecognised(folder: Path) -> InputError:
    found = listing(folder)
    held = ", ".join(found[:10]) or "no files"
    if len(found) > 10:
        held += f" and {len(found) - 10} more"
    wanted = f"{LISTENS_FILE} (hetrec) or {LISTENS_TABLE}{'|'.join(SUFFIXES)} (tables)"
    inner = [folder / name for name in found if (folder / name / LISTENS_FILE).exists()]
    advice = f"Try {inner[0]}." if inner else "Name a folder that holds one of them."
    return InputError(
        f"{folder} is no data that can be loaded: looked for {wanted}, found {held}. {advice}"
    )
