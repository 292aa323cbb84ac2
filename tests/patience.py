"""Waiting for what happens beside the tests."""

import time
from collections.abc import Callable

# Seconds, of which the slowest machine needs some.
_MOST = 20.0


def until(is_so: Callable[[], bool], seconds: float = _MOST) -> bool:
    """Whether it is so within some seconds."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()
