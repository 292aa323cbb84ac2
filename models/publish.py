"""From a trained model back into the graph: vectors and a (:Model), switched over together."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from neo4j import Transaction

from graph.errors import ModelError, StoreError, StoreInterruptedError
from graph.progress import Advance, Progress, silent
from graph.store import GraphStore
from models.base import Matrix, Vectors
from models.dataset import Dataset
from models.idmap import IdMap

BATCH = 1_000


def publish(
    store: GraphStore,
    data: Dataset,
    vectors: Vectors,
    card: dict[str, Any],
    progress: Progress = silent,
) -> None:
    """Replace the graph's vectors and its Model by these.

    All vectors change in one transaction; while it is being committed, when a database may
    show some of it already, the old Model is marked as switching, and then becomes the new one.
    Readers wait for the mark to go (``models.card.steadily``), so that they never meet vectors
    of both. The vector indexes are dropped first, which makes the commit four times faster, and
    are not there again before ``store.dialect.create_vector_indexes``; until then the exact
    queries serve. Raises ModelError for vectors that are not finite, and writes nothing then.
    """
    tags = vectors.tags
    tables = [
        ("User", data.users, vectors.users),
        ("Artist", data.artists, vectors.artists),
        ("Tag", data.tags, np.zeros((len(data.tags), 0), np.float32) if tags is None else tags),
    ]
    for label, _, matrix in tables:
        if not np.isfinite(matrix).all():
            raise ModelError(
                f"training gave {label} vectors that are no numbers; nothing was written: "
                "try a larger regularisation (--set reg=...) or fewer --dimensions"
            )
    store.dialect.drop_vector_indexes(store)
    total = sum(len(ids) for _, ids, _ in tables)
    with (
        progress("writing vectors", total) as advance,
        _switching(store),
        store.transaction() as transaction,
    ):
        for label, ids, matrix in tables:
            _clear(transaction, label, ids, matrix)
            _write(transaction, label, ids, matrix, advance)
        store.write("MATCH (m:Model) SET m.switching = true")
    store.write("MERGE (m:Model) SET m = $card", {"card": card})


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


def _clear(transaction: Transaction, label: str, ids: IdMap, matrix: Matrix) -> None:
    """Take the last model's vectors from nodes that get none of this one."""
    found = transaction.run(f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL RETURN n.id")
    filled = np.flatnonzero(np.linalg.norm(matrix, axis=1))
    placed = {ids.ids[row] for row in filled.tolist()}
    stale = [record[0] for record in found if record[0] not in placed]
    transaction.run(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) REMOVE n.embedding, n.norm",
        {"ids": stale},
    ).consume()


def _write(
    transaction: Transaction, label: str, ids: IdMap, matrix: Matrix, advance: Advance
) -> None:
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1)
    statement = (
        f"UNWIND $rows AS row MATCH (n:{label} {{id: row[0]}}) "
        "SET n.embedding = row[1], n.norm = row[2]"
    )
    for start in range(0, len(ids), BATCH):
        part = slice(start, start + BATCH)
        rows = zip(ids.ids[part], matrix[part].tolist(), norms[part].tolist(), strict=True)
        # A vector of zeros has no direction: no cosine, no place in the index.
        placed = [list(row) for row in rows if row[2] > 0]
        transaction.run(statement, {"rows": placed}).consume()
        advance(len(ids.ids[part]))
