"""Groups of artists in the embedding, and the tags that set them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.analysis.source import Snapshot
from tastegraph.analysis.tag_clusters import CLUSTER, CLUSTERS, SILHOUETTE, best_count
from tastegraph.errors import ModelError
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress, silent

COUNTS = tuple(range(2, 11))
SIZE = "size"
OWN_TAGS = "own_tags"

# Artists on which silhouettes are measured, where there are more.
_SAMPLE = 1_000

# K-means works on so many principal components.
_COMPONENTS = 50

# A cluster's own tags are among those that this share of its artists carries.
_CARRIED = 0.1


@dataclass(frozen=True)
class Clusters:
    """K-means on artists' vectors, by direction.

    silhouettes  clusters, silhouette       one row a K
    labels       (artists,)                 the cluster of each, from 1, largest first
    """

    silhouettes: pd.DataFrame
    labels: NDArray[np.intp]


def artist_clusters(
    vectors: Matrix,
    count: int | None = None,
    seed: int = 0,
    progress: Progress = silent,
    counts: Sequence[int] = COUNTS,
) -> Clusters:
    """Cluster ``vectors`` (n, d) by K-means of their directions.

    Into ``count`` clusters, or as many of ``counts`` as have the largest mean silhouette, on a
    fixed sample of 1,000. Raises ModelError where there are too few for two clusters.
    """
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits

    points = unit_rows(vectors)
    points = PCA(min(_COMPONENTS, *points.shape), random_state=seed).fit_transform(points)
    possible = sorted(
        {each for each in (*counts, *([count] if count else [])) if each < len(points)}
    )
    if not possible or (count and count not in possible):
        raise ModelError(
            f"{len(points)} artists are too few for {count or min(counts)} clusters: load more data"
        )
    sample = np.random.default_rng(seed).permutation(len(points))[:_SAMPLE]
    rows, labels = [], {}
    with progress("clustering", len(possible)) as advance, threadpool_limits(1, "openmp"):
        for each in possible:
            found = KMeans(each, n_init=2, random_state=seed).fit_predict(points)
            labels[each] = found
            if 1 < len(np.unique(found[sample])) < len(sample):
                rows.append((each, float(silhouette_score(points[sample], found[sample]))))
            advance(1)
    measured = pd.DataFrame(rows, columns=[CLUSTERS, SILHOUETTE])
    best = count or (best_count(measured) if rows else possible[0])
    return Clusters(measured, _by_size(labels[best]))


def own_tags(
    snapshot: Snapshot, rows: NDArray[np.intp], labels: NDArray[np.intp], most: int = 3
) -> pd.DataFrame:
    """Columns cluster, size, own_tags (a list of names); one row a cluster of ``labels``.

    A cluster's own tags are those that most exceed their share among all artist ``rows``, of
    those that a tenth of its artists carry; ties go to the smaller id.
    """
    counts = snapshot.data.tag_counts
    carries = counts[rows].copy()
    carries.data = np.ones(len(carries.data))
    overall = np.asarray(carries.mean(axis=0)).ravel()
    found = []
    for cluster in np.unique(labels):
        members = labels == cluster
        share = np.asarray(carries[np.flatnonzero(members)].mean(axis=0)).ravel()
        excess = np.where(share >= _CARRIED, share - overall, 0.0)
        best = np.lexsort((np.arange(len(excess)), -excess))[:most]
        names = [snapshot.tag_names[tag] for tag in best if excess[tag] > 0]
        found.append((int(cluster), int(members.sum()), names))
    return pd.DataFrame(found, columns=[CLUSTER, SIZE, OWN_TAGS])


def _by_size(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """The same groups, numbered from 1, the largest first."""
    sizes = np.bincount(labels)
    numbers = np.empty_like(sizes)
    numbers[np.lexsort((np.arange(len(sizes)), -sizes))] = np.arange(1, len(sizes) + 1)
    return np.asarray(numbers[labels], dtype=np.intp)
