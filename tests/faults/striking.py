"""The command line with a blow that hits it at a known moment of its work.

    python -m tests.faults.striking SIGNAL LABEL STEP BATCH ARGUMENTS...

runs ``tastegraph ARGUMENTS`` and sends itself SIGNAL when the work that reports itself as LABEL
has done STEP batches; BATCH is how many rows a batch of the load has. ``SIGNAL@SECONDS`` strikes
that much later, from another thread, in the middle of whatever is going on then.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import tastegraph.cli
import tastegraph.commands.session
import tastegraph.graph.difference
import tastegraph.models.storage.write_vectors
from tastegraph.runtime.progress import Advance


def main() -> None:
    """Arm the blow and run the command line."""
    blow, label, step, batch, *arguments = sys.argv[1:]
    tastegraph.graph.difference.BATCH = tastegraph.models.storage.write_vectors.BATCH = int(batch)
    tastegraph.commands.session.progress_bar = striking(blow, label, int(step))
    sys.argv = ["tastegraph", *arguments]
    tastegraph.cli.main()


def striking(blow: str, label: str, step: int) -> object:
    """A Progress that strikes once."""
    name, _, delay = blow.partition("@")

    def strike() -> None:
        os.kill(os.getpid(), signal.Signals[name])

    def arm() -> None:
        if delay:
            threading.Timer(float(delay), strike).start()
        else:
            strike()

    @contextmanager
    def progress(told: str, total: int) -> Iterator[Advance]:
        left = step

        def advance(steps: int) -> None:
            nonlocal left
            left -= 1
            if told == label and left == 0:
                arm()

        if told == label and step == 0:
            arm()
        yield advance

    return progress


if __name__ == "__main__":
    main()
