"""A cheap mark of what the graph holds, to see whether a model is older than its data."""

import hashlib
import json

from graph.store import GraphStore

# From the count store where the database has one; the sums are over artists alone.
_COUNTS = (
    "MATCH (n:User) RETURN count(n)",
    "MATCH (n:Tag) RETURN count(n)",
    "MATCH ()-[r:LISTENED]->() RETURN count(r)",
    "MATCH ()-[r:FRIEND]->() RETURN count(r)",
    "MATCH ()-[r:HAS_TAG]->() RETURN count(r)",
)
_SUMS = (
    "MATCH (n:Artist) RETURN count(n), sum(n.plays), sum(n.listeners * n.listeners), "
    "sum(n.plays * n.listeners)"
)


def fingerprint(store: GraphStore) -> str:
    """Mark of the data now in the graph.

    It changes with every load that changes a count, or an artist's plays or listeners. It
    can't see what leaves all these as they were: a friendship exchanged for another, a tag
    moved to another artist, or plays that were changed by hand and not by a load.
    """
    seen = [store.values(count)[0] for count in _COUNTS] + store.values(_SUMS)
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]
