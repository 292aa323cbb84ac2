"""Writing the difference between what the graph holds and what it should hold."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.columns import NONE
from tastegraph.graph.content import GraphContent, Nodes
from tastegraph.graph.relations import Relations, keys_of
from tastegraph.graph.schema import NODES, RELATIONS, NodeKind, RelationKind
from tastegraph.runtime.progress import Progress

BATCH = 10_000


class Writer(Protocol):
    """What runs writing queries: a GraphStore, each by itself, or a transaction of it.

    None takes effect twice, also where its answer was lost and it is sent again.
    """

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> object:
        """Run one writing query."""


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
    store: Writer, existing: GraphContent, target: GraphContent, progress: Progress
) -> Changes:
    """Make the graph that ``store`` writes to, which holds ``existing``, hold ``target``.

    Removals come first: ids that were whole numbers may become the same ids as text, and to
    ArcadeDB's index these are equal. Relationships go before their nodes, which keeps
    transactions small. Of relationships that are there twice, one stays. Both contents have the
    same ``numbers``.
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
    return changes


def _merge_nodes(
    store: Writer, kind: NodeKind, old: Nodes, new: Nodes, progress: Progress
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
    """
    changed: defaultdict[tuple[int, ...], list[list[Any]]] = defaultdict(list)
    for id_, values in new.items():
        if (before := old.get(id_, values)) != values:
            pairs = enumerate(zip(before, values, strict=True))
            places = tuple(place for place, (was, now) in pairs if was != now)
            changed[places].append([id_, *(values[place] for place in places)])
    return changed


def _remove_extra(
    store: Writer, kind: RelationKind, existing: GraphContent, progress: Progress
) -> Changes:
    doubled = existing.doubled.get(kind.type, set())
    extra = _bare(existing.relations[kind.type].take(_among(existing, kind)))
    _send_edges(store, kind.delete_extra, extra, f"removing doubled {kind.type}", progress)
    return Changes(removed=len(doubled))


def _remove_relations(
    store: Writer, kind: RelationKind, old: Relations, new: Relations, progress: Progress
) -> Changes:
    removed = _bare(old.take(new.places_of(old.codes) == NONE))
    _send_edges(store, kind.delete, removed, f"removing {kind.type}", progress)
    return Changes(removed=len(removed))


def _write_relations(
    store: Writer,
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
    store: Writer, statement: str, rows: Sequence[Any], label: str, progress: Progress
) -> None:
    if not rows:
        return
    with progress(label, len(rows)) as advance:
        for batch in _batches(rows):
            store.write(statement, {"rows": batch})
            advance(len(batch))


def _send_edges(
    store: Writer, statement: str, relations: Relations, label: str, progress: Progress
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
