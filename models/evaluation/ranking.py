"""What a model would recommend to the tested users of a split."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import rankdata

from tastegraph.errors import InputError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.split import Split
from tastegraph.models.ranking.top_k import TOGETHER, top_rows
from tastegraph.runtime.progress import Progress, silent

BLOCK = 256
"""Users scored at once; a few matrices of this many rows and all artists are held in memory."""


@dataclass(frozen=True)
class Ranking:
    """Lists for the tested users of a split.

    top           (users, k)  artist rows, best first, -1 where fewer are left
    correlations  (users, 2)  Spearman's rank correlation of a user's scores with the artists'
                              popularity (plays / listeners) and listeners, or None
    """

    top: NDArray[np.intp]
    correlations: NDArray[np.float64] | None = None


class RankHeldOut(Protocol):
    """What gives the lists of ``rank``, here or elsewhere."""

    def __call__(
        self,
        model: Model[Any],
        split: Split,
        k: int,
        correlate: bool = False,
        *,
        progress: Progress = silent,
    ) -> Ranking:
        """The lists of ``split``'s users."""


def rank(
    model: Model[Any],
    split: Split,
    k: int,
    correlate: bool = False,
    *,
    progress: Progress = silent,
) -> Ranking:
    """The first ``k`` artists of each tested user but those of their training listens.

    Ties go to the smaller artist id. InputError for a ``k`` above the number of artists.
    """
    check_k(k, split.data)
    users = split.users
    top = np.empty((len(users), k), dtype=np.intp)
    correlations = np.empty((len(users), 2)) if correlate else None
    popularity = _Popularity(split.data) if correlate else None
    with progress(f"ranking by {model.name}", len(users)) as advance:
        for start in range(0, len(users), BLOCK):
            block = users[start : start + BLOCK]
            part = slice(start, start + len(block))
            scores = model.score(block)
            if correlations is not None and popularity is not None:
                correlations[part] = popularity.correlations(scores)
            top[part] = _top_unheard(scores, split.data.plays[block], k)
            advance(len(block))
    return Ranking(top, correlations)


def ndcg_of_scores(
    score: Callable[[NDArray[np.intp]], Matrix], split: Split, k: int
) -> NDArray[np.float64]:
    """NDCG@``k`` of each tested user's list as ``rank`` gives it, from ``score`` alone: the scores
    of all artists for some user rows, (users, artists). Fewer artists give shorter lists.
    """
    users, size = split.users, max(1, TOGETHER // max(len(split.data.artists), 1))
    found = [
        ndcg(_top_unheard(score(block), split.data.plays[block], k), split.held[block])
        for block in (users[start : start + size] for start in range(0, len(users), size))
    ]
    return np.concatenate(found or [np.empty(0)])


def _top_unheard(scores: Matrix, heard: csr_array, k: int) -> NDArray[np.intp]:
    """The first ``k`` of each row of ``scores`` but the entries of ``heard``, as ``top_rows``."""
    unheard, listens = np.array(scores, dtype=np.float32), heard.tocoo()
    unheard[listens.row, listens.col] = -np.inf
    return top_rows(unheard, k)


def check_k(k: int, data: Dataset) -> None:
    """Refuse a list that is longer than there are artists."""
    if k > len(data.artists):
        raise InputError(
            f"k is {k:,}, but there are {len(data.artists):,} artists: choose a smaller one"
        )


class _Popularity:
    """The artists that anybody listens to, by popularity and by listeners."""

    def __init__(self, data: Dataset) -> None:
        listeners = data.listeners
        self._heard = np.flatnonzero(listeners)
        plays = np.bincount(data.plays.indices, data.plays.data, minlength=len(listeners))
        measures = plays[self._heard] / listeners[self._heard], listeners[self._heard]
        self._ranks = np.stack([_standardised(rankdata(measure)) for measure in measures])

    def correlations(self, scores: Matrix) -> NDArray[np.float64]:
        """Spearman's rho of each row of ``scores`` with both, ties at their mean rank."""
        ranks = _standardised(rankdata(scores[:, self._heard], axis=1))
        found: NDArray[np.float64] = ranks @ self._ranks.T
        return found


def _standardised(ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks less their mean, of length 1; zeros where all are alike."""
    centred = ranks - ranks.mean(axis=-1, keepdims=True)
    return unit_rows(centred)
