"""A user's vector as a sum over what the user plays and whose friend the user is.

In the linear models of the whole graph every entry j of a user (a listen, a friend, the user as
a friend of themselves) weighs x_j and has one vector v_j, and the user's vector is their sum:

    v_j = x_j z_j + x_j (A^-1 q_j) C,    A = a0 Q'Q + lam I + sum_j x_j q_j q_j'

q_j (e,) is the column of the entry in the factorisation, C (e, d) turns its vectors into those of
the model, and z_j (d,) is what the full-rank model adds, the same for everybody. A plain
factorisation has no z and no C. So the score of an artist is a sum of v_j times the artist's
vector: reasons that are the arithmetic itself, and vectors for people the model has never met.

What somebody wants less like is an entry whose preference is -1 in place of 1: it weighs x_j in A
as a like does, and its vector is -v_j. Written as one number, its weight is -x_j.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from tastegraph.graph.moments import moments, seconds_since_1970
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.recency import Decay
from tastegraph.models.data.scalings import ListenConfig, scaled
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.fold_in import FixedSide, Floats, Penalty, solved

# Scales on which a user's listens weigh the same whatever others play.
_OWN_SCALES = ("log-user-mean", "binary", "user-max", "cap")

_ALL_PLAYS = 100.0

KEPT = ("foldIn", "foldInGram", "foldInMapping", "foldInArtistsGram")
"""Properties of the (:Model) that keep a ``FoldInModel``."""


@dataclass(frozen=True)
class FoldInModel:
    """What turns any user's entries into vectors, beside the columns of the entries.

    fixed          the side against which users are solved: all columns q
    mapping        C (e, d), or None in a plain factorisation
    friend_weight  what a friendship weighs
    self_weight    how many friendships everybody has with themselves
    scaling        what a listen weighs (models.scalings)
    artists        the side against which artists are solved, where the model is a factorisation
    tag_weight     what an artist's tag weighs there, times log(1 + times given)
    decay          how listens weigh less the older they are, by the training's latest; or None
    """

    fixed: FixedSide
    mapping: Matrix | None = None
    friend_weight: float = 0.0
    self_weight: float = 0.0
    scaling: str = "log-user-mean"
    artists: FixedSide | None = None
    tag_weight: float = 0.0
    decay: Decay | None = None

    def listen_weights(
        self, plays: ArrayLike, heard: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """What each of one user's listens weighs, last ``heard`` then (seconds since 1970); a
        listener's likes weigh 1 each.
        """
        values = np.atleast_2d(np.asarray(plays, dtype=np.float64))
        places = (np.zeros(values.size, dtype=int), np.arange(values.size))
        row = csr_array((values[0], places), shape=values.shape)
        weights = np.asarray(scaled(row, self.scaling).data, dtype=np.float64)
        return (
            weights if self.decay is None or heard is None else weights * self.decay.factors(heard)
        )

    def weights_of(self, data: Dataset) -> csr_array:
        """What the listens of everybody weigh, (users, artists); ``data`` was read with times
        where the old weigh less.
        """
        weights = scaled(data.plays, self.scaling)
        return weights if self.decay is None else self.decay.applied(weights, data.heard)

    def contributions(self, columns: Floats, weights: Floats) -> NDArray[np.float64]:
        """The vectors (n, d) of a user's entries, which add up to the user's.

        columns  (n, e) or (n, e + d)  q of each entry, then z where the model has one
        weights  (n,)                  x of each entry, -x of what the user wants less like
        """
        width = len(self.fixed.gram)
        own = columns[:, :width].astype(np.float64)
        solution = solved(own, np.abs(weights), self.fixed)
        vectors: NDArray[np.float64] = solution * weights[:, None]
        if self.mapping is None:
            return vectors
        whole: NDArray[np.float64] = vectors @ self.mapping + columns[:, width:] * weights[:, None]
        return whole

    def vector(self, columns: Floats, weights: Floats) -> NDArray[np.float64]:
        """The user's vector (d,) itself; a user without entries is 0."""
        width = len(self.fixed.gram)
        own = columns[:, :width].astype(np.float64)
        target = (weights @ own)[None, :]
        vector: NDArray[np.float64] = solved(target, np.abs(weights), self.fixed, own)[0]
        if self.mapping is None:
            return vector
        whole: NDArray[np.float64] = vector @ self.mapping + weights @ columns[:, width:]
        return whole

    def as_properties(self) -> dict[str, Any]:
        """Properties of the (:Model) node: numbers as JSON, matrices as bytes."""
        penalty, artists = self.fixed.penalty, self.artists
        numbers = {
            "size": self.fixed.size,
            "starts": self.fixed.starts,
            "penalty": [penalty.unobserved, penalty.reg, penalty.reg_exponent],
            "friendWeight": self.friend_weight,
            "selfWeight": self.self_weight,
            "scaling": self.scaling,
            "artistsSize": artists.size if artists else None,
            "tagWeight": self.tag_weight,
            "halfLife": self.decay.half_life if self.decay else None,
            "newest": moments(np.array([self.decay.newest]))[0] if self.decay else None,
        }
        values = (
            json.dumps(numbers),
            self.fixed.gram.tobytes(),
            None if self.mapping is None else self.mapping.tobytes(),
            artists.gram.tobytes() if artists else None,
        )
        return dict(zip(KEPT, values, strict=True))

    @classmethod
    def from_properties(cls, properties: dict[str, Any]) -> "FoldInModel | None":
        """What ``as_properties`` kept; None where the model has nothing of it."""
        if not properties.get("foldIn"):
            return None
        numbers = json.loads(properties["foldIn"])
        penalty = Penalty(*numbers["penalty"])
        gram = _square(properties["foldInGram"])
        mapping, artists = properties["foldInMapping"], properties["foldInArtistsGram"]
        return cls(
            FixedSide(gram, numbers["size"], penalty, numbers.get("starts", 1)),
            mapping=np.frombuffer(mapping, np.float32).reshape(len(gram), -1) if mapping else None,
            friend_weight=numbers["friendWeight"],
            self_weight=numbers["selfWeight"],
            scaling=numbers["scaling"],
            artists=(
                FixedSide(_square(artists), numbers["artistsSize"], penalty) if artists else None
            ),
            tag_weight=numbers["tagWeight"],
            decay=_decay(numbers.get("halfLife"), numbers.get("newest")),
        )


@dataclass(frozen=True)
class FoldIn:
    """A model's fold_in_model and the columns of all entries that a user can have.

    artists  (artists, e) or (artists, e + d)  q of each artist, then z
    friends  the same of each user as a friend, or None where the model knows no friends
    """

    model: FoldInModel
    artists: Matrix
    friends: Matrix | None = None


def can_fold_in(config: ListenConfig) -> bool:
    """Whether a model with these settings can tell one user's entries without everybody's."""
    return config.scaling in _OWN_SCALES and config.cut >= _ALL_PLAYS


def _decay(half_life: float | None, newest: str | None) -> Decay | None:
    if half_life is None or newest is None:
        return None
    return Decay(half_life, float(seconds_since_1970([newest])[0]))


def _square(content: bytes) -> NDArray[np.float64]:
    values = np.frombuffer(content, np.float64)
    return values.reshape(round(len(values) ** 0.5), -1)
