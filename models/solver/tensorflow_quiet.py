"""TensorFlow, imported without its start-up chatter.

    from tastegraph.models.solver.tensorflow_quiet import tf

Importing this module takes seconds; only what trains does so, and as late as it can.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tastegraph.runtime.process import stderr_to

_CHATTER = re.compile(rb"WARNING: All log messages before absl::InitializeLog|[IW]\d{4} ")


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Hold back what native code writes to stderr; pass on all but information and warnings."""
    with tempfile.TemporaryFile() as held:
        try:
            with stderr_to(held.fileno()):
                yield
        finally:
            held.seek(0)
            for line in held:
                if not _CHATTER.match(line):
                    os.write(2, line)


# Errors (2) and what is worse stay visible; a level chosen by the user comes first.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
with _without_chatter():
    import tensorflow as tf

__all__ = ["tf"]
