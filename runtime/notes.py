"""How work says something beside its result, without knowing who is listening.

A ``Note`` is called with a sentence. Libraries default to ``unsaid``; the command line passes
what prints on stderr.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Note = Callable[[str], None]


def unsaid(text: str) -> None:
    """Say nothing."""


# Seconds before work that is out of our hands is spoken of, and between two words on it.
SILENCE = 15.0


@contextmanager
def speaking(note: Note, why: str) -> Iterator[None]:
    """Say ``why`` every ``SILENCE`` seconds that the block lasts, from a thread of its own."""
    start, over = time.monotonic(), threading.Event()

    def speak() -> None:
        while not over.wait(SILENCE):
            note(f"{why} ({time.monotonic() - start:.0f} s so far)")

    threading.Thread(target=speak, name="speaking", daemon=True).start()
    try:
        yield
    finally:
        over.set()


class Patience:
    """A wait that ends: it says why it waits after a moment, and then every few seconds.

    ``seconds`` is how long it lasts; the first word comes after ``silence`` seconds, the next
    ones ``every`` so many.
    """

    def __init__(
        self, note: Note, seconds: float, silence: float = 1.0, every: float = 5.0
    ) -> None:
        self._note = note
        self._every = every
        now = time.monotonic()
        self._start, self._next, self._end = now, now + silence, now + seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    @property
    def waited(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._start

    def wait(self, seconds: float, why: str) -> None:
        """Sleep, and say ``why`` when it is time to."""
        now = time.monotonic()
        if now >= self._next:
            self._note(f"{why} ({self.waited:.0f} s so far)")
            self._next = now + self._every
        time.sleep(max(0.0, min(seconds, self._end - now)))
