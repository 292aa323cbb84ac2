"""What a model knows of nodes, as rows that are written to them and taken from them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.vectors import Matrix

if TYPE_CHECKING:
    from tastegraph.models.data.training_hash import TrainingHashes

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

    def ids_of(self, rows: NDArray[np.bool_]) -> set[Id]:
        """The ids of the nodes that ``rows`` says yes to; (nodes,)."""
        return {self.ids[row] for row in np.flatnonzero(rows).tolist()}

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


def write_table(transaction: GraphStore, table: Table, part: slice) -> None:
    """Write the rows ``part`` of ``table``: vectors to its nodes, the rest beside them."""
    write_embeddings(transaction, table.label, table.vector_rows(part))
    if table.label in TRAINING:
        write_training(transaction, table.label, table.training_rows(part))


def placed_besides(store: GraphStore, label: str, placed: Collection[Id]) -> list[Id]:
    """Who has a vector though not among ``placed``."""
    return _besides(store, f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL RETURN n.id", placed)


def trained_besides(store: GraphStore, label: str, known: Collection[Id]) -> list[Id]:
    """Of whom a training has left something (``TRAINING``) though not among ``known``."""
    return _besides(store, f"MATCH (t:{TRAINING[label]}) RETURN t.id", known)


def _besides(store: GraphStore, question: str, own: Collection[Id]) -> list[Id]:
    return [id_ for (id_,) in store.values(question) if id_ not in own]


def take_vectors(transaction: GraphStore, label: str, ids: Sequence[Id]) -> None:
    """Take their vectors from the nodes with the ids ``ids``."""
    transaction.write(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) REMOVE n.embedding, n.norm", {"ids": ids}
    )


def take_training(transaction: GraphStore, label: str, ids: Sequence[Id]) -> None:
    """Take away what a training has left of the nodes with the ids ``ids``."""
    transaction.write(
        f"UNWIND $ids AS id MATCH (t:{TRAINING[label]} {{id: id}}) DELETE t", {"ids": ids}
    )


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
