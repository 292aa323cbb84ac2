"""Taking one person out of the graph, with all that follows from them."""

from collections.abc import Mapping
from typing import Any

from neo4j import Transaction

from tastegraph.graph.difference import Changes, write_difference
from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import forget_in_versions
from tastegraph.loaders.ingest.ingest import read_content
from tastegraph.loaders.ingest.target import without_user
from tastegraph.runtime.progress import Progress, silent


def forget(store: GraphStore, user: Id, progress: Progress = silent) -> Changes:
    """Remove ``user`` with listens, friendships, tag assignments, what was hidden, and all vectors.

    What was counted from them (an artist's listeners and plays, HAS_TAG, idf and the like) is
    as if the user had never been loaded. All in one transaction: nobody meets half of it.
    """
    existing = read_content(store, progress)
    target = without_user(existing, user)
    with store.transaction() as transaction:
        forget_in_versions(transaction, user)
        return write_difference(_Within(transaction), existing, target, progress)


class _Within:
    """Writes that take effect together, when the transaction is committed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run one writing query."""
        self._transaction.run(cypher, dict(parameters or {})).consume()

    write_without_retry = write
