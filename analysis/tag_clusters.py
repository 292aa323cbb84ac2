"""K-means on the most used tags, each described by the plays of what carries it."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import ARTIST, NAME, PLAYS, TAG, USER

ASSIGNMENTS = "assignments"
PLACE = "place"
FEATURES = ("mean", "median", "max", "sum", PLACE)
CLUSTER = "cluster"
CLUSTERS = "clusters"
SILHOUETTE = "silhouette"

# Starts of K-means, of which the best is taken.
_STARTS = 10


def tag_features(
    taggings: pd.DataFrame, listens: pd.DataFrame, tags: pd.DataFrame, most: int = 100
) -> pd.DataFrame:
    """The ``most`` used tags, most used first, and what describes them.

    taggings  user, artist, tag   one row an assignment
    listens   user, artist, plays one row a pair
    tags      tag, name

    Columns tag, name, assignments; mean, median, max, sum of the plays of the (user, artist)
    pairs that carry the tag by that same user, pairs without a listen not counted; place, where
    the name stands in the alphabet of these tags. Tags that no listen carries are left out.
    """
    used = taggings[TAG].value_counts().rename(ASSIGNMENTS).rename_axis(TAG).reset_index()
    used = used.sort_values([ASSIGNMENTS, TAG], ascending=[False, True]).head(most)
    heard = taggings[taggings[TAG].isin(used[TAG])].merge(listens, on=[USER, ARTIST])
    described = heard.groupby(TAG)[PLAYS].agg(["mean", "median", "max", "sum"]).reset_index()
    features = used.merge(tags[[TAG, NAME]], on=TAG).merge(described, on=TAG)
    features[PLACE] = features[NAME].rank(method="first").astype(int) - 1
    return features[[TAG, NAME, ASSIGNMENTS, *FEATURES]]


def silhouettes(
    features: pd.DataFrame, counts: Sequence[int] = (2, 3, 4, 5), seed: int = 0
) -> pd.DataFrame:
    """Columns clusters, silhouette: how well K-means with each K of ``counts`` separates.

    The mean silhouette of the standardised features, -1 to 1. A K that has no more tags than
    clusters is left out.
    """
    from sklearn.metrics import silhouette_score

    points = _standardised(features)
    rows = []
    for count in counts:
        if count < len(points):
            labels = _labels(points, count, seed)
            if 1 < len(np.unique(labels)) < len(points):
                rows.append((count, float(silhouette_score(points, labels))))
    return pd.DataFrame(rows, columns=[CLUSTERS, SILHOUETTE])


def best_count(silhouettes: pd.DataFrame) -> int:
    """The number of clusters with the largest silhouette, the smallest such; not for no rows."""
    values = silhouettes[SILHOUETTE].to_numpy(dtype=np.float64)
    return int(silhouettes[CLUSTERS].to_numpy()[values.argmax()])


def clustered(features: pd.DataFrame, count: int, seed: int = 0) -> pd.DataFrame:
    """``features`` with the column cluster, from 1, the cluster of most tags first."""
    labels = _labels(_standardised(features), min(count, len(features)), seed)
    sizes = np.bincount(labels)
    numbers = np.empty_like(sizes)
    numbers[np.lexsort((np.arange(len(sizes)), -sizes))] = np.arange(1, len(sizes) + 1)
    return features.assign(**{CLUSTER: numbers[labels]})


def _standardised(features: pd.DataFrame) -> NDArray[np.float64]:
    """Each feature with mean 0 and variance 1; 0 where it does not vary."""
    values = features[list(FEATURES)].to_numpy(dtype=np.float64)
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(scaled, dtype=np.float64)


def _labels(points: NDArray[np.float64], count: int, seed: int) -> NDArray[np.intp]:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    model = KMeans(count, n_init=_STARTS, random_state=seed)
    # Threads that wait for each other cost more than so few points take.
    with threadpool_limits(1, "openmp"):
        return np.asarray(model.fit_predict(points), dtype=np.intp)
