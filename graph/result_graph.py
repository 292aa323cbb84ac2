"""The graph that a query's rows are made of: its nodes, relationships and paths."""

import json
from collections.abc import Iterable
from typing import Any

import networkx as nx

from tastegraph.errors import InputError
from tastegraph.graph.graph_file import clean, node_name
from tastegraph.graph.store.values import NodeValue, PathValue, RelationshipValue

# What a node or an edge is told by; properties of these names stay out.
_OWN = {"kind", "label", "data_id", "id", "source", "target", "key", "name", "value"}

# Properties that say how strong a relationship is.
_WEIGHTS = ("weight", "plays", "count")


def result_graph(cells: Iterable[Any]) -> "nx.MultiDiGraph[str]":
    """The nodes and relationships among ``cells``, those in lists, maps and paths as well.

    Nodes are named "Label:id", or as the database calls them where they have no id. They have
    kind (the label), data_id (as text) and label (the name); edges have kind (the type) and
    weight (the relationship's weight, plays or count; otherwise 1). Both have their other
    properties that a person can read. Raises InputError where there is nothing of the kind.
    """
    collected = _Collected()
    for cell in cells:
        collected.add(cell)
    if not collected.graph:
        raise InputError(
            "a graph is made of nodes, relationships and paths, and the query gives none: let it "
            "RETURN some, as in MATCH path = (:User)-[:FRIEND]-(:User) RETURN path LIMIT 10"
        )
    return collected.graph


class _Collected:
    """A graph that grows by what is found."""

    def __init__(self) -> None:
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        self._names: dict[str, str] = {}

    def add(self, cell: Any) -> None:
        """Add what is in ``cell``."""
        if isinstance(cell, NodeValue):
            self._node(cell)
        elif isinstance(cell, RelationshipValue):
            self._relationship(cell)
        elif isinstance(cell, PathValue):
            self.add([*cell.nodes, *cell.relationships])
        elif isinstance(cell, list | dict):
            for part in cell.values() if isinstance(cell, dict) else cell:
                self.add(part)

    def _node(self, node: NodeValue) -> str:
        """Add ``node``; gives its name. Of its ends a relationship may know the keys alone."""
        known = self._names.get(node.key)
        if known is None:
            known = node.key if node.id is None else node_name(node.label or "node", node.id)
            if known in self.graph:
                known = f"{known} ({node.key})"
            self._names[node.key] = known
        if node.label or known not in self.graph:
            self.graph.add_node(known, **_attributes(node))
        return known

    def _relationship(self, relationship: RelationshipValue) -> None:
        start, end = self._node(relationship.start), self._node(relationship.end)
        properties = relationship.properties
        strengths = [properties[name] for name in _WEIGHTS if _is_number(properties.get(name))]
        attributes = {"kind": relationship.type, "weight": float([*strengths, 1][0])}
        others = _flat(properties, {*_OWN, "weight"})
        self.graph.add_edge(start, end, key=relationship.key, **attributes, **others)


def _attributes(node: NodeValue) -> dict[str, Any]:
    id_ = "" if node.id is None else str(node.id)
    label = node.name or f"{node.label} {id_ or node.key}".strip()
    told = {"kind": node.label, "data_id": clean(id_), "label": clean(label)}
    return told | _flat(node.properties, _OWN)


def _flat(properties: dict[str, Any], but: set[str]) -> dict[str, Any]:
    """Properties as a file of a graph can hold them: numbers, truth values and text."""
    return {
        clean(name): value if isinstance(value, bool | int | float) else clean(_text(value))
        for name, value in properties.items()
        if value is not None and name not in but and not isinstance(value, bytes | bytearray)
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
