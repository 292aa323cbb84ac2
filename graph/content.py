"""All nodes and relationships that loads are about, in memory, and out of the store."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import NODES, RELATIONS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

# Relationships that come from files; the others are counted from these.
FROM_SOURCE = ("LISTENED", "FRIEND", "TAGGED", "FEATURES")

Nodes = dict[Id, tuple[Any, ...]]
Relations = dict[tuple[Id, Id], tuple[Any, ...]]


@dataclass
class GraphContent:
    """Nodes by label and relationships by type, each with its properties in schema order.

    ``doubled`` has the pairs between which a type is there more than once, for types where that
    happens: two writers at once could do that before there were leases.
    """

    nodes: dict[str, Nodes] = field(default_factory=lambda: defaultdict(dict))
    relations: dict[str, Relations] = field(default_factory=lambda: defaultdict(dict))
    doubled: dict[str, set[tuple[Id, Id]]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not any(self.nodes.values()) and not any(self.relations.values())


def read_content(store: GraphStore, progress: Progress = silent) -> GraphContent:
    """All nodes and relationships that a load is about."""
    content = GraphContent()
    with progress("reading the graph", len(NODES) + len(RELATIONS)) as advance:
        for node in NODES:
            rows = store.read_all(node)
            content.nodes[node.label] = {row[0]: tuple(row[1:]) for row in rows}
            advance(1)
        for relation in RELATIONS:
            rows = store.read_all(relation)
            found = {(row[0], row[1]): tuple(row[2:]) for row in rows}
            content.relations[relation.type] = found
            if len(found) < len(rows):
                times = Counter((row[0], row[1]) for row in rows)
                content.doubled[relation.type] = {pair for pair, n in times.items() if n > 1}
            advance(1)
    return content
