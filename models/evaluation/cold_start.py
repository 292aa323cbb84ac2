"""How well people are served who are new: a few likes, some friends, or nothing at all.

A tenth of the users leave the data with their listens, the tags that they gave, and their
friendships, and a model learns from the rest. Each comes back as a newcomer with 0, 1, 3, 5 or 10
of their listens as likes, and friends among those who stayed. Lists are compared with their other
listens: always the same ones, and none of the ten is ever listed, so that all steps are one task.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.scalings import over_user_max
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.evaluation.compare import interval
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.model_spec import ModelSpec
from tastegraph.models.evaluation.result_cache import ResultCache, key_of
from tastegraph.models.evaluation.split import hide_listens
from tastegraph.models.explain.contributions import Entries
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.models.serving.newcomers import NEAREST
from tastegraph.models.solver.fold_in_model import FoldIn
from tastegraph.runtime.progress import Progress, silent

LISTENS = (0, 1, 3, 5, 10)
"""Listens that a newcomer is known by."""

SHARE = 0.1
"""Share of the users who become newcomers."""

METHODS = ("fold-in", "likes alone", "neighbours", "friends alone", "most listened")
COLUMNS = ("model", "listens", "method", "users", "k", "ndcg", "ci_low", "ci_high")


def cold_start(
    data: Dataset,
    model: Model[Any],
    seed: int,
    ks: Sequence[int] = (10,),
    progress: Progress = silent,
) -> pd.DataFrame:
    """NDCG of each of METHODS at each of LISTENS and ``ks``, with 95 % intervals; columns COLUMNS.

    fold-in solves the model for likes and friends, "likes alone" and "friends alone" for one of
    them; neighbours is the mean vector of the NEAREST users whose listens' dot product with the
    likes is largest, plays being over each user's most. Who is known by nothing that a method
    takes gets the most listened. ModelError where ``model`` can't fold in, InputError where
    too few users listen to enough.
    """
    users = _newcomers(data, seed)
    split = hide_listens(data, users)
    data = split.data
    known, friends = _friendships(data, users)
    model.fit(replace(data, friends=friends), seed, progress)
    if model.fold_in is None or model.vectors is None:
        raise ModelError(
            f"{model.name} can't fold newcomers in: measure collective, collective-als or als"
        )
    pool, held = _drawn(split.held[users], seed)
    rows = []
    for count in LISTENS:
        likes = pool[:, :count]
        nobody = [known_by[:0] for known_by in known]
        vectors = {
            "fold-in": _folded(data, model.fold_in, likes, known),
            "likes alone": _folded(data, model.fold_in, likes, nobody),
            "neighbours": _neighbours(data, model.vectors, likes),
            "friends alone": _folded(data, model.fold_in, likes[:, :0], known),
            "most listened": np.zeros((len(users), model.vectors.dimensions), np.float32),
        }
        for method in METHODS:
            lists = _lists(data, model.vectors, vectors[method], pool, max(ks))
            for k in ks:
                found = ndcg(lists[:, :k], held)
                mean = float(found.mean())
                rows.append((model.name, count, method, len(users), k, mean, *interval(found)))
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(
        "k", key=lambda column: column.map(list(ks).index), kind="stable", ignore_index=True
    )


def cold_start_table(
    field: Sequence[ModelSpec],
    data: Dataset,
    seed: int,
    ks: Sequence[int],
    *,
    cache: ResultCache,
    progress: Progress = silent,
) -> pd.DataFrame:
    """The rows of ``cold_start`` for each spec, under its label."""
    frames = []
    for spec in field:
        model = spec.model()
        found = cache.rows(
            spec.label,
            key_of(model, data, "cold start", LISTENS, METHODS, seed, ks),
            partial(cold_start, data, model, seed, ks, progress),
        )
        frames.append(found.assign(model=spec.label))
    return pd.concat(frames, ignore_index=True)


def _newcomers(data: Dataset, seed: int) -> Rows:
    """A tenth of the users, among those who listen to more than the most that is told."""
    able = np.flatnonzero(np.diff(data.plays.indptr) > max(LISTENS))
    count = round(SHARE * len(data.users))
    if not 0 < count < len(data.users) or len(able) < count:
        raise InputError(
            f"a cold start takes a tenth of the users, with more than {max(LISTENS)} listens each, "
            f"and {len(able):,} of {len(data.users):,} have as many: load more"
        )
    return np.sort(np.random.default_rng(seed).choice(able, count, replace=False))


def _friendships(data: Dataset, users: Rows) -> tuple[list[NDArray[np.int32]], csr_array]:
    """The friends of each of ``users`` among the others, and the friendships of the others."""
    stayed = np.ones(len(data.users))
    stayed[users] = 0.0
    befriended = csr_array(data.friends[users] @ diags_array(stayed))
    friends = csr_array(diags_array(stayed) @ data.friends @ diags_array(stayed))
    for each in (befriended, friends):
        each.eliminate_zeros()
    return [csr_array(befriended[[row]]).indices for row in range(len(users))], friends


def _drawn(listens: csr_array, seed: int) -> tuple[Rows, csr_array]:
    """Artists told of each newcomer, in the order of telling, and the listens to be found."""
    rng = np.random.default_rng(seed)
    pool = np.stack(
        [
            rng.permutation(listens.indices[start:end])[: max(LISTENS)]
            for start, end in zip(listens.indptr[:-1], listens.indptr[1:], strict=True)
        ]
    ).astype(np.intp)
    held = listens.tolil()
    held[np.arange(len(pool))[:, None], pool] = 0.0
    found = csr_array(held)
    found.eliminate_zeros()
    return pool, found


def _folded(
    data: Dataset, fold_in: FoldIn, likes: Rows, friends: Sequence[NDArray[np.int32]]
) -> Matrix:
    fold_in_model, columns = fold_in.model, fold_in.friends
    vectors = []
    for liked, known in zip(likes.tolist(), friends, strict=True):
        entries = Entries.of(
            fold_in_model,
            [(artist, None, 1.0, fold_in.artists[artist]) for artist in liked],
            [] if columns is None else [(user, columns[user]) for user in known.tolist()],
        )
        vectors.append(entries.vector(fold_in_model) if entries.entries else None)
    width = (
        len(fold_in_model.fixed.gram)
        if fold_in_model.mapping is None
        else fold_in_model.mapping.shape[1]
    )
    return np.array(
        [np.zeros(width) if vector is None else vector for vector in vectors], dtype=np.float32
    )


def _neighbours(data: Dataset, vectors: Vectors, likes: Rows) -> Matrix:
    weights = over_user_max(data.plays)
    places = np.repeat(np.arange(len(likes)), likes.shape[1]), likes.ravel()
    liked = csr_array((np.ones(likes.size), places), shape=(len(likes), len(data.artists)))
    overlap = (liked @ weights.T).toarray()
    overlap[overlap <= 0] = -np.inf
    near = top_rows(overlap, NEAREST)
    found = vectors.users[np.maximum(near, 0)] * (near >= 0)[:, :, None]
    means: Matrix = found.sum(axis=1) / np.maximum((near >= 0).sum(axis=1), 1)[:, None]
    return means.astype(np.float32)


def _lists(data: Dataset, vectors: Vectors, users: Matrix, pool: Rows, k: int) -> Rows:
    scores = users @ vectors.artists.T
    scores[~users.any(axis=1)] = data.listeners
    np.put_along_axis(scores, pool, -np.inf, axis=1)
    return top_rows(scores, k)
