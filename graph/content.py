"""All nodes and relationships that loads are about, in memory, and out of the store."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import (
    ARTIST,
    HAS_TAG,
    LISTENED,
    NODES,
    RELATIONS,
    TAG,
    TAGGED,
    USER,
    NodeKind,
    RelationKind,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

# Relationships that come from files; the others are counted from these.
FROM_SOURCE = ("LISTENED", "FRIEND", "TAGGED", "FEATURES")

# Users whose listens are asked for in one query.
_AT_ONCE = 10_000

Nodes = dict[Id, tuple[Any, ...]]
Relations = dict[tuple[Id, Id], tuple[Any, ...]]


@dataclass
class GraphContent:
    """Nodes by label and relationships by type, each with its properties in schema order.

    ``doubled`` has the pairs between which a type is there more than once, for types where that
    happens: two writers at once could do that before there were leases. Where it is not ``whole``,
    users and artists are there, and of the rest what a load of listens alone needs.
    """

    nodes: dict[str, Nodes] = field(default_factory=lambda: defaultdict(dict))
    relations: dict[str, Relations] = field(default_factory=lambda: defaultdict(dict))
    doubled: dict[str, set[tuple[Id, Id]]] = field(default_factory=dict)
    whole: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not any(self.nodes.values()) and not any(self.relations.values())


def read_content(store: GraphStore, progress: Progress = silent) -> GraphContent:
    """All nodes and relationships that a load is about."""
    content = GraphContent()
    with progress("reading the graph", len(NODES) + len(RELATIONS)) as advance:
        for node in NODES:
            _put_nodes(content, node, store)
            advance(1)
        for relation in RELATIONS:
            _put(content, relation, store.read_all(relation))
            advance(1)
    return content


def read_listens_of(
    store: GraphStore,
    users: Collection[Id],
    artists: Collection[Id],
    progress: Progress = silent,
) -> GraphContent:
    """All users and artists, but only the listens of ``users``; all tags and HAS_TAG if some of
    ``artists`` are new, which changes what tags weigh.

    Ids are told by how they are written, whether as text or as whole numbers.
    """
    content = GraphContent(whole=False)
    with progress("reading the graph", 4) as advance:
        for node in (USER, ARTIST):
            _put_nodes(content, node, store)
            advance(1)
        asked = {str(id_) for id_ in users}
        there = sorted(id_ for id_ in content.nodes["User"] if str(id_) in asked)
        for start in range(0, len(there), _AT_ONCE):
            _put(content, LISTENED, store.read_of(LISTENED, there[start : start + _AT_ONCE]))
        advance(1)
        if {str(id_) for id_ in artists} - {str(id_) for id_ in content.nodes["Artist"]}:
            _put_nodes(content, TAG, store)
            _put(content, HAS_TAG, store.read_all(HAS_TAG))
        advance(1)
    return content


def _put_nodes(content: GraphContent, kind: NodeKind, store: GraphStore) -> None:
    rows = store.read_all(kind)
    content.nodes[kind.label] = {row[0]: tuple(row[1:]) for row in rows}


def _put(content: GraphContent, kind: RelationKind, rows: list[list[Any]]) -> None:
    found = {(row[0], row[1]): tuple(row[2:]) for row in rows}
    if kind == TAGGED:
        found = {pair: _dated(*values) for pair, values in found.items()}
    content.relations[kind.type] |= found
    if len(found) < len(rows):
        times = Counter((row[0], row[1]) for row in rows)
        doubled = {pair for pair, n in times.items() if n > 1}
        content.doubled[kind.type] = content.doubled.get(kind.type, set()) | doubled


def _dated(tags: list[Id], dates: list[str] | None) -> tuple[list[Id], list[str]]:
    """Tags with their dates: an import of Neo4j's own leaves out a list of one empty text."""
    return tags, [""] * len(tags) if dates is None else dates
