"""From a trained model back into the graph: vectors and a (:Model), switched over together."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import ModelError, StoreError
from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.training_hash import TrainingHashes, marks
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.solver.fold_in_model import FoldIn
from tastegraph.models.storage.switch import begin_switch, end_switch, new_switch
from tastegraph.runtime.progress import Advance, Progress, silent

BATCH = 1_000


@dataclass(frozen=True)
class Table:
    """What a model knows of the nodes of a label, a row each.

    ids
    vectors  (nodes, d)
    columns  (nodes, w)  what each is for others (``FoldIn``), or None
    taught   (nodes,)    marks of what was learned of each, or None
    """

    label: str
    ids: Sequence[Id]
    vectors: Matrix
    columns: Matrix | None = None
    taught: TrainingHashes | None = None

    @property
    def placed(self) -> NDArray[np.bool_]:
        """Who has a vector; (nodes,). One of zeros has no direction: no cosine, no place."""
        return np.asarray(self.vectors.any(axis=1))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Who has a vector or a mark; (nodes,)."""
        return self.placed if self.taught is None else self.placed | (self.taught != 0)

    def rows(self, part: slice) -> Iterator[list[Any]]:
        """Rows ``[id, vector, norm, column, mark]``, None for what a node does not get."""
        vectors = self.vectors[part]
        norms = np.linalg.norm(vectors.astype(np.float64), axis=1)
        for at, (id_, vector, norm) in enumerate(
            zip(self.ids[part], vectors.tolist(), norms.tolist(), strict=True), part.start
        ):
            column = None if self.columns is None else self.columns[at].tobytes()
            mark = None if self.taught is None else int(self.taught[at])
            yield [id_, *((vector, norm, column) if norm > 0 else (None, None, None)), mark]


def tables(data: Dataset, vectors: Vectors, fold_in: FoldIn | None = None) -> list[Table]:
    """What a model that has been fitted to ``data`` knows of its users, artists and tags."""
    users, artists = marks(data)
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

    Beside its vector, each user and artist gets the column that it is for others
    (``influence``, float32 as bytes) and the mark of what was learned of it (``taught``).

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
    """Take the last model's vectors and marks from nodes that get no vector of this one."""
    label = table.label
    found = transaction.values(
        f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL OR n.taught IS NOT NULL RETURN n.id"
    )
    placed = {table.ids[row] for row in np.flatnonzero(table.placed).tolist()}
    stale = [id_ for (id_,) in found if id_ not in placed]
    transaction.write(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) "
        "REMOVE n.embedding, n.norm, n.influence, n.taught",
        {"ids": stale},
    )


def _write(transaction: GraphStore, table: Table, advance: Advance) -> None:
    statement = (
        f"UNWIND $rows AS row MATCH (n:{table.label} {{id: row[0]}}) "
        "SET n.embedding = row[1], n.norm = row[2]"
    )
    if table.label != "Tag":
        statement += ", n.influence = row[3], n.taught = row[4]"
    for start in range(0, len(table.ids), BATCH):
        part = slice(start, start + BATCH)
        rows = list(table.rows(part))
        placed = [row for row in rows if row[1] is not None]
        transaction.write(statement, {"rows": placed})
        known = [[row[0], row[4]] for row in rows if row[1] is None and row[4]]
        if known:
            transaction.write(
                f"UNWIND $rows AS row MATCH (n:{table.label} {{id: row[0]}}) SET n.taught = row[1]",
                {"rows": known},
            )
        advance(len(table.ids[part]))
