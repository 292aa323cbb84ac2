"""From a trained model back into the graph: vectors and a (:Model), switched over together."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from tastegraph.errors import ModelError, StoreError
from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.storage.batched_switch import (
    begin_batches,
    copy_parts,
    is_large,
    keep_parts,
)
from tastegraph.models.storage.switch import begin_switch, end_switch, new_switch
from tastegraph.models.storage.vector_rows import (
    BATCH,
    Table,
    placed_besides,
    take_training,
    take_vectors,
    trained_besides,
    write_table,
)
from tastegraph.runtime.progress import Advance, Progress, silent

if TYPE_CHECKING:
    from tastegraph.models.data.dataset import Dataset
    from tastegraph.models.solver.fold_in_model import FoldIn


def tables(data: "Dataset", vectors: Vectors, fold_in: "FoldIn | None" = None) -> list[Table]:
    """What a model that has been fitted to ``data`` knows of its users, artists and tags."""
    from tastegraph.models.data.training_hash import training_hashes

    users, artists = training_hashes(data)
    tags = np.zeros((len(data.tags), 0), np.float32) if vectors.tags is None else vectors.tags
    befriended, heard = (fold_in.friends, fold_in.artists) if fold_in else (None, None)
    return [
        Table("User", data.users.ids, vectors.users, befriended, users),
        Table("Artist", data.artists.ids, vectors.artists, heard, artists),
        Table("Tag", data.tags.ids, tags),
    ]


def publish(
    store: GraphStore, known: Sequence[Table], card: dict[str, Any], progress: Progress = silent
) -> None:
    """Replace the graph's vectors and its Model by what is ``known`` and ``card``.

    Vectors stand on the users, artists and tags themselves; the column that each user and artist
    is for others, and the hash of what was learned of it, on nodes of their own (``TRAINING``).

    Vectors and Model change in one transaction, unless they are too large for one
    (``batched_switch``): such a model is kept, and switched to in several. Raises ModelError for
    vectors that are not finite, and writes nothing then.
    """
    require_numbers(known)
    with store.writing("train") as writer:
        if is_large(known):
            keep_parts(writer, card["id"], known, progress)
            publish_kept(writer, card, progress)
        else:
            _publish_at_once(writer, known, card, progress)


def publish_kept(writer: GraphStore, card: dict[str, Any], progress: Progress = silent) -> None:
    """Replace vectors and Model by those of ``card``, whose parts are kept, in batches.

    Readers wait from the first batch to the last. Broken off, it is completed by the next who
    asks for the model.
    """
    writer.dialect.drop_vector_indexes(writer)
    begin_batches(writer, card, _switching())
    copy_parts(writer, card["id"], progress)


def _publish_at_once(
    writer: GraphStore, known: Sequence[Table], card: dict[str, Any], progress: Progress
) -> None:
    """Replace vectors and Model in one transaction.

    While it is being committed, when a database may show some of it already, the Model of before
    is marked as switching, and so is the new one until the commit has ended; readers wait for the
    mark to go (``model_card.consistent_read``), so that they never meet vectors of both. A mark
    that outlives its writer means nothing: what is in the graph then is the one model or the other.
    The vector indexes are dropped first, which makes the commit four times faster, and are not
    there again before ``dialect.create_vector_indexes``; until then the exact queries serve.
    """
    writer.dialect.drop_vector_indexes(writer)
    try:
        writer.transact(lambda transaction: _replace(writer, transaction, known, card, progress))
    except BaseException:
        with suppress(StoreError):
            end_switch(writer)
        raise
    end_switch(writer)


def _replace(
    writer: GraphStore,
    transaction: GraphStore,
    known: Sequence[Table],
    card: dict[str, Any],
    progress: Progress,
) -> None:
    with progress("writing vectors", sum(len(table.ids) for table in known)) as advance:
        for table in known:
            _clear(transaction, table)
            _write(transaction, table, advance)
    begin_switch(writer)
    transaction.write("MERGE (m:Model) SET m = $card", {"card": card | _switching()})


def _switching() -> dict[str, Any]:
    """What a (:Model) says while it is taking another's place."""
    return {"switching": True, "switch": new_switch()}


def require_numbers(known: Sequence[Table]) -> None:
    """Raise ModelError for vectors that are not finite."""
    for table in known:
        if not np.isfinite(table.vectors).all():
            raise ModelError(
                f"training gave {table.label} vectors that are no numbers; nothing was written: "
                "try a larger regularisation (--set reg=...) or fewer --dimensions"
            )


def _clear(transaction: GraphStore, table: Table) -> None:
    """Take what the last model left from whom this one does not know."""
    label = table.label
    others = placed_besides(transaction, label, table.ids_of(table.placed))
    take_vectors(transaction, label, others)
    if label in TRAINING:
        others = trained_besides(transaction, label, table.ids_of(table.known))
        take_training(transaction, label, others)


def _write(transaction: GraphStore, table: Table, advance: Advance) -> None:
    for start in range(0, len(table.ids), BATCH):
        part = slice(start, start + BATCH)
        write_table(transaction, table, part)
        advance(len(table.ids[part]))
