"""Lists whose artists differ: a re-ranking by maximal marginal relevance."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix

Values = NDArray[np.float64]


def pool_size(k: int, artists: int) -> int:
    """How many of the best of ``artists`` a diverse list of ``k`` is chosen from."""
    return min(max(100, 10 * k), artists)


class Likeness:
    """How alike the artists of a pool are, from 0 to 1.

    The cosine of their tags; where one of two has no tags, that of their vectors, and 0 where
    it is negative or one has no vector.

    tags     (artists, tags)  unit rows, or empty ones
    vectors  (artists, d)
    """

    def __init__(self, tags: csr_array, vectors: Matrix) -> None:
        self._tags = tags
        self._bare = np.asarray(abs(tags).sum(axis=1)).ravel() == 0
        self._vectors = unit_rows(vectors)

    def to(self, artist: int) -> Values:
        """Likeness of every artist of the pool to the one at place ``artist``, shape (artists,)."""
        by_tags = self._tags @ self._tags[[artist]].toarray()[0]
        compared = self._bare | self._bare[artist]
        if compared.any():
            by_tags[compared] = self._vectors[compared] @ self._vectors[artist]
        return np.maximum(np.asarray(by_tags, dtype=np.float64), 0.0)


def likeness(store: GraphStore, artists: Sequence[Id]) -> Likeness:
    """The likeness of ``artists``, computed from what the database knows of them."""
    found = store.rows(query("artist-traits").cypher, {"artistIds": list(artists)})
    traits = {row["artist"]: row for row in found}
    numbers: dict[Id, int] = {}
    places, columns, parts = [], [], []
    for place, artist in enumerate(artists):
        for tag, part in traits[artist]["tags"]:
            places.append(place)
            columns.append(numbers.setdefault(tag, len(numbers)))
            parts.append(part)
    shape = (len(artists), len(numbers))
    tags = csr_array((np.array(parts, dtype=np.float64), (places, columns)), shape=shape)
    width = max((len(row["embedding"] or ()) for row in found), default=0)
    vectors = np.zeros((len(artists), width), dtype=np.float32)
    for place, artist in enumerate(artists):
        if traits[artist]["embedding"]:
            vectors[place] = traits[artist]["embedding"]
    return Likeness(tags, vectors)


def diversified(scores: Values, alike: Likeness, k: int, diversity: float) -> NDArray[np.intp]:
    """Places of the ``k`` artists to recommend, in order, out of a pool with ``scores`` (n,).

    Maximal marginal relevance (Carbonell and Goldstein 1998): with the chosen artists S, the
    next is the one of greatest

        (1 - diversity) * r_a - diversity * max over b in S of likeness of a and b

    r_a being the score, scaled so that the pool's least is 0 and its greatest 1. The pool is in
    the order of its scores and of equals the first is taken, so that a diversity of 0 changes
    nothing and the best artist always comes first. Fewer than ``k`` only where n is less.
    """
    spread = np.ptp(scores) if len(scores) else 0.0
    relevance = (scores - scores.min()) / spread if spread > 0 else np.zeros(len(scores))
    value, nearest = (1.0 - diversity) * relevance, np.zeros(len(scores))
    chosen = np.empty(min(k, len(scores)), dtype=np.intp)
    for place in range(len(chosen)):
        best = int(np.argmax(value - diversity * nearest))
        chosen[place] = best
        value[best] = -np.inf
        nearest = np.maximum(nearest, alike.to(best))
    return chosen
