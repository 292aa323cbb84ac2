"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tastegraph.errors import InputError


@contextmanager
def whole_file(file: Path, mend: str = "name another place for it") -> Iterator[Path]:
    """A place to write to, which becomes ``file`` when the block ends well.

    InputError where it can't be written, with what to do about that (``mend``); ``file`` then
    stays as it was.
    """
    # Two processes may write the same file at once.
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        unfinished.replace(file)
    except OSError as error:
        raise InputError(f"{file} can't be written ({error.strerror or error}): {mend}") from error
    finally:
        unfinished.unlink(missing_ok=True)
