"""Ctrl-C and SIGTERM, and how a run ends."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT
"""What a shell expects of a program that Ctrl-C ended."""


def run_to_the_end(program: Callable[[], object]) -> None:
    """Run ``program`` and leave with its exit code, however it ends."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        program()
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except SystemExit as end:
        _leave(end.code if isinstance(end.code, int) else int(end.code is not None))


def _leave(code: int) -> None:
    """End with ``code``, at once: stores are closed by now, and nothing else needs taking down.

    That takes Python its time, and a JVM more, which has been seen to crash as well.
    """
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _terminate(number: int, frame: FrameType | None) -> None:
    """End as after an error, so that an embedded store is closed."""
    sys.exit(128 + number)
