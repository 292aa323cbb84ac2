"""The last few models, to roll back to: kept when trained, listed, used again, removed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from graph.errors import InputError, NotFoundError
from graph.kept import PART, READ_PART, KeptPart
from graph.names import did_you_mean
from graph.progress import Progress, silent
from graph.store import GraphStore
from models.base import Matrix, Vectors
from models.card import read_card
from models.dataset import Dataset
from models.idmap import IdMap
from models.publish import publish
from models.pull import pull

KEPT = 3
"""Models that a training leaves, its own included."""

COLUMNS = ("place", "model", "algorithm", "dimensions", "seed", "trained_at", "current")


def keep(
    store: GraphStore,
    data: Dataset,
    vectors: Vectors,
    card: dict[str, Any],
    most: int = KEPT,
) -> None:
    """Keep a model that has just been published beside the ``most`` - 1 trained last.

    In one transaction; with 0 none is kept, and those kept before are removed.
    """
    old = _ids(store)
    with store.transaction() as transaction:
        for id_ in old[max(most - 1, 0) :]:
            transaction.run(_REMOVE_VECTORS, {"id": id_}).consume()
            transaction.run(_REMOVE_MODEL, {"id": id_}).consume()
        if most:
            transaction.run("CREATE (m:KeptModel) SET m = $card", {"card": card}).consume()
            for part in _parts(card["id"], data, vectors):
                part.write(transaction)


def list_models(store: GraphStore) -> pd.DataFrame:
    """The kept models, the last trained first; columns COLUMNS."""
    current = [row[0] for row in store.values("MATCH (m:Model) RETURN m.id")]
    rows = store.rows(
        "MATCH (m:KeptModel) RETURN m.id AS model, m.algorithm AS algorithm, "
        "m.dimensions AS dimensions, m.seed AS seed, m.trainedAt AS trained_at "
        "ORDER BY trained_at DESC, model DESC"
    )
    placed = [{"place": place} | row for place, row in enumerate(rows, 1)]
    frame = pd.DataFrame(placed, columns=list(COLUMNS[:-1]))
    return frame.assign(current=frame["model"].isin(current))


def use_model(store: GraphStore, named: str, progress: Progress = silent) -> str:
    """Put the vectors and the card of a kept model in the place of the current ones.

    It is ``named`` by its id or its place in ``list_models``; gives the id. What is newer than
    the model has no vector then. NotFoundError for a model that is not kept.
    """
    id_ = _kept(store, named)
    (card,) = store.values("MATCH (m:KeptModel {id: $id}) RETURN properties(m)", {"id": id_})[0]
    data = pull(store, progress)
    users, artists, tags = (
        _vectors(store, id_, label, ids)
        for label, ids in (("User", data.users), ("Artist", data.artists), ("Tag", data.tags))
    )
    publish(store, data, Vectors(users, artists, tags), card, progress)
    with progress("building the vector indexes", 1) as advance:
        store.dialect.create_vector_indexes(store, artists.shape[1])
        advance(1)
    return id_


def remove_model(store: GraphStore, named: str) -> str:
    """Remove a kept model, ``named`` as for ``use_model``; gives its id.

    InputError for the current one, NotFoundError for one that is not kept.
    """
    id_ = _kept(store, named)
    if read_card(store).id == id_:
        raise InputError(f"{id_} is the model in use: 'tastegraph models use' another one before")
    with store.transaction() as transaction:
        transaction.run(_REMOVE_VECTORS, {"id": id_}).consume()
        transaction.run(_REMOVE_MODEL, {"id": id_}).consume()
    return id_


_REMOVE_VECTORS = "MATCH (v:KeptVectors {model: $id}) DELETE v"
_REMOVE_MODEL = "MATCH (m:KeptModel {id: $id}) DELETE m"


def _ids(store: GraphStore) -> list[str]:
    return [str(id_) for id_ in list_models(store)["model"]]


def _kept(store: GraphStore, named: str) -> str:
    """The id of the model that is ``named`` by id or place."""
    known = _ids(store)
    if named.isdecimal() and 1 <= int(named) <= len(known):
        return known[int(named) - 1]
    if named not in known:
        kept = f"kept are {', '.join(known)}" if known else "none is kept ('train --keep' keeps)"
        raise NotFoundError(f"there is no model {named!r}{did_you_mean(named, known)}; {kept}")
    return named


def _parts(model: str, data: Dataset, vectors: Vectors) -> Sequence[KeptPart]:
    tables: list[tuple[str, IdMap, Matrix | None]] = [
        ("User", data.users, vectors.users),
        ("Artist", data.artists, vectors.artists),
        ("Tag", data.tags, vectors.tags),
    ]
    parts = []
    for label, ids, matrix in tables:
        placed = np.flatnonzero(np.any(matrix, axis=1)) if matrix is not None else np.empty(0)
        for start in range(0, len(placed), PART):
            rows = placed[start : start + PART]
            assert matrix is not None
            chosen = [ids.ids[row] for row in rows.tolist()]
            parts.append(KeptPart(model, label, start // PART, chosen, matrix[rows]))
    return parts


def _vectors(store: GraphStore, model: str, label: str, ids: IdMap) -> Matrix:
    """The kept vectors in the rows of ``ids``; zeros for who has none, (len(ids), 0) for nobody."""
    found = store.values(READ_PART, {"model": model, "label": label})
    parts = [part for part in map(KeptPart.of, found) if len(part.ids)]
    width = parts[0].vectors.shape[1] if parts else 0
    matrix = np.zeros((len(ids), width), dtype=np.float32)
    for part in parts:
        rows = ids.rows(part.ids)
        matrix[rows[rows >= 0]] = part.vectors[rows >= 0]
    return matrix
