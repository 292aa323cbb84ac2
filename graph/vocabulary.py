"""What can be named in a query of this graph: labels, relationship types, properties."""

from dataclasses import dataclass

from tastegraph.graph.store.dialect import LEASE
from tastegraph.graph.store.graph_store import GraphStore

# Nodes and relationships of a kind that are looked at for their properties.
_LOOKED_AT = 50


@dataclass(frozen=True)
class Vocabulary:
    """Names in alphabetical order."""

    labels: tuple[str, ...]
    types: tuple[str, ...]
    properties: tuple[str, ...]


def read_vocabulary(store: GraphStore) -> Vocabulary:
    """What the graph in ``store`` has; properties as the first nodes of each label have them."""
    labels = sorted(
        label
        for (label,) in store.values("CALL db.labels() YIELD label RETURN label")
        if label != LEASE
    )
    types = sorted(
        type_
        for (type_,) in store.values(
            "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType"
        )
    )
    patterns = [f"(n:{_quoted(label)})" for label in labels]
    patterns += [f"()-[n:{_quoted(type_)}]->()" for type_ in types]
    properties = {name for pattern in patterns for name in _properties(store, pattern)}
    return Vocabulary(tuple(labels), tuple(types), tuple(sorted(properties)))


def _properties(store: GraphStore, pattern: str) -> list[str]:
    cypher = f"MATCH {pattern} WITH n LIMIT $most UNWIND keys(n) AS name RETURN DISTINCT name"
    return [name for (name,) in store.values(cypher, {"most": _LOOKED_AT})]


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
