"""Nodes, relationships and paths as the database sends them, in the little that people ask for.

A node carries its vectors with it; what says which node it is are its label, id and name.
"""

from dataclasses import dataclass
from typing import Any

from neo4j.graph import Node, Path, Relationship


@dataclass(frozen=True)
class NodeValue:
    """A node: its label, its id in the data and, where it has one, its name."""

    label: str
    id: Any
    name: str | None

    def __str__(self) -> str:
        """As a pattern of Cypher, ``(Artist 7 'Air')``."""
        return f"({self.label} {self.id}{f' {self.name!r}' if self.name else ''})"

    def as_dict(self) -> dict[str, Any]:
        """The node as it appears in JSON."""
        named = {"name": self.name} if self.name else {}
        return {"label": self.label, "id": self.id, **named}


@dataclass(frozen=True)
class RelationshipValue:
    """A relationship: its type, the nodes at its ends, and its properties."""

    type: str
    start: NodeValue
    end: NodeValue
    properties: dict[str, Any]

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
        return NodeValue(min(value.labels, default=""), value.get("id"), value.get("name"))
    if isinstance(value, Relationship):
        ends = (plain(value.start_node), plain(value.end_node))
        return RelationshipValue(value.type, *ends, dict(value.items()))
    if isinstance(value, Path):
        return PathValue(tuple(map(plain, value.nodes)), tuple(map(plain, value.relationships)))
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value
