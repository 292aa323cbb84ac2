"""All nodes and relationships that loads are about, in memory, and out of the store."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from tastegraph.graph.columns import Column, Lists, Numbering
from tastegraph.graph.frames import Id
from tastegraph.graph.relations import Keys, Pair, Part, Relations, joined, keys_of
from tastegraph.graph.schema import (
    ARTIST,
    LISTENED,
    NODES,
    RELATIONS,
    TAGGED,
    USER,
    NodeKind,
    RelationKind,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

# Relationships that come from files; the others are counted from these.
FROM_SOURCE = ("LISTENED", "FRIEND", "TAGGED", "FEATURES")

# Nodes whose relationships are asked for in one query, and up to which there is one query for all,
# which is quicker than to look each of them up.
_AT_ONCE, _FEW = 5_000, 20_000

TEXTS = "texts"
"""What numbers times and dates."""

# What numbers the values of a property that has no numbers of its own.
_NAMES = {"firstHeard": TEXTS, "lastHeard": TEXTS, "tagIds": "Tag", "taggedOn": TEXTS}
_OF_LISTS = ("tagIds", "taggedOn")

Nodes = dict[Id, tuple[Any, ...]]
Rows = list[list[Any]]
Given: TypeAlias = "Sequence[Id] | pd.Series[Any]"


def _numberings() -> dict[str, Numbering]:
    return {name: Numbering() for name in (*(kind.label for kind in NODES), TEXTS)}


@dataclass
class GraphContent:
    """Nodes by label and relationships by type, each with its properties in schema order.

    ``doubled`` has the pairs between which a type is there more than once, for types where that
    happens: two writers at once could do that before there were leases. Where it is not ``whole``,
    users and artists are there, and of the rest no more than the listens of some users. ``numbers``
    has by label what its relationships number ids with; contents that are compared share it.
    """

    nodes: dict[str, Nodes] = field(default_factory=lambda: defaultdict(dict))
    relations: dict[str, Relations] = field(default_factory=dict)
    doubled: dict[str, set[Pair]] = field(default_factory=dict)
    whole: bool = True
    numbers: dict[str, Numbering] = field(default_factory=_numberings, compare=False, repr=False)

    def __post_init__(self) -> None:
        for kind in RELATIONS:
            self.relations.setdefault(kind.type, self.related(kind, (), ()))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not any(self.nodes.values()) and not any(self.relations.values())

    def related(
        self, kind: RelationKind, starts: Given, ends: Given, values: Sequence[Sequence[Any]] = ()
    ) -> Relations:
        """Relationships by the ids at their start and end, and the values of each property; of
        several between two the last.
        """
        columns = [self.column(*each) for each in zip(kind.properties, values, strict=False)]
        return self.of_keys(kind, self.keys(kind, starts, ends), *columns)[0]

    def keys(self, kind: RelationKind, starts: Given, ends: Given) -> Keys:
        """The keys of relationships of a kind (``keys_of``)."""
        return keys_of(self.numbers[kind.start].codes(starts), self.numbers[kind.end].codes(ends))

    def of_keys(
        self, kind: RelationKind, keys: Keys, *columns: Column | Lists
    ) -> tuple[Relations, Keys]:
        """Relationships by their keys in any order, and the keys that are there several times.

        columns  of ``column``, one a property; none where there is no relationship
        """
        if not columns:
            columns = tuple(self.column(name, ()) for name in kind.properties)
        ids = self.numbers[kind.start], self.numbers[kind.end]
        return Relations.of(ids, keys, columns)

    def column(self, name: str, values: Sequence[Any]) -> Column | Lists:
        """The values of the property ``name``, a list each where that has lists."""
        names = self.numbers[_NAMES[name]] if name in _NAMES else None
        return (Lists if name in _OF_LISTS else Column).of(values, names)


def read_content(store: GraphStore, progress: Progress = silent) -> GraphContent:
    """All nodes and relationships that a load is about."""
    content = GraphContent()
    with progress("reading the graph", len(NODES) + len(RELATIONS)) as advance:
        for node in NODES:
            _put_nodes(content, node, store)
            advance(1)
        for relation in RELATIONS:
            _put(content, relation, _rows_of_all(content, relation, store))
            advance(1)
    return content


def read_listens_of(
    store: GraphStore, users: Collection[Id], progress: Progress = silent
) -> GraphContent:
    """All users and artists, but only the listens of ``users``.

    Ids are told by how they are written, whether as text or as whole numbers.
    """
    content = GraphContent(whole=False)
    with progress("reading the graph", 3) as advance:
        for node in (USER, ARTIST):
            _put_nodes(content, node, store)
            advance(1)
        asked = {str(id_) for id_ in users}
        there = sorted(id_ for id_ in content.nodes["User"] if str(id_) in asked)
        _put(content, LISTENED, _rows_of(LISTENED, there, store))
        advance(1)
    return content


def _put_nodes(content: GraphContent, kind: NodeKind, store: GraphStore) -> None:
    rows = store.read_all(kind)
    content.nodes[kind.label] = {row[0]: tuple(row[1:]) for row in rows}


def _rows_of_all(content: GraphContent, kind: RelationKind, store: GraphStore) -> Iterator[Rows]:
    starts = list(content.nodes[kind.start])
    if len(starts) <= _FEW:
        return iter([store.read_all(kind)])
    return _rows_of(kind, starts, store)


def _rows_of(kind: RelationKind, starts: Sequence[Id], store: GraphStore) -> Iterator[Rows]:
    for at in range(0, len(starts), _AT_ONCE):
        yield store.read_of(kind, starts[at : at + _AT_ONCE])


def _put(content: GraphContent, kind: RelationKind, blocks: Iterator[Rows]) -> None:
    parts = [_part(content, kind, rows) for rows in blocks if rows]
    if parts:
        keys, columns = joined(parts)
        found, doubled = content.of_keys(kind, keys, *columns)
        content.relations[kind.type] = found
        if len(doubled):
            content.doubled[kind.type] = set(found.take(found.places_of(doubled)))


def _part(content: GraphContent, kind: RelationKind, rows: Rows) -> Part:
    starts, ends, *values = zip(*rows, strict=True)
    if kind == TAGGED:
        values = [values[0], (*map(_dates, *values),)]
    columns = tuple(content.column(*each) for each in zip(kind.properties, values, strict=True))
    return content.keys(kind, starts, ends), columns


def _dates(tags: list[Id], dates: list[str] | None) -> list[str]:
    """The dates of tags: an import of Neo4j's own leaves out a list of one empty text."""
    return [""] * len(tags) if dates is None else dates
