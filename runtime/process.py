"""Side effects on the whole process: log levels, garbage collection, file descriptors."""

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def quieten(logger: str, level: int = logging.CRITICAL) -> None:
    """Let ``logger`` of a library say nothing below ``level``: its notes are for developers."""
    logging.getLogger(logger).setLevel(level)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Leave out garbage collection, which would walk millions of live tuples over and over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def stderr_to(target: int | Path) -> Iterator[None]:
    """Send what native code prints on stderr to a file descriptor, or to a new private file.

    Libraries write to the descriptor before any log level is in force, so that no setting keeps
    them quiet.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    opened = (
        os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        if isinstance(target, Path)
        else os.dup(target)
    )
    try:
        os.dup2(opened, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(opened)
