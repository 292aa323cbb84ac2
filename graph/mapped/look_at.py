"""Looks at somebody else's graph: labels, relationship types, properties, and how many."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tastegraph.graph.mapped.statements import quoted
from tastegraph.graph.mapped.write_back_mark import LABEL, Mark
from tastegraph.graph.store.source_graph import SourceGraph
from tastegraph.runtime.progress import Progress, silent

# Nodes or relationships of a kind whose properties are looked at.
_LOOKED_AT = 500

NUMBER, TEXT, TIME, LIST, OTHER = "number", "text", "time", "list", "other"


@dataclass(frozen=True)
class Property:
    """A property as the nodes or relationships that were looked at have it.

    kind      NUMBER, TEXT, TIME, LIST (of text) or OTHER
    share     of them that have it
    distinct  whether no two have the same value
    """

    name: str
    kind: str
    share: float
    distinct: bool


@dataclass(frozen=True)
class Kind:
    """Nodes of a label, or relationships of a type between two labels, and their properties."""

    name: str
    count: int
    properties: tuple[Property, ...] = ()
    start: str = ""
    end: str = ""
    unique: frozenset[str] = field(default_factory=frozenset)

    def named(self, *kinds: str) -> list[Property]:
        """Its properties of some kinds."""
        return [each for each in self.properties if each.kind in kinds]


@dataclass(frozen=True)
class Schema:
    """All labels and all relationships of a graph, the most first."""

    labels: tuple[Kind, ...]
    relations: tuple[Kind, ...]

    def label(self, name: str) -> Kind:
        """The nodes of a label that is there."""
        return next(each for each in self.labels if each.name == name)


def look_at(source: SourceGraph, progress: Progress = silent) -> Schema:
    """The schema of ``source``, without what we have written there."""
    names = [name for (name,) in source.rows("CALL db.labels() YIELD label RETURN label")]
    types = source.rows(
        "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType"
    )
    mark = Mark.read(source)
    unique = _unique(source)
    ours = {mark.embedding} if mark else set()
    labels, relations = [], []
    with progress("Looking at the graph", len(names) + len(types)) as advance:
        for name in sorted(set(names) - {LABEL}):
            if kind := _nodes(source, name, unique.get(name, frozenset()), ours):
                labels.append(kind)
            advance(1)
        for (name,) in types:
            if mark is None or name != mark.recommended:
                relations += _relations(source, name)
            advance(1)
    return Schema(_most_first(labels), _most_first(relations))


def _nodes(
    source: SourceGraph, label: str, unique: frozenset[str], ours: set[str | None]
) -> Kind | None:
    pattern = f"(x:{quoted(label)})"
    count = source.rows(f"MATCH {pattern} RETURN count(x)")[0][0]
    found = tuple(each for each in _properties(source, pattern) if each.name not in ours)
    return Kind(label, count, found, unique=unique) if count else None


def _relations(source: SourceGraph, type_: str) -> list[Kind]:
    """One kind for each two labels that relationships of a type connect."""
    found = source.rows(
        f"MATCH (s)-[x:{quoted(type_)}]->(e) UNWIND labels(s) AS start UNWIND labels(e) AS end "
        "RETURN start, end, count(*) ORDER BY start, end"
    )
    return [
        Kind(
            type_,
            count,
            _properties(source, f"(:{quoted(start)})-[x:{quoted(type_)}]->(:{quoted(end)})"),
            start,
            end,
        )
        for start, end, count in found
    ]


def _properties(source: SourceGraph, pattern: str) -> tuple[Property, ...]:
    looked = [
        row[0] for row in source.rows(f"MATCH {pattern} RETURN properties(x) LIMIT {_LOOKED_AT}")
    ]
    names = sorted({name for values in looked for name in values})
    return tuple(
        _property(name, [values[name] for values in looked if name in values], len(looked))
        for name in names
    )


def _property(name: str, values: list[Any], looked: int) -> Property:
    distinct = len(set(map(repr, values))) == len(values)
    return Property(name, _kind(values), len(values) / looked, distinct)


def _kind(values: Iterable[Any]) -> str:
    kinds = {_kind_of(value) for value in values}
    return kinds.pop() if len(kinds) == 1 else OTHER


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return OTHER
    if isinstance(value, int | float):
        return NUMBER
    if isinstance(value, str):
        return TEXT
    if isinstance(value, list):
        return LIST if all(isinstance(each, str) for each in value) else OTHER
    return TIME if hasattr(value, "iso_format") else OTHER


def _unique(source: SourceGraph) -> dict[str, frozenset[str]]:
    """Properties of each label that a constraint says are unique, each by itself."""
    found = source.rows(
        "SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties "
        "RETURN type, labelsOrTypes, properties"
    )
    unique: dict[str, set[str]] = {}
    for type_, labels, properties in found:
        if type_ in ("UNIQUENESS", "NODE_KEY", "NODE_PROPERTY_UNIQUENESS") and len(properties) == 1:
            unique.setdefault(labels[0], set()).update(properties)
    return {label: frozenset(names) for label, names in unique.items()}


def _most_first(kinds: list[Kind]) -> tuple[Kind, ...]:
    return tuple(sorted(kinds, key=lambda kind: (-kind.count, kind.name, kind.start, kind.end)))
