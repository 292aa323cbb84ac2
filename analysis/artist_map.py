"""Every artist on one map: made once a model and kept, or made roughly at once.

t-SNE takes the longer the more artists there are. It places the best known, and everybody else
stands beside those of them that are nearest by cosine, as landmarks do in landmark MDS (de Silva
and Tenenbaum 2004).
"""

import threading
import time
from contextlib import suppress

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from tastegraph.analysis.figures.maps import LISTENERS, Points, X, Y, pca, require_mappable, tsne
from tastegraph.graph.frames import ARTIST, NAME, TAG, Id
from tastegraph.graph.schema import HAS_TAG
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.serving.in_memory import GraphState, read_state
from tastegraph.models.storage.artist_map import read_map, write_map
from tastegraph.models.storage.model_card import Card, consistent_read
from tastegraph.models.storage.switch import ModelChangedError
from tastegraph.runtime.progress import Progress, silent

TAG_NAME = "tag_name"
COLUMNS = (ARTIST, NAME, TAG, TAG_NAME, LISTENERS, X, Y)

REACH = 100.0
"""How far from the middle the farthest artist stands."""

# Artists that t-SNE places, and its stages.
_LANDMARKS, _STAGES = 3_000, 2

# Landmarks that somebody stands between, and artists that are compared with them at once.
_NEAREST, _AT_ONCE = 3, 2_000

# Radians from one to the next of those around one landmark, so that they fill a disc evenly
# (Vogel 1979), and how far the first is from the middle, in distances between landmarks.
_GOLDEN, _APART = np.pi * (3 - np.sqrt(5)), 0.3

# Seconds for which a map is good enough that nothing of this program has changed.
_GOOD = 60.0

_VECTORS = "MATCH (a:Artist) WHERE a.norm > 0 RETURN a.id, a.embedding"

Placed = tuple[list[Id], Points]


def make_map(store: GraphStore, seed: int = 0, progress: Progress = silent) -> int:
    """Place every artist that has a vector, and keep the places; gives how many.

    It is made again where another model takes over meanwhile. ModelError without a model, and
    where too few artists have a vector.
    """
    while True:
        model, (ids, vectors) = consistent_read(store, lambda card: (card.id, _vectors(store)))
        require_mappable(len(ids))
        points = _scaled(placed(vectors, _best_known(store, ids), seed, progress))
        with suppress(ModelChangedError), progress("writing the map", 1) as advance:
            write_map(store, model, seed, ids, points.tolist())
            advance(1)
            return len(ids)


def placed(
    vectors: NDArray[np.float64],
    landmarks: NDArray[np.intp],
    seed: int = 0,
    progress: Progress = silent,
) -> Points:
    """Places of the rows of ``vectors``; shape (n, 2).

    The rows ``landmarks`` by t-SNE, each other between its three nearest landmarks, the nearer
    the closer, and apart from the others that are nearest to the same one.
    """
    points = np.empty((len(vectors), 2))
    points[landmarks] = tsne(vectors[landmarks], seed, progress, _STAGES)
    others = np.setdiff1d(np.arange(len(vectors)), landmarks)
    unit = unit_rows(vectors)
    for start in range(0, len(others), _AT_ONCE):
        rows = others[start : start + _AT_ONCE]
        alike = unit[rows] @ unit[landmarks].T
        nearest = np.argsort(-alike, axis=1, kind="stable")[:, :_NEAREST]
        shares = np.clip(np.take_along_axis(alike, nearest, axis=1), 1e-6, None) ** 4
        shares /= shares.sum(axis=1, keepdims=True)
        points[rows] = np.einsum("rn,rnd->rd", shares, points[landmarks[nearest]])
    points[others] += _around(_nearest(points[others], points[landmarks]), points[landmarks])
    return points


def _nearest(points: Points, landmarks: Points) -> NDArray[np.intp]:
    """The landmark that each of ``points`` is nearest to."""
    return np.asarray(cKDTree(landmarks).query(points)[1], dtype=np.intp)


