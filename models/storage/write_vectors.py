"""From a trained model back into the graph: vectors and a (:Model), switched over together."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import ModelError, StoreError
from tastegraph.graph.frames import Id
from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.storage.switch import begin_switch, end_switch, new_switch
from tastegraph.runtime.progress import Advance, Progress, silent

if TYPE_CHECKING:
    from tastegraph.models.data.dataset import Dataset
    from tastegraph.models.data.training_hash import TrainingHashes
    from tastegraph.models.solver.fold_in_model import FoldIn

BATCH = 1_000


@dataclass(frozen=True)
class Table:
    """What a model knows of the nodes of a label, a row each.

    ids
    vectors  (nodes, d)
    columns  (nodes, w)  what each is for others (``FoldIn``), or None
    hashes   (nodes,)    of what was learned of each, or None
    """

    label: str
    ids: Sequence[Id]
    vectors: Matrix
    columns: Matrix | None = None
    hashes: "TrainingHashes | None" = None

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Who has a vector; (nodes,). One of zeros has no direction: no cosine, no place."""
        return np.asarray(self.vectors.any(axis=1))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Who has a vector or a hash; (nodes,)."""
        return self.placed if self.hashes is None else self.placed | (self.hashes != 0)

    def vector_rows(self, part: slice) -> list[list[Any]]:
        """Rows ``[id, vector, norm]`` of those of ``part`` that have a vector."""
        vectors = self.vectors[part]
        norms = np.linalg.norm(vectors.astype(np.float64), axis=1)
        rows = zip(self.ids[part], vectors.tolist(), norms.tolist(), strict=True)
        return [[id_, vector, norm] for id_, vector, norm in rows if norm > 0]

    def training_rows(self, part: slice) -> list[list[Any]]:
        """Rows ``[id, column, hash]`` of those of ``part`` that are known."""
        placed = self.placed
        return [
            [
                self.ids[row],
                self.columns[row].tobytes() if self.columns is not None and placed[row] else None,
                None if self.hashes is None else int(self.hashes[row]),
            ]
            for row in (np.flatnonzero(self.known[part]) + part.start).tolist()
        ]


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

    Vectors and Model change in one transaction. While it is being committed, when a database may
    show some of it already, the Model of before is marked as switching, and so is the new one
    until the commit has ended; readers wait for the mark to go (``model_card.consistent_read``),
    so that they never meet vectors of both. A mark that outlives its writer means nothing: what
    is in the graph then is the one model or the other. The vector indexes are dropped first,
    which makes the commit four times faster, and are not there again before
    ``dialect.create_vector_indexes``; until then the exact queries serve. Raises ModelError for
    vectors that are not finite, and writes nothing then.
    """
    _check(known)
    with store.writing("train") as writer:
        writer.dialect.drop_vector_indexes(writer)
        try:
            writer.transact(
                lambda transaction: _replace(writer, transaction, known, card, progress)
            )
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
    switching = {"switching": True, "switch": new_switch()}
    transaction.write("MERGE (m:Model) SET m = $card", {"card": card | switching})


def _check(known: Sequence[Table]) -> None:
    """Refuse what is no numbers."""
    for table in known:
        if not np.isfinite(table.vectors).all():
            raise ModelError(
                f"training gave {table.label} vectors that are no numbers; nothing was written: "
                "try a larger regularisation (--set reg=...) or fewer --dimensions"
            )


def _clear(transaction: GraphStore, table: Table) -> None:
    """Take what the last model left from whom this one does not know."""
    label, training = table.label, TRAINING.get(table.label)
    found = transaction.values(f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL RETURN n.id")
    transaction.write(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) REMOVE n.embedding, n.norm",
        {"ids": _others(found, table, table.placed)},
    )
    if training:
        found = transaction.values(f"MATCH (t:{training}) RETURN t.id")
        transaction.write(
            f"UNWIND $ids AS id MATCH (t:{training} {{id: id}}) DELETE t",
            {"ids": _others(found, table, table.known)},
        )


def _others(found: list[list[Any]], table: Table, rows: NDArray[np.bool_]) -> list[Id]:
    own = {table.ids[row] for row in np.flatnonzero(rows).tolist()}
    return [id_ for (id_,) in found if id_ not in own]


def _write(transaction: GraphStore, table: Table, advance: Advance) -> None:
    training = TRAINING.get(table.label)
    for start in range(0, len(table.ids), BATCH):
        part = slice(start, start + BATCH)
        write_embeddings(transaction, table.label, table.vector_rows(part))
        if training:
            write_training(transaction, table.label, table.training_rows(part))
        advance(len(table.ids[part]))


def write_embeddings(transaction: GraphStore, label: str, rows: Sequence[Sequence[Any]]) -> None:
    """Set vectors from rows ``[id, vector, norm]``; None for both takes them away."""
    _in_batches(
        transaction,
        f"UNWIND $rows AS row MATCH (n:{label} {{id: row[0]}}) "
        "SET n.embedding = row[1], n.norm = row[2]",
        rows,
    )


def write_training(transaction: GraphStore, label: str, rows: Sequence[Sequence[Any]]) -> None:
    """Set column and hash of users or artists, from rows ``[id, column, hash]``."""
    _in_batches(
        transaction,
        f"UNWIND $rows AS row MERGE (t:{TRAINING[label]} {{id: row[0]}}) "
        "SET t.foldInColumn = row[1], t.trainingHash = row[2]",
        rows,
    )


def write_hashes(transaction: GraphStore, label: str, rows: Sequence[Sequence[Any]]) -> None:
    """Set the hash alone, from rows ``[id, hash]``."""
    _in_batches(
        transaction,
        f"UNWIND $rows AS row MERGE (t:{TRAINING[label]} {{id: row[0]}}) "
        "SET t.trainingHash = row[1]",
        rows,
    )


def _in_batches(transaction: GraphStore, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        transaction.write(statement, {"rows": rows[start : start + BATCH]})
