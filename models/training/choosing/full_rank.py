"""How much a full-rank model beside the factorisation is to count."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tastegraph.models.algorithms.teacher import Teacher, shares_of
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.ranking import ndcg_of_scores
from tastegraph.models.evaluation.split import Split
from tastegraph.models.training.choosing.trials import K, is_better

SHARES = (3.4, 1.0, 10.0)
"""What the full-rank scores weigh beside the factorisation's; with many listens a user the choice
begins at the first."""

DISCOUNTS = (0.07, 0.0, 0.14)
"""How far an artist's listeners count against it, as powers of them; begun likewise."""

STARTS = 4
"""Factorisations to average where these count for half of the scores, or more: the variance that
chance gives one of them then weighs at least (1/2)^2, at the first of SHARES (1/4.4)^2, a fifth of
that; the mean of four has a quarter of it."""


@dataclass(frozen=True)
class Mix:
    """The share of the full-rank model and the discount of popularity."""

    ease_share: float = SHARES[0]
    popularity_discount: float = DISCOUNTS[0]

    @property
    def starts(self) -> int:
        """How many factorisations are averaged."""
        return STARTS if self.ease_share <= 1 else 1

    def of(self, teacher: Teacher, listeners: NDArray[np.intp]) -> Teacher:
        """``teacher`` as if it had been fitted with this mix."""
        discount = np.maximum(listeners, 1.0) ** -self.popularity_discount
        scale = discount.astype(np.float32)
        return replace(teacher, shares=shares_of(self.ease_share), scale=scale)


MIX_OF_FEW_LISTENS = Mix(ease_share=1.0, popularity_discount=0.0)
"""Where the choice begins on data with few listens a user. Pairs of artists that share listeners
are too few there for a full-rank model to weigh more than a factorisation."""


def choose_mix(teacher: Teacher, split: Split, begun: Mix, open_settings: Collection[str]) -> Mix:
    """The mix that ranks best what ``split`` holds out.

    It starts from ``begun`` and changes ``open_settings`` alone; another value is taken if it is
    better by more than one standard error.
    """
    scores = _Scores.of(teacher, split)
    best, values = begun, scores.ndcg(begun)
    for name, tried in (("ease_share", SHARES), ("popularity_discount", DISCOUNTS)):
        for value in tried if name in open_settings else ():
            mix = replace(best, **{name: value})
            if mix == best:
                continue
            found = scores.ndcg(mix)
            if is_better(found, values):
                best, values = mix, found
    return best


@dataclass(frozen=True)
class _Scores:
    """What both models give the tested users of ``split``, (users, artists) each."""

    split: Split
    factorised: Matrix
    full_rank: Matrix
    places: NDArray[np.intp]

    @classmethod
    def of(cls, teacher: Teacher, split: Split) -> "_Scores":
        """Score the users once, each model by itself."""
        users, artists = split.users, len(teacher.scale)
        factorised = teacher.factors.rows[users] @ teacher.factors.columns[:artists].T
        full_rank = np.zeros_like(factorised)
        if teacher.ease is not None:
            full_rank = teacher.ease.block(users, slice(0, artists))
        places = np.zeros(split.held.shape[0], dtype=np.intp)
        places[users] = np.arange(len(users))
        return cls(split, factorised, full_rank, places)

    def ndcg(self, mix: Mix) -> NDArray[np.float64]:
        """NDCG@10 of each user by ``mix``."""
        factorised, full_rank = shares_of(mix.ease_share)
        discount = np.maximum(self.split.data.listeners, 1.0) ** -mix.popularity_discount

        def score(users: NDArray[np.intp]) -> Matrix:
            at = self.places[users]
            mixed = factorised * self.factorised[at] + full_rank * self.full_rank[at]
            return np.asarray(mixed * discount.astype(np.float32))

        return ndcg_of_scores(score, self.split, K)
