"""Vectors for a few people whose listens have just come, so that they are served at once."""

from collections.abc import Sequence

import numpy as np

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.explain.contributions import read_entries, read_fold_in_model
from tastegraph.models.storage.model_card import Card, change_with_model
from tastegraph.models.storage.switch import mark_changed
from tastegraph.models.storage.vector_rows import write_embeddings

_WHO = "MATCH (u:User) WHERE toString(u.id) IN $ids RETURN u.id, u.embedding ORDER BY u.id"


def fold_in_users(store: GraphStore, users: Sequence[Id]) -> list[Id]:
    """Solve the graph's model for ``users`` as they are now; gives those who have a vector.

    Theirs are what ``update`` makes of them, while artists and other users stay: the model is as
    stale as it was. Nobody where the model can't fold in. ModelError where there is no model.
    """
    return change_with_model(
        store, "folding in", lambda writer, card: _fold_in(writer, card, users)
    )


def _fold_in(writer: GraphStore, card: Card, users: Sequence[Id]) -> list[Id]:
    fold_in_model = read_fold_in_model(writer)
    if fold_in_model is None:
        return []
    placed, rows = [], []
    for id_, before in writer.values(_WHO, {"ids": [str(user) for user in users]}):
        vector = read_entries(writer, id_, fold_in_model).vector(fold_in_model)
        norm = float(np.linalg.norm(vector))
        embedding = vector.astype(np.float32).tolist() if norm else None
        if embedding:
            placed.append(id_)
        if embedding != before:
            rows.append([id_, embedding, norm or None])

    def write(transaction: GraphStore) -> None:
        mark_changed(transaction, card.id)
        write_embeddings(transaction, "User", rows)

    if rows:
        writer.transact(write)
    return placed
