"""From validated frames into the graph, the one way that all sources share.

A load compares what the graph holds with what it should hold and writes the difference, so
loading twice, or again after an interruption, ends in the same graph.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from tastegraph.errors import StoreInterruptedError, StoreUnreachableError
from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.difference import Changes, write_difference
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.load_mark import begin_load, end_load
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.first_load import write_first
from tastegraph.loaders.ingest.target import target_content
from tastegraph.runtime.progress import Progress, silent

# How often a load looks again at what arrived after a connection broke in a write.
ATTEMPTS = 10


def ingest(
    store: GraphStore, frames: GraphFrames, replace: bool = False, progress: Progress = silent
) -> Changes:
    """Bring ``frames`` into the graph; with ``replace`` what they lack is removed.

    A server that goes away is waited for, and so is another writer. Until the load has ended, the
    graph is marked as half loaded. Relationships that are there twice are mended. Raises InputError
    when the ids don't fit the graph's own, StoreError when the store fails for good; run again, the
    load goes on where it was.
    """
    for _ in range(ATTEMPTS):
        try:
            with _no_collection(), store.writing("load") as writer:
                return _ingest(writer, frames, replace, progress)
        except StoreInterruptedError:
            # Another writer may have taken over while the server was away: look again.
            continue
    raise StoreUnreachableError(
        f"the connection to {store.place} broke {ATTEMPTS} times in the middle of the load: "
        "nothing is lost, run the same command again when the server is stable"
    )


def _ingest(writer: GraphStore, frames: GraphFrames, replace: bool, progress: Progress) -> Changes:
    writer.dialect.create_schema(writer)
    existing = read_content(writer, progress)
    target = target_content(existing, frames, replace)
    begin_load(writer)
    changes = _write(writer, existing, target, progress)
    end_load(writer)
    return changes


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave out garbage collection, which would walk millions of live tuples over and over."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(
    store: GraphStore, existing: GraphContent, target: GraphContent, progress: Progress
) -> Changes:
    owned = store.embedded is not None and store.embedded.server is not None
    if not (owned and existing.is_empty):
        return write_difference(store, existing, target, progress)
    assert store.embedded is not None
    with store.embedded.first_load() as server:
        return Changes(added=write_first(server, target, progress))
