"""Properties that people have put on users, artists and tags: what no load and no model writes.

``(:Artist {country: 'IS'})`` is one, and so is the community of a user.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from tastegraph.graph.frames import Id, OwnProperty
from tastegraph.graph.schema import NODES
from tastegraph.graph.store.graph_store import GraphStore

# What the program itself keeps on nodes beside what a load sets: ids, vectors and their marks.
_OF_THE_PROGRAM = (
    *("id", "embedding", "norm", "influence", "taught", "trainingHash"),
    *("mapX", "mapY"),
)

Key = tuple[str, Id, str]

_READ = (
    "MATCH (n:{label}) UNWIND keys(n) AS name WITH n, name WHERE NOT name IN $left_out "
    "RETURN n.id, name, n[name]"
)
_WRITE = "UNWIND $rows AS row MATCH (n:{label} {{id: row[0]}}) SET n += row[1]"
_LABELS = {kind.label: kind for kind in NODES}


def reserved(label: str) -> frozenset[str]:
    """Names of properties of ``label`` that are the program's own."""
    return frozenset((*_OF_THE_PROGRAM, *_LABELS[label].properties))


def read_own_properties(store: GraphStore) -> tuple[list[OwnProperty], list[str]]:
    """All of them in order of label, id and name; and what values no table can hold.

    Text, numbers, truth values and lists of these are kept; the others (dates, points) are named
    as ``Label.name``.
    """
    found: list[OwnProperty] = []
    others: set[str] = set()
    for label in _LABELS:
        rows = store.values(_READ.format(label=label), {"left_out": sorted(reserved(label))})
        for id_, name, value in rows:
            if _is_plain(value):
                found.append(OwnProperty(label, id_, name, value))
            else:
                others.add(f"{label}.{name}")
    found.sort(key=lambda each: (each.label, isinstance(each.id, str), each.id, each.name))
    return found, sorted(others)


def write_own_properties(store: GraphStore, properties: Iterable[OwnProperty]) -> int:
    """Set ``properties`` on nodes that are there; gives how many were not so before."""
    before = {_key(each): each.value for each in read_own_properties(store)[0]}
    new = [each for each in properties if not _same(before.get(_key(each)), each.value)]
    rows: dict[str, dict[Id, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for label, id_, name, value in new:
        rows[label][id_][name] = value
    for label, values in rows.items():
        store.write(_WRITE.format(label=label), {"rows": [list(row) for row in values.items()]})
    return len(new)


def _key(each: OwnProperty) -> Key:
    return each.label, each.id, each.name


def _same(one: object, other: object) -> bool:
    """Whether two values are one: True is not 1."""
    return repr(one) == repr(other)


def _is_plain(value: object) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(isinstance(each, str | int | float) for each in values)
