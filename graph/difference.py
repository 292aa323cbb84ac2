"""Writing the difference between what the graph holds and what it should hold."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.columns import NONE
from tastegraph.graph.content import GraphContent, Nodes
from tastegraph.graph.relations import Relations, keys_of
from tastegraph.graph.schema import NODES, RELATIONS, NodeKind, RelationKind
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress

BATCH = 10_000

# Floating point that differs by no more is the same: Python and databases add up and take
# logarithms with other errors in the last places.
_SAME = 1e-12

# As ``derived_counts`` derives them.
_IDF = (
    "MATCH (t:Tag) WHERE t.artists > 0 SET t.idf = log(toFloat($artists) / t.artists) "
    "RETURN count(t) AS changed"
)
_NORMS = (
    "UNWIND $rows AS id MATCH (a:Artist {id: id})-[h:HAS_TAG]->(t:Tag) "
    "WITH a, log(1.0 + h.count) * t.idf AS weight "
    "WITH a, sum(weight * weight) AS squares SET a.tagNorm = sqrt(squares) "
    "RETURN count(a) AS changed"
)


@dataclass(frozen=True)
class Changes:
    """How many nodes and relationships were added, changed and removed; notes on what else."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            self.added + other.added, self.changed + other.changed, self.removed + other.removed
        )


def write_difference(
    store: GraphStore, existing: GraphContent, target: GraphContent, progress: Progress
) -> Changes:
    """Make the graph of ``store``, which holds ``existing``, hold ``target``: each query by itself,
    or all in one if ``store`` is a transaction.

    Removals come first: ids that were whole numbers may become the same ids as text, and to
    ArcadeDB's index these are equal. Relationships go before their nodes, which keeps
    transactions small. Of relationships that are there twice, one stays. Both contents have the
    same ``numbers``. More artists in contents that are not whole change the idf of tags in the
    store itself.
    """
    changes = Changes()
    for relation in RELATIONS:
        before, after = existing.relations[relation.type], target.relations[relation.type]
        changes += _remove_extra(store, relation, existing, progress)
        changes += _remove_relations(store, relation, before, after, progress)
    for node in NODES:
        stale = sorted(existing.nodes[node.label].keys() - target.nodes[node.label].keys())
        _send(store, node.delete, stale, f"removing {node.label}", progress)
        changes += Changes(removed=len(stale))
    for node in NODES:
        old, new = existing.nodes[node.label], target.nodes[node.label]
        changes += _merge_nodes(store, node, old, new, progress)
    for relation in RELATIONS:
        changes += _write_relations(store, relation, existing, target, progress)
    if not target.whole and len(target.nodes["Artist"]) > len(existing.nodes["Artist"]):
        changes += _change_idf(store, target.nodes["Artist"], progress)
    return changes


def _change_idf(store: GraphStore, artists: Nodes, progress: Progress) -> Changes:
    """Set the idf of every tag, and the norms of artists with tags, by how many ``artists``
    there are. To read tags and HAS_TAG for this takes longer than all else of a small load.
    """
    changed: int = store.write(_IDF, {"artists": len(artists)})[0]["changed"]
    with progress("changing the idf of tags", len(artists)) as advance:
        for batch in _batches(list(artists)):
            changed += store.write(_NORMS, {"rows": batch})[0]["changed"]
            advance(len(batch))
    return Changes(changed=changed)


def _merge_nodes(
    store: GraphStore, kind: NodeKind, old: Nodes, new: Nodes, progress: Progress
) -> Changes:
    added = [[id_, *values] for id_, values in new.items() if id_ not in old]
    _send(store, kind.merge, added, f"writing {kind.label}", progress)
    changed = changed_nodes(old, new)
    for places, rows in changed.items():
        some = kind.only(*(kind.properties[place] for place in places))
        _send(store, some.merge, rows, f"changing {kind.label}", progress)
    return Changes(added=len(added), changed=sum(map(len, changed.values())))


