"""What a model knows of everybody, for those who are served from elsewhere."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from tastegraph.graph.frames import ARTIST, USER, Id
from tastegraph.graph.mapped.write_back import Served
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.serving.everybody import read_recommender
from tastegraph.models.storage.model_card import Card
from tastegraph.models.storage.read_graph import read_dataset
from tastegraph.runtime.progress import Progress, silent


def read_served(
    store: GraphStore, card: Card, k: int | None, progress: Progress = silent
) -> Served:
    """All vectors, and the ``k`` best artists of each user who has one; no lists for None."""
    options = RecommendOptions(k or 1, card.weights)
    data = read_dataset(store, progress)
    recommender = read_recommender(store, data, options, progress)
    vectors = recommender.vectors
    return Served(
        card.id,
        _with_vector(data.users.ids, vectors.users),
        _with_vector(data.artists.ids, vectors.artists),
        _lists(recommender, options, len(data.users), progress) if k else {},
    )


def _with_vector(ids: Sequence[Id], vectors: Matrix) -> dict[Id, Matrix]:
    return {ids[row]: vectors[row] for row in np.flatnonzero(vectors.any(axis=1)).tolist()}


def _lists(
    recommender: Recommender, options: RecommendOptions, users: int, progress: Progress
) -> dict[Id, list[tuple[Id, int, float]]]:
    everybody = np.arange(users)
    known = everybody[recommender.has_vector(everybody)]
    frame = recommender.recommend(known, options, progress)
    lists: dict[Id, list[tuple[Id, int, float]]] = defaultdict(list)
    columns = (frame[name].tolist() for name in (USER, ARTIST, RANK, SCORE))
    for user, artist, rank, score in zip(*columns, strict=True):
        lists[user].append((artist, rank, score))
    return dict(lists)
