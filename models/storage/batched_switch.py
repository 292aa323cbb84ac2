"""A model that is too large for one transaction takes another's place in several.

All that it knows is kept first, as (:KeptVectors), which nobody reads. Then, in one transaction,
it becomes a (:KeptModel), and its (:Model) takes the place of the last one, marked as ``switching``
and ``inBatches``. From here on nodes have vectors of both, until all have been copied to them, some
parts a transaction, and the marks go. Who finds the marks without their writer copies again from
the beginning (``complete_switch``), which ends in the same; what was kept only in part before is of
no model, and is removed (``remove_orphans``).
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from tastegraph.errors import ModelError
from tastegraph.graph.frames import Id
from tastegraph.graph.schema import NODES, TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import PART, READ_SOME_PARTS, VersionPart
from tastegraph.models.storage.kept_parts import parts_of, remove_orphans, remove_parts, table_of
from tastegraph.models.storage.vector_rows import (
    Table,
    placed_besides,
    take_training,
    take_vectors,
    trained_besides,
    write_table,
)
from tastegraph.runtime.progress import Advance, Progress, silent

ATOMIC = 64_000_000
"""Bytes of vectors and columns, 4 a number, that one transaction still replaces.

A database holds several times as much until it commits, and breaks where its heap is smaller.
"""

T = TypeVar("T")

# Parts in one transaction, 15 MB, and nodes that one takes vectors from.
_PARTS, _TAKEN = 256, 5_000

IN_BATCHES = {"mark": "inBatches"}
"""The mark as a parameter, so that nobody is warned of a property that no model has yet."""

_LOOK = "MATCH (m:Model) RETURN m.id, m[$mark]"
_KEEP = "MERGE (m:KeptModel {id: $id}) SET m = $card"
_BEGIN = "MERGE (m:Model) SET m = $card SET m.inBatches = true"
_END = "MATCH (m:Model) SET m.switching = false REMOVE m.inBatches"
_KEPT = "MATCH (m:KeptModel {id: $model}) RETURN m.id"
_SIZES = """
MATCH (v:KeptVectors {model: $model})
RETURN v.label AS label, max(v.part) + 1 AS parts, sum(size(v.ids)) AS rows
"""
_COUNT = "MATCH (v:KeptVectors {model: $model}) RETURN count(v)"


def is_large(known: Sequence[Table]) -> bool:
    """Whether what is ``known`` is more than one transaction replaces."""
    return sum(4 * _numbers(table) for table in known) > ATOMIC


def _numbers(table: Table) -> int:
    return int(table.vectors.size + (0 if table.columns is None else table.columns.size))


def is_kept_large(store: GraphStore, model: str) -> bool:
    """The same of a model that is kept."""
    return bool(store.values(_COUNT, {"model": model})[0][0] * PART > ATOMIC)


def keep_parts(
    writer: GraphStore, model: str, known: Sequence[Table], progress: Progress = silent
) -> None:
    """Put what is ``known`` into the graph as the parts of ``model``, and no others."""
    remove_orphans(writer)
    remove_parts(writer, model)
    with progress("keeping the model", sum(len(table.ids) for table in known)) as advance:
        for table in known:
            for some in _some(parts_of(model, table), _PARTS):
                _keep(writer, some)
                advance(sum(len(part.ids) for part in some))


def _keep(writer: GraphStore, parts: Sequence[VersionPart]) -> None:
    def write(transaction: GraphStore) -> None:
        for part in parts:
            part.write(transaction)

    writer.transact(write)


def begin_batches(writer: GraphStore, card: dict[str, Any], mark: dict[str, Any]) -> None:
    """Keep the model of ``card``, whose parts are there, and put it in the place of the last one.

    ``mark`` is what its (:Model) says beside the card while it is switching.
    """

    def begin(transaction: GraphStore) -> None:
        transaction.write(_KEEP, {"id": card["id"], "card": card})
        transaction.write(_BEGIN, {"card": card | mark})

    writer.transact(begin)


def complete_switch(writer: GraphStore) -> bool:
    """Go on with a switch in batches that was broken off; gives whether there was one.

    ModelError where what it needs is not kept any more.
    """
    rows = writer.values(_LOOK, IN_BATCHES)
    if not rows or not rows[0][1]:
        return False
    model = str(rows[0][0])
    writer.note(f"the switch to the model {model} was broken off: it is completed now")
    copy_parts(writer, model)
    return True


def copy_parts(writer: GraphStore, model: str, progress: Progress = silent) -> None:
    """Replace the graph's vectors by what is kept of ``model``, and take its marks away.

    ModelError where it is not kept.
    """
    asked = {"model": model}
    sizes = {label: (parts, rows) for label, parts, rows in writer.values(_SIZES, asked)}
    if not sizes or not writer.values(_KEPT, asked):
        raise ModelError(
            f"the switch to the model {model} was broken off, and it is kept no longer: "
            "'tastegraph train' learns a new one"
        )
    with progress("writing vectors", sum(rows for _, rows in sizes.values())) as advance:
        for kind in NODES:
            parts = range(sizes.get(kind.label, (0, 0))[0])
            _copy(writer, model, kind.label, parts, advance)
    writer.write(_END)


def _copy(
    writer: GraphStore, model: str, label: str, parts: Sequence[int], advance: Advance
) -> None:
    """Write what is kept of the nodes of ``label``, then take from all others what they have."""
    placed: set[Id] = set()
    known: set[Id] = set()
    for table in _tables(writer, model, label, parts):
        _write(writer, table)
        placed |= table.ids_of(table.placed)
        known |= table.ids_of(table.known)
        advance(len(table.ids))
    for ids in _some(placed_besides(writer, label, placed), _TAKEN):
        writer.transact(partial(take_vectors, label=label, ids=ids))
    if label in TRAINING:
        for ids in _some(trained_besides(writer, label, known), _TAKEN):
            writer.transact(partial(take_training, label=label, ids=ids))


def _tables(writer: GraphStore, model: str, label: str, parts: Sequence[int]) -> Iterator[Table]:
    """What is kept, some parts at a time; a part may be gone with whom it was of."""
    for some in _some(parts, _PARTS):
        asked = {"model": model, "label": label, "first": some[0], "last": some[-1]}
        found = [VersionPart.of(row) for row in writer.values(READ_SOME_PARTS, asked)]
        if found:
            yield table_of(label, found)


def _write(writer: GraphStore, table: Table) -> None:
    writer.transact(lambda transaction: write_table(transaction, table, slice(0, len(table.ids))))


def _some(all_: Iterable[T], most: int) -> Iterator[list[T]]:
    """``most`` of them at a time."""
    left = iter(all_)
    while some := list(islice(left, most)):
        yield some
