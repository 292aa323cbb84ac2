"""How much of everything is in the graph."""

from collections.abc import Collection

from tastegraph.graph.schema import NODES, RELATIONS
from tastegraph.graph.store.graph_store import GraphStore


def counts(store: GraphStore, kinds: Collection[str] | None = None) -> dict[str, int]:
    """Number of nodes by label and of relationships by type, in schema order; of all ``kinds``
    unless some are named.
    """
    asked = {node.label: f"MATCH (n:{node.label}) RETURN count(n)" for node in NODES}
    # Without a start, an embedded database looks at every node there is.
    asked |= {
        each.type: f"MATCH (:{each.start})-[r:{each.type}]->() RETURN count(r)"
        for each in RELATIONS
    }
    return {
        kind: int(store.values(question)[0][0])
        for kind, question in asked.items()
        if kinds is None or kind in kinds
    }
