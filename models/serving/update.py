"""New vectors by fold-in for the users and artists that have changed since the training."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.algorithms.whole_graph import tag_weights
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap, Rows
from tastegraph.models.data.training_hash import TrainingHashes, training_hashes
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.explain.contributions import entries_of, read_fold_in_model
from tastegraph.models.solver.fold_in import fold_in
from tastegraph.models.solver.fold_in_model import FoldIn, FoldInModel
from tastegraph.models.storage.model_card import Card, change_with_model, mark_fresh
from tastegraph.models.storage.read_graph import (
    read_dataset,
    read_embeddings,
    read_fold_in_columns,
    read_training_hashes,
)
from tastegraph.models.storage.switch import mark_changed
from tastegraph.models.storage.vector_rows import write_embeddings, write_hashes
from tastegraph.runtime.progress import Progress, silent

COLUMNS = ("kind", "changed", "updated")

# Users who are named one by one.
_NAMED = 5


@dataclass
class Update:
    """What was done: ``frame`` has the columns COLUMNS, ``notes`` are for the person who asked."""

    frame: pd.DataFrame
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Change:
    """New vectors (n, d) of the nodes ``rows`` (n,), zeros for whom has none, and their hashes."""

    label: str
    ids: IdMap
    rows: Rows
    vectors: Matrix
    hashes: TrainingHashes


@dataclass(frozen=True)
class _Seen:
    """The rows ``artists`` (n,) whose vectors stay, and hashes of what they would be learned of."""

    ids: IdMap
    artists: Rows
    hashes: TrainingHashes


def update(store: GraphStore, progress: Progress = silent) -> Update:
    """Fold in whatever has changed; what has not costs nothing but the reading of the graph.

    A user is solved against the columns as trained; so is an artist of a factorisation, against
    the rows as they are now, which is what the next half-sweep would do. In the student of a
    full-rank model the artists' vectors are fitted, and stay. ModelError where the model can't
    fold in.

    All is written in one transaction, and only where the model is still the one that was read.
    """
    return change_with_model(store, "update", lambda writer, card: _update(writer, card, progress))


def _update(store: GraphStore, card: Card, progress: Progress) -> Update:
    fold_in_model = read_fold_in_model(store)
    if fold_in_model is None:
        raise ModelError(
            "the graph's model keeps nothing to fold in with: 'tastegraph train' learns one that "
            "does (collective, collective-als, als)"
        )
    data = read_dataset(store, progress, times=fold_in_model.decay is not None)
    now_users, now_artists = training_hashes(data)
    users = np.flatnonzero(now_users != read_training_hashes(store, "User", data.users))
    artists = np.flatnonzero(now_artists != read_training_hashes(store, "Artist", data.artists))
    with progress("folding in", len(users) + len(artists)) as advance:
        vectors = _users(store, data, fold_in_model, users)
        advance(len(users))
        changes = [_Change("User", data.users, users, vectors, now_users[users])]
        solved, fold_in_model = _artists(store, data, fold_in_model, changes[0], artists)
        advance(len(artists))
    newer = _newer(store, data, artists) if solved is None else artists[:0]
    seen = _Seen(data.artists, artists[:0], now_artists[:0])
    if solved is not None:
        changes.append(_Change("Artist", data.artists, artists, solved, now_artists[artists]))
    else:
        keeping = np.setdiff1d(artists, newer)
        seen = _Seen(data.artists, keeping, now_artists[keeping])
        fold_in_model = None

    def write(transaction: GraphStore) -> None:
        mark_changed(transaction, card.id)
        _write(transaction, changes, seen, fold_in_model)
        if not len(newer):
            mark_fresh(transaction)

    store.transact(write)
    frame = pd.DataFrame(
        [
            ("user", len(users), int(vectors.any(axis=1).sum())),
            ("artist", len(artists), 0 if solved is None else int(solved.any(axis=1).sum())),
        ],
        columns=list(COLUMNS),
    )
    return Update(frame, _notes(data, changes[0], artists, newer, solved is None))


def _users(store: GraphStore, data: Dataset, fold_in_model: FoldInModel, users: Rows) -> Matrix:
    """Vectors (n, d) of the rows ``users``; 0 for whom has neither listens nor friends."""
    heard, known = (
        np.unique(each[users].indices).astype(np.intp) for each in (data.plays, data.friends)
    )
    fold_in = FoldIn(
        fold_in_model,
        read_fold_in_columns(store, "Artist", data.artists, heard),
        read_fold_in_columns(store, "User", data.users, np.union1d(known, users)),
    )
    names = np.full(len(data.artists), None, dtype=object)
    found = []
    for user in users.tolist():
        entries = entries_of(data, fold_in, user, names)
        alone = not (data.plays[[user]].nnz or data.friends[[user]].nnz)
        found.append(np.zeros(0) if alone else entries.vector(fold_in_model))
    return _stacked(found)


def _artists(
    store: GraphStore, data: Dataset, fold_in_model: FoldInModel, users: _Change, artists: Rows
) -> tuple[Matrix | None, FoldInModel]:
    """Vectors (n, d) of the rows ``artists``, and the fold-in model with the users as they are now.

    None where artists can't be solved by themselves.
    """
    if fold_in_model.artists is None:
        return None, fold_in_model
    listens = csr_array(fold_in_model.weights_of(data)[:, artists].T)
    tagged = csr_array(fold_in_model.tag_weight * tag_weights(data.tag_counts)[artists])
    listeners = np.union1d(np.unique(listens.indices), users.rows)
    rows = read_embeddings(store, "User", data.users, listeners)
    tags = read_embeddings(store, "Tag", data.tags, np.unique(tagged.indices))
    fold_in_model = _with_users(fold_in_model, rows[users.rows], users.vectors)
    if users.vectors.shape[1]:
        rows = rows if rows.shape[1] else np.zeros((len(rows), users.vectors.shape[1]), np.float32)
        rows[users.rows] = users.vectors
    assert fold_in_model.artists is not None
    solved = []
    for at in range(len(artists)):
        vectors, weights = [], []
        for matrix, side in ((listens, rows), (tagged, tags)):
            span = slice(matrix.indptr[at], matrix.indptr[at + 1])
            placed = side[matrix.indices[span]].any(axis=1)
            if placed.any():
                vectors.append(side[matrix.indices[span]][placed])
                weights.append(matrix.data[span][placed])
        solved.append(
            fold_in(np.concatenate(vectors), np.concatenate(weights), fold_in_model.artists)
            if vectors
            else np.zeros(0)
        )
    return _stacked(solved), fold_in_model


def _with_users(fold_in_model: FoldInModel, before: Matrix, after: Matrix) -> FoldInModel:
    """The fold-in model whose artists are solved against rows of which some have changed."""
    side = fold_in_model.artists
    if side is None or not after.shape[1]:
        return fold_in_model
    old, new = before.astype(np.float64), after.astype(np.float64)
    gram = side.gram + new.T @ new
    if old.shape[1]:
        gram -= old.T @ old
    born = int(new.any(axis=1).sum()) - int(old.any(axis=1).sum())
    return replace(fold_in_model, artists=replace(side, gram=gram, size=side.size + born))


def _stacked(vectors: list[NDArray[Any]]) -> Matrix:
    """Rows (n, d) of vectors (d,), zeros for those that are empty."""
    width = max((len(vector) for vector in vectors), default=0)
    stacked = np.zeros((len(vectors), width), dtype=np.float32)
    for row, vector in zip(stacked, vectors, strict=True):
        row[: len(vector)] = vector
    return stacked


def _newer(store: GraphStore, data: Dataset, artists: Rows) -> Rows:
    """Those of ``artists`` that the model has never seen."""
    placed = read_fold_in_columns(store, "Artist", data.artists, artists)[artists]
    return artists[~placed.any(axis=1)] if placed.shape[1] else artists


def _write(
    transaction: GraphStore,
    changes: list[_Change],
    seen: _Seen,
    fold_in_model: FoldInModel | None,
) -> None:
    """Write vectors and hashes, and what artists are solved with, where it has changed."""
    write_hashes(transaction, "Artist", _hash_rows(seen.ids, seen.artists, seen.hashes))
    for change in changes:
        norms = np.linalg.norm(change.vectors.astype(np.float64), axis=1).tolist()
        rows = [
            [change.ids.ids[row], vector if norm else None, norm or None]
            for row, vector, norm in zip(
                change.rows.tolist(), change.vectors.tolist(), norms, strict=True
            )
        ]
        write_embeddings(transaction, change.label, rows)
        write_hashes(transaction, change.label, _hash_rows(change.ids, change.rows, change.hashes))
    if fold_in_model is not None:
        transaction.write("MATCH (m:Model) SET m += $kept", {"kept": fold_in_model.as_properties()})


def _hash_rows(ids: IdMap, rows: Rows, hashes: TrainingHashes) -> list[list[Any]]:
    return [
        [ids.ids[row], learned] for row, learned in zip(rows.tolist(), hashes.tolist(), strict=True)
    ]


def _notes(data: Dataset, users: _Change, artists: Rows, newer: Rows, fitted: bool) -> list[str]:
    notes = []
    alone = [data.users.ids[row] for row in users.rows[~users.vectors.any(axis=1)].tolist()]
    if alone:
        more = f" and {len(alone) - _NAMED:,} more" if alone[_NAMED:] else ""
        notes.append(
            f"{', '.join(f'user {id_}' for id_ in alone[:_NAMED])}{more}: neither listens nor "
            "friends that the model knows, so the most listened artists are what they get"
        )
    if fitted and len(artists) > len(newer):
        notes.append(
            f"{len(artists) - len(newer):,} artists keep their vectors, which this model fits to "
            "everybody's listens at once: 'tastegraph train' learns them anew"
        )
    if len(newer):
        notes.append(
            f"{len(newer):,} artists are newer than the model and have no vectors before "
            "'tastegraph train'"
        )
    return notes
