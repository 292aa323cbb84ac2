"""Files that are written whole or not at all."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tastegraph.errors import InputError


@contextmanager
def whole_file(file: Path, mend: str = "name another place for it") -> Iterator[Path]:
    """A place to write to, which becomes ``file`` when the block ends well.

    A link stays, and what it points to is written; a file keeps its mode and owner. What is
    there and no file, a pipe say, is written to when the block ends.

    InputError where it can't be written, with what to do about that (``mend``); ``file`` then
    stays as it was.
    """
    try:
        with _place_for(file) as unfinished:
            yield unfinished
    except OSError as error:
        raise InputError(f"{file} can't be written ({error.strerror or error}): {mend}") from error


def _place_for(file: Path) -> AbstractContextManager[Path]:
    is_there = file.exists()
    if is_there and file.is_dir():
        raise IsADirectoryError(None, "it is a folder")
    if is_there and not file.is_file():
        return _written_through(file)
    return _replacing(Path(os.path.realpath(file)))


@contextmanager
def _written_through(pipe: Path) -> Iterator[Path]:
    """A file that is passed on to ``pipe`` at the end: formats such as Parquet seek."""
    with TemporaryDirectory() as folder:
        unfinished = Path(folder, pipe.name)
        yield unfinished
        with unfinished.open("rb") as made, pipe.open("wb") as sink:
            shutil.copyfileobj(made, sink)


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside ``file`` that takes its place at the end."""
    # Two processes may write the same file at once.
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
    try:
        if file.exists():
            _make_like(file, unfinished)
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _make_like(file: Path, made: Path) -> None:
    """Make an empty ``made`` that the same people may read and write as ``file``."""
    if not os.access(file, os.W_OK):
        raise PermissionError(None, "it is read-only")
    made.unlink(missing_ok=True)
    made.touch(mode=0o600, exist_ok=False)
    before = file.stat()
    if hasattr(os, "chown"):
        # Only root gives files away; anybody else's are their own.
        with suppress(PermissionError):
            os.chown(made, before.st_uid, before.st_gid)
    made.chmod(stat.S_IMODE(before.st_mode))
