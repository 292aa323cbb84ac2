"""Why an artist is recommended, from the matrices that made its score."""

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, USER
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.explain.contributions import entries_of
from tastegraph.models.explain.parts import EMBEDDING, WHY, Part, Why, in_order, with_entries
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.solver.fold_in_model import FoldIn


class Explainer:
    """Parts of recommendations, from the matrices that made them.

    fold_in    what each listen and friend adds to a user's vector; None where no model keeps it
    tag_names  (tags,)
    """

    def __init__(
        self,
        recommender: Recommender,
        data: Dataset,
        tag_names: NDArray[np.object_],
        fold_in: FoldIn | None = None,
    ) -> None:
        self._recommender = recommender
        self._signals = recommender.signals
        self._data = data
        self.tag_names = tag_names
        self.fold_in = fold_in
        self._heard = data.plays.tocsc()
        # Recommendations come user by user.
        self._of_user = lru_cache(maxsize=1)(self._shares_and_profile)

    def with_reasons(self, frame: pd.DataFrame, options: RecommendOptions) -> pd.DataFrame:
        """``frame`` of recommendations with the column why: lists of parts, largest first."""
        users = self._data.users.rows(frame[USER])
        artists = self._data.artists.rows(frame[ARTIST])
        embedding = frame[EMBEDDING]
        known = self._recommender.has_vector(users)
        reasons = [
            self._parts(user, artist, part, options) if scored else Why()
            for user, artist, part, scored in zip(users, artists, embedding, known, strict=True)
        ]
        if self.fold_in is not None and options.weights.embedding:
            self._take_apart(reasons, users, artists, options)
        return frame.assign(**{WHY: pd.Series(reasons, index=frame.index, dtype=object)})

    def parts(self, user: int, artist: int, options: RecommendOptions) -> Why:
        """The parts of an artist's score for a user, by their rows; the embedding's is one."""
        row, vectors = np.array([user]), self._recommender.vectors
        if not self._recommender.has_vector(row)[0]:
            return Why()
        product = float(vectors.users[user] @ vectors.artists[artist])
        weight = options.weights.embedding * self._discount(artist, options)
        return self._parts(user, artist, weight * product, options)

    def _parts(self, user: int, artist: int, embedding: float, options: RecommendOptions) -> Why:
        discount = self._discount(artist, options)
        parts = [
            Part(EMBEDDING, None, None, embedding),
            *self._friends(user, artist, options.weights.friends * discount),
            *self._tags(user, artist, options.weights.tags * discount),
        ]
        return in_order(parts)

    def _discount(self, artist: int, options: RecommendOptions) -> float:
        listeners = self._heard.indptr[artist + 1] - self._heard.indptr[artist]
        return float(max(1.0, float(listeners)) ** -options.novelty)

    def _take_apart(
        self, reasons: list[Why], users: Rows, artists: Rows, options: RecommendOptions
    ) -> None:
        """Tell the parts of the embedding in ``reasons``, user by user."""
        assert self.fold_in is not None
        fold_in_model, vectors = self.fold_in.model, self._recommender.vectors
        for user in np.unique(users).tolist():
            places = [at for at in np.flatnonzero(users == user).tolist() if reasons[at]]
            entries = entries_of(self._data, self.fold_in, user, self._recommender.names)
            values = entries.contributions(fold_in_model).parts(vectors.artists[artists[places]])
            heard = np.maximum(np.diff(self._heard.indptr)[artists[places]], 1.0)
            values *= options.weights.embedding * heard[:, None] ** -options.novelty
            for at, row in zip(places, values.tolist(), strict=True):
                reasons[at] = with_entries(reasons[at], entries.entries, row)

    def _shares_and_profile(self, user: int) -> tuple[csr_array, NDArray[np.floating]]:
        """What each friend of ``user`` counts, and the user's tag profile, shape (tags,)."""
        row = np.array([user])
        return self._signals.friend_shares(row), self._signals.tag_taste.profiles(row).toarray()[0]

    def _friends(self, user: int, artist: int, weight: float) -> list[Part]:
        shares, _ = self._of_user(user)
        friends = shares.indices
        if not weight or not len(friends):
            return []
        parts = shares.data * self._signals.listens[friends, [artist] * len(friends)]
        return [
            Part("friend", self._data.users.ids[friend], None, weight * part)
            for friend, part in zip(friends.tolist(), parts.tolist(), strict=True)
        ]

    def _tags(self, user: int, artist: int, weight: float) -> list[Part]:
        if not weight:
            return []
        _, profile = self._of_user(user)
        carried = self._signals.tag_taste.artists
        own = slice(carried.indptr[artist], carried.indptr[artist + 1])
        tags = carried.indices[own]
        return [
            Part("tag", self._data.tags.ids[tag], self.tag_names[tag], weight * part)
            for tag, part in zip(
                tags.tolist(), (carried.data[own] * profile[tags]).tolist(), strict=True
            )
        ]
