"""Recommendations from matrices in memory: for one user at once, or for everybody."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, NAME, USER
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.diversity import Likeness, diversified, pool_size
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.signals import Signals
from tastegraph.models.ranking.tag_profiles import ArtistTags
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.models.ranking.weights import SIGNALS
from tastegraph.runtime.progress import Progress, silent

# Users scored at once: three matrices of this many rows and all artists are held in memory.
BLOCK = 128


class Recommender:
    """Scores and ranks artists for users of one dataset.

    names        (artists,)
    hidden       (users, artists)  1 where a user never wants to see the artist
    properties   (artists,) each, by name: those that the options have conditions on
    listeners    (artists,)  how many listen to each, where ``data`` are only a part of all
    artist_tags  the tags of the artists, where these have been computed before
    """

    def __init__(
        self,
        data: Dataset,
        vectors: Vectors,
        names: NDArray[np.object_],
        *,
        hidden: csr_array | None = None,
        properties: Mapping[str, NDArray[np.object_]] | None = None,
        listeners: NDArray[np.integer] | None = None,
        artist_tags: ArtistTags | None = None,
    ) -> None:
        self._data = data
        self.vectors = vectors
        self.names = names
        self._hidden = hidden
        self._properties = properties or {}
        self._listeners = data.listeners if listeners is None else listeners
        self.signals = Signals(data, vectors, artist_tags)

    def recommend(
        self, users: Sequence[int] | Rows, options: RecommendOptions, progress: Progress = silent
    ) -> pd.DataFrame:
        """The best artists of each user of the rows ``users``.

        Columns user, rank (from 1), artist, name, score, embedding, friends, tags; the last
        three are the weighted parts and add up to the score. Ties go to the smaller id. A user
        without a vector gets the most listened artists, scored 0. With a diversity the order is
        that of ``tastegraph.models.ranking.diversity``, otherwise that of the scores.
        """
        users = np.asarray(users, dtype=np.intp)
        frames = []
        with progress("ranking", len(users)) as advance:
            # Of nobody, too, there is a frame.
            for start in range(0, max(1, len(users)), BLOCK):
                block = users[start : start + BLOCK]
                frames.append(self._recommend_block(block, options))
                advance(len(block))
        filled = [frame for frame in frames if len(frame)] or frames[:1]
        return filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)

    def lists(
        self, users: Rows, choices: Sequence[RecommendOptions], progress: Progress = silent
    ) -> list[NDArray[np.intp]]:
        """What ``recommend`` gives by each of ``choices``, as artist rows: (users, k) each,
        padded with -1. Signals are computed once for all of them.
        """
        lists: list[list[NDArray[np.intp]]] = [[] for _ in choices]
        weights = np.max([options.weights for options in choices], axis=0)
        with progress("ranking", len(users) * len(choices)) as advance:
            for start in range(0, len(users), BLOCK):
                block = users[start : start + BLOCK]
                signals = self._signals_of(block, weights)
                for made, options in zip(lists, choices, strict=True):
                    parts = self._weighted(block, signals, options)
                    made.append(self._best(self._order(block, parts, options), options))
                    advance(len(block))
        return [np.concatenate(made) for made in lists]

    def parts(self, users: Rows, options: RecommendOptions) -> list[Matrix]:
        """Each signal's weighted part of the score, in the order of SIGNALS.

        Shapes (users, artists). Users without a vector have no parts.
        """
        return self._weighted(users, self._signals_of(users, options.weights), options)

    def _signals_of(self, users: Rows, weights: Sequence[float]) -> list[Matrix | None]:
        """The signals that count something."""
        return [
            self.signals.of(signal, users) if weight else None
            for signal, weight in zip(SIGNALS, weights, strict=True)
        ]

    def _weighted(
        self, users: Rows, signals: Sequence[Matrix | None], options: RecommendOptions
    ) -> list[Matrix]:
        known = self.has_vector(users)[:, None]
        parts: list[Matrix] = []
        for signal, weight in zip(signals, options.weights, strict=True):
            if signal is None or not weight:
                parts.append(np.zeros((len(users), len(self._data.artists)), dtype=np.float32))
            else:
                scale = np.float32(weight) * self._discount(options.novelty)
                parts.append(np.where(known, signal * scale, np.float32(0.0)))
        return parts

    def _recommend_block(self, users: Rows, options: RecommendOptions) -> pd.DataFrame:
        parts = self.parts(users, options)
        best = self._best(self._order(users, parts, options), options)
        return self._frame(users, best, [parts[0] + parts[1] + parts[2], *parts])

    def _order(self, users: Rows, parts: Sequence[Matrix], options: RecommendOptions) -> Matrix:
        """By what artists are ranked: -inf for what may not be recommended."""
        order: Matrix = parts[0] + parts[1] + parts[2]
        order[~self.has_vector(users)] = self._listeners
        if options.with_tags or options.without_tags or options.where:
            order[:, ~self._allowed(options)] = -np.inf
        excluded = [] if options.known else [self._data.plays]
        for matrix in [
            *excluded,
            *([] if self._hidden is None or options.hidden else [self._hidden]),
        ]:
            entries = matrix[users].tocoo()
            order[entries.row, entries.col] = -np.inf
        return order

    def _best(self, order: Matrix, options: RecommendOptions) -> NDArray[np.intp]:
        """Artist rows to recommend, best first, shape (users, k), padded with -1."""
        if not options.diversity:
            return top_rows(order, options.k)
        pools = top_rows(order, pool_size(options.k, order.shape[1]))
        best = np.full((len(order), options.k), -1, dtype=np.intp)
        for row, padded in enumerate(pools):
            pool = padded[padded >= 0]
            alike = Likeness(self.signals.tag_taste.artists[pool], self.vectors.artists[pool])
            scores = order[row, pool].astype(np.float64)
            chosen = diversified(scores, alike, options.k, options.diversity)
            best[row, : len(chosen)] = pool[chosen]
        return best

    def _frame(self, users: Rows, best: NDArray[np.intp], columns: list[Matrix]) -> pd.DataFrame:
        """Rows for the artists ``best``, shape (users, k), padded with -1."""
        filled = best >= 0
        user, place = np.nonzero(filled)
        artist = best[filled]
        scored = {
            name: matrix[user, artist].astype(np.float64)
            for name, matrix in zip((SCORE, *SIGNALS), columns, strict=True)
        }
        return pd.DataFrame(
            {
                USER: self._data.users.array[users[user]],
                RANK: place + 1,
                ARTIST: self._data.artists.array[artist],
                NAME: pd.Series(self.names[artist], dtype=object),
                **scored,
            }
        )

    def has_vector(self, users: Rows) -> NDArray[np.bool_]:
        """Which users have a vector, shape (users,); the others have scores of 0."""
        known: NDArray[np.bool_] = np.any(self.vectors.users[users], axis=1)
        return known

    def _discount(self, novelty: float) -> NDArray[np.float32] | np.float32:
        if not novelty:
            return np.float32(1.0)
        return np.asarray(np.maximum(self._listeners, 1.0) ** -novelty, dtype=np.float32)

    def _allowed(self, options: RecommendOptions) -> NDArray[np.bool_]:
        tags = self._data.tag_counts.tocsc()
        allowed = np.ones(len(self._data.artists), dtype=bool)
        for tag in self._data.tags.rows(options.with_tags):
            carriers = np.zeros_like(allowed)
            carriers[tags.indices[tags.indptr[tag] : tags.indptr[tag + 1]]] = True
            allowed &= carriers
        for tag in self._data.tags.rows(options.without_tags):
            allowed[tags.indices[tags.indptr[tag] : tags.indptr[tag + 1]]] = False
        for condition in options.where:
            allowed &= condition.holds(self._properties[condition.property])
        return allowed
