"""Recommendations for somebody who is not in the data, from matrices in memory."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from tastegraph.graph.frames import ARTIST, Id
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap, Rows
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.explain.contributions import Contributions, Entries
from tastegraph.models.explain.parts import WHY, Why, with_entries
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.serving.in_memory import HeldModel
from tastegraph.models.serving.newcomers import (
    COLUMNS,
    FOLD_IN,
    Newcomer,
    no_fold_in,
    unused_id,
    without_reasons,
)
from tastegraph.models.solver.fold_in_model import FoldIn


def serves_newcomer(held: HeldModel, newcomer: Newcomer) -> bool:
    """Whether all that ``newcomer`` names was there when ``held`` was read."""
    artists = held.data.artists.few_rows([*newcomer.likes, *newcomer.dislikes])
    return bool((artists >= 0).all() and (held.data.users.few_rows(newcomer.friends) >= 0).all())


def recommend_newcomer_in_memory(
    held: HeldModel, newcomer: Newcomer, options: RecommendOptions, why: bool = True
) -> pd.DataFrame:
    """The rows of ``recommend_newcomer`` by fold-in; without ``why``, that column is empty.

    ``options`` have no conditions and no novelty. InputError where there is nothing to go by,
    ModelError where the model can't fold in.
    """
    newcomer.require_something(FOLD_IN)
    fold_in = held.explainer.fold_in
    if fold_in is None:
        raise no_fold_in()
    shares = _entries(held, fold_in, newcomer).contributions(fold_in.model)
    circle = _circle(held, newcomer)
    vectors = _vectors(held, circle, shares)
    recommender = Recommender(
        circle,
        vectors,
        held.recommender.names,
        hidden=_marked(held, newcomer.dislikes, len(circle.users)),
        listeners=held.data.listeners,
        artist_tags=held.recommender.signals.tag_taste.tags,
    )
    frame = recommender.recommend([len(circle.users) - 1], options)
    if not why:
        return without_reasons(frame)[list(COLUMNS)]
    explained = Explainer(recommender, circle, held.explainer.tag_names)
    frame = explained.with_reasons(frame, options)
    frame[WHY] = _taken_apart(held, frame, shares, options)
    return frame[list(COLUMNS)]


def _entries(held: HeldModel, fold_in: FoldIn, newcomer: Newcomer) -> Entries:
    artists, names = held.data.artists, held.recommender.names
    likes, dislikes = (_in_order(artists, ids) for ids in (newcomer.likes, newcomer.dislikes))
    friends = _in_order(held.data.users, newcomer.friends)
    columns = fold_in.friends
    return Entries.of(
        fold_in.model,
        [(artists.ids[row], names[row], 1.0, fold_in.artists[row]) for row in likes],
        [] if columns is None else [(held.data.users.ids[row], columns[row]) for row in friends],
        dislikes=[(artists.ids[row], names[row], fold_in.artists[row]) for row in dislikes],
    )


def _circle(held: HeldModel, newcomer: Newcomer) -> Dataset:
    """The newcomer, who is the last user, and the friends: all that their scores depend on."""
    rows = _in_order(held.data.users, newcomer.friends)
    mine = _marked(held, newcomer.likes, 1)
    friends = np.zeros((len(rows) + 1, len(rows) + 1))
    friends[-1, :-1] = friends[:-1, -1] = 1.0
    users = IdMap([*(held.data.users.ids[row] for row in rows), unused_id(held.data.users.ids)])
    return Dataset(
        users,
        held.data.artists,
        held.data.tags,
        csr_array(vstack([held.data.plays[rows], mine])),
        csr_array(friends),
        held.data.tag_counts,
    )


def _vectors(held: HeldModel, circle: Dataset, shares: Contributions) -> Vectors:
    known = held.recommender.vectors
    users = np.zeros((len(circle.users), known.dimensions), dtype=np.float32)
    users[:-1] = known.users[held.data.users.few_rows(circle.users.ids[:-1])]
    if shares.entries:
        users[-1] = shares.vectors.sum(axis=0)
    return Vectors(users, known.artists)


def _marked(held: HeldModel, artists: Sequence[Id], users: int) -> csr_array:
    """1 for each of ``artists`` in the last of ``users`` rows, shape (users, artists)."""
    columns = _in_order(held.data.artists, artists)
    entries = (np.ones(len(columns)), (np.full(len(columns), users - 1), columns))
    return csr_array(entries, shape=(users, len(held.data.artists)))


def _taken_apart(
    held: HeldModel, frame: pd.DataFrame, shares: Contributions, options: RecommendOptions
) -> pd.Series:
    """The reasons of ``frame`` with the embedding's part told by the newcomer's entries."""
    reasons: list[Why] = frame[WHY].tolist()
    if options.weights.embedding and any(reasons):
        artists = held.recommender.vectors.artists[
            held.data.artists.few_rows(frame[ARTIST].tolist())
        ]
        values = options.weights.embedding * shares.parts(artists)
        reasons = [
            with_entries(parts, shares.entries, row)
            for parts, row in zip(reasons, values.tolist(), strict=True)
        ]
    return pd.Series(reasons, index=frame.index, dtype=object)


def _in_order(ids: IdMap, named: Sequence[Id]) -> Rows:
    """Rows of ``named``, each once, in the order of the ids, in which the database adds, too."""
    return np.unique(ids.few_rows(named))