def changed_nodes(old: Nodes, new: Nodes) -> dict[tuple[int, ...], list[list[Any]]]:
    """Rows ``[id, *values]`` of nodes that differ, by the places of the properties that do.

    A new artist changes one property of all others, and each that is written costs its time.
    Floating point that differs in its last places is the same.
    """
    changed: defaultdict[tuple[int, ...], list[list[Any]]] = defaultdict(list)
    for id_, values in new.items():
        if (before := old.get(id_, values)) != values:
            pairs = enumerate(zip(before, values, strict=True))
            places = tuple(place for place, (was, now) in pairs if _differ(was, now))
            if places:
                changed[places].append([id_, *(values[place] for place in places)])
    return changed


def _differ(was: Any, now: Any) -> bool:
    if isinstance(was, float) and isinstance(now, float):
        return not math.isclose(was, now, rel_tol=_SAME)
    return bool(was != now)


def _remove_extra(
    store: GraphStore, kind: RelationKind, existing: GraphContent, progress: Progress
) -> Changes:
    doubled = existing.doubled.get(kind.type, set())
    extra = _bare(existing.relations[kind.type].take(_among(existing, kind)))
    _send_edges(store, kind.delete_extra, extra, f"removing doubled {kind.type}", progress)
    return Changes(removed=len(doubled))


def _remove_relations(
    store: GraphStore, kind: RelationKind, old: Relations, new: Relations, progress: Progress
) -> Changes:
    removed = _bare(old.take(new.places_of(old.codes) == NONE))
    _send_edges(store, kind.delete, removed, f"removing {kind.type}", progress)
    return Changes(removed=len(removed))


def _write_relations(
    store: GraphStore,
    kind: RelationKind,
    existing: GraphContent,
    target: GraphContent,
    progress: Progress,
) -> Changes:
    old, new = existing.relations[kind.type], target.relations[kind.type]
    at = old.places_of(new.codes)
    added = new.take(at == NONE)
    changed = new.take(np.empty(0, dtype=np.intp))
    if kind.properties and len(old):
        kept = np.flatnonzero(at != NONE)
        # Which one of several stays is the database's choice, and they may differ.
        differs = new.take(kept).differs(old.take(at[kept])) | _among(existing, kind)[at[kept]]
        changed = new.take(kept[differs])
    _send_edges(store, kind.update, changed, f"changing {kind.type}", progress)
    _send_edges(store, kind.create, added, f"writing {kind.type}", progress)
    return Changes(added=len(added), changed=len(changed))


def _among(existing: GraphContent, kind: RelationKind) -> NDArray[np.bool_]:
    """Where relationships of a kind are there twice."""
    relations, doubled = existing.relations[kind.type], existing.doubled.get(kind.type)
    found = np.zeros(len(relations), dtype=bool)
    if doubled:
        starts, ends = zip(*doubled, strict=True)
        keys = keys_of(relations.start_ids.codes(starts), relations.end_ids.codes(ends))
        found[relations.places_of(keys)] = True
    return found


def _bare(relations: Relations) -> Relations:
    return replace(relations, columns=())


def _send(
    store: GraphStore, statement: str, rows: Sequence[Any], label: str, progress: Progress
) -> None:
    if not rows:
        return
    with progress(label, len(rows)) as advance:
        for batch in _batches(rows):
            store.write(statement, {"rows": batch})
            advance(len(batch))


def _send_edges(
    store: GraphStore, statement: str, relations: Relations, label: str, progress: Progress
) -> None:
    """Send relationships grouped by start node, so that each is looked up once a batch."""
    if not relations:
        return
    with progress(label, len(relations)) as advance:
        for starts, ends, values in relations.blocks(BATCH):
            entries = zip(starts, zip(ends, *values, strict=True), strict=True)
            rows = [
                [start, [list(entry) for _, entry in group]]
                for start, group in groupby(entries, key=itemgetter(0))
            ]
            store.write(statement, {"rows": rows})
            advance(len(starts))


def _batches(rows: Sequence[Any]) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
