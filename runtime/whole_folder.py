"""Folders that are written whole or not at all."""

import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tastegraph.errors import InputError


def require_empty(folder: Path) -> None:
    """Raise InputError where ``folder`` holds something or is no folder; it need not exist."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder} is not empty. Name a new folder.")
    except OSError as error:
        raise _unwritable(folder, error) from error


@contextmanager
def whole_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """A new folder to write to, which becomes ``folder`` when the block ends well.

    With ``replace`` it takes the place of one that holds something. InputError where ``folder``
    can't be written, or holds something otherwise; it then stays as it was.
    """
    target = folder.resolve()
    partial = target.with_name(f".{target.name}-{uuid4().hex}")
    before = target.with_name(f"{partial.name}-before")
    try:
        if not replace:
            require_empty(folder)
        partial.mkdir(parents=True)
        yield partial
        if target.exists():
            partial.chmod(stat.S_IMODE(target.stat().st_mode))
            target.rename(before)
        partial.rename(target)
    except OSError as error:
        raise _unwritable(folder, error) from error
    finally:
        if before.exists() and not target.exists():
            before.rename(target)
        shutil.rmtree(before, ignore_errors=True)
        shutil.rmtree(partial, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder that nobody asks for any more, as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(f"{folder} can't be written: {error.strerror}. Name another folder.")