def _around(landmark: NDArray[np.intp], places: Points) -> Points:
    """Steps aside, one for each who is at ``landmark``, so that no two are the same."""
    order = np.argsort(landmark, kind="stable")
    sizes = np.bincount(landmark, minlength=len(places))
    turn = np.empty(len(landmark))
    turn[order] = np.arange(len(landmark)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + 1.0
    distances, _ = cKDTree(places).query(places, k=[2])
    apart = float(np.median(distances))
    reach = _APART * apart * np.sqrt(turn)
    return np.column_stack([np.cos(turn * _GOLDEN), np.sin(turn * _GOLDEN)]) * reach[:, None]


def _best_known(store: GraphStore, ids: list[Id]) -> NDArray[np.intp]:
    """Rows of the artists with the most listeners, ties by id."""
    listeners = dict(store.read_nodes("Artist", "id", "listeners"))
    heard = np.array([listeners.get(id_) or 0 for id_ in ids])
    return np.lexsort((np.arange(len(ids)), -heard))[:_LANDMARKS]


def read_artist_map(store: GraphStore) -> tuple[pd.DataFrame, bool]:
    """The map of the graph's model, with COLUMNS, the best known first; and whether it was kept.

    Where none is kept for this model, the two main components of the vectors make one: crowded,
    but there at once. tag is the artist's most given one, None where it has none. ModelError as
    for ``make_map``.
    """
    (ids, points), is_kept = consistent_read(store, lambda card: _places(store, card))
    frame = pd.DataFrame({ARTIST: pd.Series(ids, dtype=object), X: points[:, 0], Y: points[:, 1]})
    frame = frame.merge(_described(store), on=ARTIST).sort_values(
        [LISTENERS, ARTIST], ascending=[False, True], ignore_index=True
    )
    return frame[list(COLUMNS)], is_kept


class MapMemory:
    """Gives the map of a graph, read anew where the graph has changed or a while has gone by."""

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._state: GraphState | None = None
        self._found: tuple[pd.DataFrame, bool] | None = None
        self._until = float("-inf")

    def read(self, store: GraphStore) -> tuple[pd.DataFrame, bool]:
        """As ``read_artist_map``; the same frame while nothing has changed."""
        with self._reading:
            state = read_state(store)
            is_same = state is not None and state == self._state
            if self._found is None or not is_same or time.monotonic() > self._until:
                self._found = read_artist_map(store)
                self._state, self._until = state, time.monotonic() + _GOOD
            return self._found


def _places(store: GraphStore, card: Card) -> tuple[Placed, bool]:
    if kept := read_map(store, card.id):
        return ([id_ for id_, _, _ in kept], np.array([place[1:] for place in kept])), True
    ids, vectors = _vectors(store)
    require_mappable(len(ids))
    return (ids, _scaled(pca(unit_rows(vectors))[0])), False


def _vectors(store: GraphStore) -> tuple[list[Id], NDArray[np.float64]]:
    """Artists by id, and their vectors."""
    found = sorted(store.values(_VECTORS), key=lambda row: row[0])
    return [row[0] for row in found], np.array([row[1] for row in found], dtype=np.float64)


def _scaled(points: Points) -> Points:
    """Around the middle, in whole thousandths: what a person can read and every machine agrees on.

    The farthest is REACH away.
    """
    centred = points - points.mean(axis=0)
    farthest = float(np.linalg.norm(centred, axis=1).max()) or 1.0
    return np.asarray(np.round(centred * (REACH / farthest), 3) + 0.0)


def _described(store: GraphStore) -> pd.DataFrame:
    """Columns artist, name, tag, tag_name, listeners."""
    main = _main_tags(store)
    names = dict(store.read_nodes("Tag", "id", "name"))
    rows = [
        (id_, name, tag := main.get(id_), names.get(tag), listeners or 0)
        for id_, name, listeners in store.read_nodes("Artist", "id", "name", "listeners")
    ]
    columns = [ARTIST, NAME, TAG, TAG_NAME, LISTENERS]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({LISTENERS: np.int64})


def _main_tags(store: GraphStore) -> dict[Id, Id]:
    """The tag that each artist is given most, ties to the smaller id."""
    best: dict[Id, tuple[int, Id]] = {}
    for artist, tag, count in store.read_all(HAS_TAG):
        mark = (-count, tag)
        if artist not in best or mark < best[artist]:
            best[artist] = mark
    return {artist: tag for artist, (_, tag) in best.items()}
