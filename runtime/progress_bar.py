"""Progress on stderr: a bar where a person looks, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tastegraph.runtime.progress import Advance

# Seconds between two drawings of a bar, and between two lines where there is no terminal.
_REDRAW, _LINE = 0.1, 10.0
_WIDTH = 30


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Advance]:
    """Draw how far the work is; on a terminal it ends as one line with the time that it took.

    Work that an error ends says how far it came, so that the error has a line of its own.
    """
    bar = _Bar(label, total)
    try:
        yield bar.advance
    except BaseException:
        bar.finish(f"broken off at {bar.share:.0%} after ")
        raise
    bar.finish()


class _Bar:
    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._done = label, total, 0
        self._started = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()
        if self._terminal:
            self._draw("")

    def advance(self, steps: int) -> None:
        self._done += steps
        now = time.monotonic()
        if now - self._shown >= (_REDRAW if self._terminal else _LINE):
            self._shown = now
            self._draw("" if self._terminal else "\n")

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(self._done / self._total, 1.0) if self._total else 0.0

    def finish(self, how: str = "") -> None:
        seconds = time.monotonic() - self._started
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{self._label}: {how}{seconds:.1f} s\n")
        elif seconds >= _LINE:
            sys.stderr.write(f"{self._label}: {how or 'done in '}{seconds:.0f} s\n")
        sys.stderr.flush()

    def _draw(self, end: str) -> None:
        share = self.share
        if self._terminal:
            full = round(share * _WIDTH)
            bar = "#" * full + "-" * (_WIDTH - full)
            sys.stderr.write(f"\r\x1b[K{self._label:<28} [{bar}] {share:4.0%}{end}")
        else:
            sys.stderr.write(f"{self._label}: {share:.0%}{end}")
        sys.stderr.flush()
