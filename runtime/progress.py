"""How long work reports on itself without knowing who is looking.

A ``Progress`` is called with what is being done and how many steps it has, and gives a context
manager whose value is called with the number of steps just done. Libraries default to
``silent``; the command line passes a bar on stderr.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Advance = Callable[[int], None]
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@contextmanager
def silent(label: str, total: int) -> Iterator[Advance]:
    """Report nothing."""
    yield lambda steps: None
