"""From a trained model back into the graph: vectors and a (:Model), switched over together."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from neo4j import Transaction

from graph.errors import ModelError, StoreError, StoreInterruptedError
from graph.progress import Advance, Progress, silent
from graph.store import GraphStore
from models.base import Matrix, Vectors
from models.dataset import Dataset
from models.idmap import IdMap
from models.influence import Influence
from models.marks import Marks, marks

BATCH = 1_000


def publish(
    store: GraphStore,
    data: Dataset,
    vectors: Vectors,
    card: dict[str, Any],
    progress: Progress = silent,
    *,
    influence: Influence | None = None,
) -> None:
    """Replace the graph's vectors and its Model by these.

    Beside its vector, each user and artist gets the column that it is for others
    (``influence``, float32 as bytes) and the mark of what was learned of it (``taught``).

    All vectors change in one transaction; while it is being committed, when a database may
    show some of it already, the old Model is marked as switching, and then becomes the new one.
    Readers wait for the mark to go (``models.card.steadily``), so that they never meet vectors
    of both. The vector indexes are dropped first, which makes the commit four times faster, and
    are not there again before ``store.dialect.create_vector_indexes``; until then the exact
    queries serve. Raises ModelError for vectors that are not finite, and writes nothing then.
    """
    tables = _tables(data, vectors, influence)
    kept = influence.kernel.as_properties() if influence else {}
    store.dialect.drop_vector_indexes(store)
    total = sum(len(table.ids) for table in tables)
    with (
        progress("writing vectors", total) as advance,
        _switching(store),
        store.transaction() as transaction,
    ):
        for table in tables:
            _clear(transaction, table)
            _write(transaction, table, advance)
        store.write("MATCH (m:Model) SET m.switching = true")
    store.write("MERGE (m:Model) SET m = $card", {"card": card | kept})


@contextmanager
def _switching(store: GraphStore) -> Iterator[None]:
    """Take the mark off again when nothing was committed."""
    try:
        yield
    except StoreInterruptedError:
        raise
    except BaseException:
        with suppress(StoreError):
            store.write("MATCH (m:Model) SET m.switching = false")
        raise


def _tables(data: Dataset, vectors: Vectors, influence: Influence | None) -> "list[_Table]":
    """What is to be written, refused where it is no numbers."""
    tags = vectors.tags
    users, artists = marks(data)
    tables = [
        _Table("User", data.users, vectors.users, influence.friends if influence else None, users),
        _Table(
            "Artist",
            data.artists,
            vectors.artists,
            influence.artists if influence else None,
            artists,
        ),
        _Table(
            "Tag", data.tags, np.zeros((len(data.tags), 0), np.float32) if tags is None else tags
        ),
    ]
    for table in tables:
        if not np.isfinite(table.vectors).all():
            raise ModelError(
                f"training gave {table.label} vectors that are no numbers; nothing was written: "
                "try a larger regularisation (--set reg=...) or fewer --dimensions"
            )
    return tables


@dataclass(frozen=True)
class _Table:
    """What the nodes of a label get.

    vectors  (nodes, d)
    columns  (nodes, w)  of ``Influence``, or None
    taught   (nodes,)    marks, or None
    """

    label: str
    ids: IdMap
    vectors: Matrix
    columns: Matrix | None = None
    taught: Marks | None = None

    def rows(self, part: slice) -> Iterator[list[Any]]:
        """Rows ``[id, vector, norm, column, mark]``, None for what a node does not get."""
        vectors = self.vectors[part]
        norms = np.linalg.norm(vectors.astype(np.float64), axis=1)
        for at, (id_, vector, norm) in enumerate(
            zip(self.ids.ids[part], vectors.tolist(), norms.tolist(), strict=True), part.start
        ):
            column = None if self.columns is None else self.columns[at].tobytes()
            mark = None if self.taught is None else int(self.taught[at])
            # A vector of zeros has no direction: no cosine, no place in the index.
            yield [id_, *((vector, norm, column) if norm > 0 else (None, None, None)), mark]


def _clear(transaction: Transaction, table: _Table) -> None:
    """Take the last model's vectors from nodes that get none of this one."""
    label = table.label
    found = transaction.run(f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL RETURN n.id")
    filled = np.flatnonzero(np.linalg.norm(table.vectors, axis=1))
    placed = {table.ids.ids[row] for row in filled.tolist()}
    stale = [record[0] for record in found if record[0] not in placed]
    transaction.run(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) "
        "REMOVE n.embedding, n.norm, n.influence, n.taught",
        {"ids": stale},
    ).consume()


def _write(transaction: Transaction, table: _Table, advance: Advance) -> None:
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
        transaction.run(statement, {"rows": placed}).consume()
        known = [[row[0], row[4]] for row in rows if row[1] is None and row[4]]
        if known:
            transaction.run(
                f"UNWIND $rows AS row MATCH (n:{table.label} {{id: row[0]}}) SET n.taught = row[1]",
                {"rows": known},
            ).consume()
        advance(len(table.ids.ids[part]))
