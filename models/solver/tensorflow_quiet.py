"""TensorFlow, imported without its start-up chatter.

    from tastegraph.models.solver.tensorflow_quiet import tf

Importing this module takes seconds; only what trains does so, and as late as it can.
"""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_CHATTER = re.compile(rb"WARNING: All log messages before absl::InitializeLog|[IW]\d{4} ")


@contextmanager
def _without_chatter() -> Iterator[None]:
    """Hold back what native code writes to stderr; pass on all but information and warnings.

    Libraries write to the file descriptor before any log level is in force, so that no
    setting keeps them quiet.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            held.seek(0)
            for line in held:
                if not _CHATTER.match(line):
                    os.write(stderr, line)
            os.close(stderr)


# Errors (2) and what is worse stay visible; a level chosen by the user comes first.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
with _without_chatter():
    import tensorflow as tf

__all__ = ["tf"]
