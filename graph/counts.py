"""How much of everything is in the graph."""

from tastegraph.graph.schema import NODES, RELATIONS
from tastegraph.graph.store.graph_store import GraphStore


def counts(store: GraphStore) -> dict[str, int]:
    """Number of nodes by label and of relationships by type, in schema order."""
    found = {}
    for node in NODES:
        found[node.label] = int(store.values(f"MATCH (n:{node.label}) RETURN count(n)")[0][0])
    for relation in RELATIONS:
        found[relation.type] = int(
            store.values(f"MATCH ()-[r:{relation.type}]->() RETURN count(r)")[0][0]
        )
    return found
