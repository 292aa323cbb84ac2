"""Nodes, relationships and paths as the database sends them, in the little that people ask for.

A node carries its vectors with it; what says which node it is are its label, id and name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

# A longer list is a vector or the like, which nobody reads.
_LONGEST = 20


@dataclass(frozen=True)
class NodeValue:
    """A node: its label, its id in the data and, where it has one, its name.

    properties  its other properties that a person can read: no bytes, no vectors
    key         what tells it from all other nodes of the database, while it is there
    """

    label: str
    id: Any
    name: str | None
    properties: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    key: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        """As a pattern of Cypher, ``(Artist 7 'Air')``."""
        own = () if self.id is None else (str(self.id),)
        words = (self.label, *own, *((repr(self.name),) if self.name else ()))
        if self.id is None and not self.name and self.properties:
            words += (str(self.properties),)
        return f"({' '.join(words)})"

    def as_dict(self) -> dict[str, Any]:
        """The node as it appears in JSON."""
        named = {"name": self.name} if self.name else {}
        others = {"properties": self.properties} if self.properties else {}
        return {"label": self.label, "id": self.id, **named, **others}


@dataclass(frozen=True)
class RelationshipValue:
    """A relationship: its type, the nodes at its ends, and its properties."""

    type: str
    start: NodeValue
    end: NodeValue
    properties: dict[str, Any]
    key: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        """As a pattern of Cypher, with both ends."""
        return f"{self.start}{self.arrow(self.start)}{self.end}"

    def arrow(self, begin: NodeValue) -> str:
        """The relationship as it is seen from ``begin``, one of its ends."""
        return f"-[{self.type}]->" if begin == self.start else f"<-[{self.type}]-"

    def as_dict(self) -> dict[str, Any]:
        """The relationship as it appears in JSON."""
        ends = {"start": self.start.as_dict(), "end": self.end.as_dict()}
        return {"type": self.type, **ends, "properties": self.properties}


@dataclass(frozen=True)
class PathValue:
    """A path: its nodes in order, and the relationships between them."""

    nodes: tuple[NodeValue, ...]
    relationships: tuple[RelationshipValue, ...]

    def __str__(self) -> str:
        """As a pattern of Cypher."""
        steps = zip(self.nodes, self.relationships, self.nodes[1:], strict=False)
        return str(self.nodes[0]) + "".join(f"{by.arrow(begin)}{end}" for begin, by, end in steps)

    def as_dict(self) -> dict[str, Any]:
        """The path as it appears in JSON."""
        return {
            "nodes": [node.as_dict() for node in self.nodes],
            "relationships": [relationship.as_dict() for relationship in self.relationships],
        }


def plain(value: Any) -> Any:
    """A value of the driver; nodes, relationships and paths in it as those of this module."""
    if isinstance(value, Node):
        return _node(value)
    if isinstance(value, Relationship):
        ends = (plain(value.start_node), plain(value.end_node))
        properties = {name: plain(entry) for name, entry in value.items()}
        return RelationshipValue(value.type, *ends, properties, value.element_id)
    if isinstance(value, Path):
        return PathValue(tuple(map(plain, value.nodes)), tuple(map(plain, value.relationships)))
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return _without_types_of_the_driver(value)


def _without_types_of_the_driver(value: Any) -> Any:
    """Times as ISO 8601 has them, points and vectors as lists; all else as it is."""
    if hasattr(value, "iso_format"):
        return value.iso_format()
    if isinstance(value, Point):
        return list(value)
    return value.to_native() if hasattr(value, "to_native") else value


def _node(node: Node) -> NodeValue:
    name = node.get("name")
    others = {name: plain(value) for name, value in node.items() if name not in ("id", "name")}
    return NodeValue(
        min(node.labels, default=""),
        node.get("id"),
        None if name is None else str(name),
        readable(others),
        node.element_id,
    )


def readable(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``properties`` that a person can read, in the order of their names."""
    return {
        name: value
        for name, value in sorted(properties.items())
        if not isinstance(value, bytes | bytearray)
        and not (isinstance(value, list) and len(value) > _LONGEST)
    }
