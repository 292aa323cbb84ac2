"""Artists' vectors in two dimensions."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tastegraph.analysis.figures.tags import leading_tags
from tastegraph.analysis.source import Snapshot
from tastegraph.errors import InputError, ModelError
from tastegraph.graph.frames import ARTIST, NAME, Id
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress, silent

X, Y = "x", "y"
TAG_NAME = "tag"
LISTENERS = "listeners"

# Tags that a map tells apart.
COLOURED = 12

# A map of fewer artists shows nothing.
_FEWEST = 5

# t-SNE and UMAP begin from so many principal components.
_COMPONENTS = 50

# t-SNE goes on in stages of so many steps, after each of which the bar moves.
_STAGES = 4
_STEPS = 250
_PERPLEXITY = 30.0

Points = NDArray[np.float64]


def mapped_artists(snapshot: Snapshot, vectors: Matrix, most: int) -> NDArray[np.intp]:
    """Rows of the ``most`` most heard artists that have a vector, most heard first.

    Raises ModelError where there are too few for a map.
    """
    listeners = np.asarray(snapshot.data.listeners)
    known = np.flatnonzero(np.any(vectors, axis=1))
    rows = known[np.lexsort((known, -listeners[known]))][:most]
    require_mappable(len(rows))
    return rows


def require_mappable(count: int) -> None:
    """Raise ModelError unless ``count`` artists with a vector are enough for a map."""
    if count < _FEWEST:
        raise ModelError(
            f"only {count} artists have a vector, and a map takes {_FEWEST} or more: load "
            "more data and train on them"
        )


def artist_map(snapshot: Snapshot, rows: NDArray[np.intp], points: Points) -> pd.DataFrame:
    """Columns artist, name, tag, listeners, x, y for the artist ``rows``, whose places are
    ``points`` (len(rows), 2).

    tag is the most given of the COLOURED tags that most of these artists have as their main one,
    empty for who has none of them.
    """
    return pd.DataFrame(
        {
            ARTIST: np.asarray(snapshot.data.artists.ids)[rows],
            NAME: snapshot.artist_names[rows],
            TAG_NAME: leading_tags(snapshot, rows, COLOURED),
            LISTENERS: np.asarray(snapshot.data.listeners)[rows],
            X: points[:, 0],
            Y: points[:, 1],
        }
    )


def nearest_alike(frame: pd.DataFrame) -> tuple[float, float]:
    """Of the artists of ``artist_map`` with a tag, the share whose nearest has the same, and the
    share that would by chance; both 0 where fewer than two have one.
    """
    tagged = frame[frame[TAG_NAME] != ""]
    if len(tagged) < 2:
        return 0.0, 0.0
    names = tagged[TAG_NAME].to_numpy()
    points = tagged[[X, Y]].to_numpy()
    nearest = np.asarray(cKDTree(points).query(points, k=[1, 2])[1])
    own = np.arange(len(tagged))
    # Where places coincide, either of the two may be the artist itself.
    other = np.where(nearest[:, 0] == own, nearest[:, 1], nearest[:, 0])
    shares = tagged[TAG_NAME].value_counts(normalize=True).to_numpy()
    return float((names == names[other]).mean()), float((shares**2).sum())


def with_named(
    snapshot: Snapshot, vectors: Matrix, rows: NDArray[np.intp], named: tuple[Id, ...]
) -> NDArray[np.intp]:
    """``rows`` and, behind them, those of the artists ``named`` that are not among them.

    Raises ModelError for an artist without a vector.
    """
    wanted = snapshot.data.artists.rows(named) if named else np.zeros(0, dtype=np.intp)
    for row, id_ in zip(wanted, named, strict=True):
        if not vectors[row].any():
            raise ModelError(
                f"the model has no vector for artist {id_}: it had nothing to learn from, or came "
                "after; 'tastegraph train' learns anew"
            )
    return np.concatenate([rows, wanted[~np.isin(wanted, rows)]])


def pca(vectors: NDArray[np.floating]) -> tuple[Points, Points]:
    """The two main components (n, 2), and the share of variance that each explains (2,)."""
    components, shares = _components(vectors, 2)
    return components, shares


def tsne(
    vectors: NDArray[np.floating],
    seed: int = 0,
    progress: Progress = silent,
    stages: int = _STAGES,
) -> Points:
    """t-SNE of the first 50 principal components, by cosine; shape (n, 2).

    Early exaggeration in the first of the ``stages`` of 250 steps, none in those after it.
    """
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    # One thread gives the same map everywhere, and is the faster on a machine that is busy.
    with progress("t-SNE", stages + 1) as advance, threadpool_limits(1, "openmp"):
        reduced = unit_rows(_components(vectors, _COMPONENTS)[0])
        advance(1)
        points = _components(reduced, 2)[0]
        points *= 1e-4 / (points[:, 0].std() or 1.0)
        for stage in range(stages):
            model = TSNE(
                perplexity=min(_PERPLEXITY, (len(reduced) - 1) / 3),
                early_exaggeration=1.0 if stage else 12.0,
                init=points.astype(np.float32),
                max_iter=_STEPS,
                random_state=seed,
            )
            points = model.fit_transform(reduced)
            advance(1)
    return np.asarray(points, dtype=np.float64)


def umap(vectors: NDArray[np.floating], seed: int = 0, progress: Progress = silent) -> Points:
    """UMAP of the first 50 principal components, by cosine; shape (n, 2).

    Raises InputError where umap-learn, an extra, is not installed.
    """
    if find_spec("umap") is None:
        raise InputError(
            "UMAP is an extra that is not installed: in a checkout, pip install -e '.[umap]'; or "
            "plot artists-tsne"
        )
    # umap-learn imports TensorFlow, for a variant that is not used here; this keeps it quiet.
    import_module("tastegraph.models.solver.tensorflow_quiet")
    from umap import UMAP

    with progress("UMAP", 1) as advance:
        reduced = _components(vectors, _COMPONENTS)[0]
        neighbours = min(15, len(reduced) - 1)
        model = UMAP(n_neighbors=neighbours, metric="cosine", random_state=seed, n_jobs=1)
        points = np.asarray(model.fit_transform(reduced), dtype=np.float64)
        advance(1)
    return points


MAPPINGS: dict[str, Callable[[NDArray[np.floating], int, Progress], Points]] = {
    "tsne": tsne,
    "umap": umap,
}


def _components(vectors: NDArray[np.floating], count: int) -> tuple[Points, Points]:
    """The first ``count`` principal components, filled with zeros where there are fewer."""
    from sklearn.decomposition import PCA

    fitting = min(count, *vectors.shape)
    model = PCA(fitting, svd_solver="covariance_eigh" if fitting else "auto")
    found = model.fit_transform(np.asarray(vectors, dtype=np.float64))
    points, shares = np.zeros((len(vectors), count)), np.zeros(count)
    points[:, :fitting] = found
    shares[:fitting] = np.nan_to_num(model.explained_variance_ratio_)
    return points, shares
