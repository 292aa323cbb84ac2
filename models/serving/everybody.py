"""Recommendations for every user of the graph, from matrices in memory."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.explain.contributions import read_fold_in_model
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.storage.read_graph import (
    read_dataset,
    read_fold_in,
    read_hidden,
    read_names,
    read_property,
    read_vectors,
)
from tastegraph.runtime.progress import Progress, silent

Rank = Callable[[Recommender, Rows, RecommendOptions, Progress], pd.DataFrame]
"""What gives the rows of ``Recommender.recommend``, here or elsewhere."""


def recommend_everybody(
    store: GraphStore,
    options: RecommendOptions,
    *,
    why: bool = False,
    progress: Progress = silent,
    rank: Rank = Recommender.recommend,
) -> tuple[list[Id], pd.DataFrame]:
    """All users, and the rows of ``Recommender.recommend`` for them, on demand with reasons."""
    data = read_dataset(store, progress, times=why and needs_times(store))
    recommender = read_recommender(store, data, options, progress)
    users = list(data.users.ids)
    frame = rank(recommender, np.arange(len(users), dtype=np.intp), options, progress)
    if not why:
        return users, frame
    return users, read_explainer(store, data, recommender, progress).with_reasons(frame, options)


def needs_times(store: GraphStore) -> bool:
    """Whether the model's reasons depend on when listens were (a half-life)."""
    fold_in_model = read_fold_in_model(store)
    return fold_in_model is not None and fold_in_model.decay is not None


def read_recommender(
    store: GraphStore, data: Dataset, options: RecommendOptions, progress: Progress = silent
) -> Recommender:
    """A recommender of the graph's vectors that ``options`` can be asked of."""
    return Recommender(
        data,
        read_vectors(store, data, progress),
        read_names(store, "Artist", data.artists),
        hidden=read_hidden(store, data),
        properties={
            name: read_property(store, name, data.artists)
            for name in {condition.property for condition in options.where}
        },
    )


def read_explainer(
    store: GraphStore, data: Dataset, recommender: Recommender, progress: Progress = silent
) -> Explainer:
    """What takes the scores of ``recommender`` apart."""
    fold_in = read_fold_in(store, data, progress)
    return Explainer(recommender, data, read_names(store, "Tag", data.tags), fold_in)
