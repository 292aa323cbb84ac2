"""All that the program keeps in a graph, some nodes or relationships at a time.

The lease (``store.lease``) is no part of it: it is of the database, and who writes next makes it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import HIDES, NODES, RELATIONS, TRAINING, RelationKind
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import READ_SOME_PARTS, VersionPart

WITH_ID = (*(kind.label for kind in NODES), *TRAINING.values())
"""Labels of which there are as many nodes as the data have."""

FEW = ("Model", "KeptModel", "ArtistMap", "Schema")
"""Labels of a node or a few."""

KEPT = "KeptVectors"

LABELS = (*WITH_ID, *FEW, KEPT)
TYPES = (*RELATIONS, HIDES)

Properties = dict[str, Any]
T = TypeVar("T")

# Nodes whose properties, or relationships, one query reads; each node may have 4 KB of vectors.
_NODES, _STARTS = 2_000, 2_000

# Parts of kept models, of 60 KB each.
_PARTS = 64

_SIZES = "MATCH (v:KeptVectors) RETURN v.model, v.label, max(v.part) + 1"


def property_names(store: GraphStore, label: str) -> list[str]:
    """The names of all properties that nodes of ``label`` have, sorted."""
    asked = f"MATCH (n:{label}) UNWIND keys(n) AS name RETURN DISTINCT name"
    return sorted(name for (name,) in store.values(asked))


def all_ids(store: GraphStore, label: str) -> list[Id]:
    """The ids of the nodes of ``label`` (of WITH_ID), sorted, whole numbers before text."""
    found = [id_ for (id_,) in store.values(f"MATCH (n:{label}) RETURN n.id") if id_ is not None]
    return sorted(found, key=lambda id_: (isinstance(id_, str), id_))


def node_blocks(
    store: GraphStore, label: str, ids: Sequence[Id] = ()
) -> Iterator[list[Properties]]:
    """The properties of the nodes of ``label``; of WITH_ID those with the ids ``ids``."""
    if label == KEPT:
        yield from _kept_blocks(store)
    elif label in WITH_ID:
        asked = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN properties(n)"
        for some in _some(ids, _NODES):
            yield [properties for (properties,) in store.values(asked, {"ids": some})]
    else:
        asked = f"MATCH (n:{label}) RETURN properties(n)"
        yield [properties for (properties,) in store.values(asked)]


def relation_blocks(
    store: GraphStore, kind: RelationKind, ids: Sequence[Id]
) -> Iterator[list[list[Any]]]:
    """The relationships of ``kind`` that begin at ``ids``, rows as of ``GraphStore.read_all``."""
    for some in _some(ids, _STARTS):
        yield store.read_of(kind, some)


def _kept_blocks(store: GraphStore) -> Iterator[list[Properties]]:
    for model, label, parts in sorted(store.values(_SIZES)):
        for some in _some(range(parts), _PARTS):
            asked = {"model": model, "label": label, "first": some[0], "last": some[-1]}
            found = store.values(READ_SOME_PARTS, asked)
            yield [vars(VersionPart.of(row)) for row in found]


def _some(all_: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(all_), most):
        yield all_[start : start + most]
