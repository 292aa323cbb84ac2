"""NDCG from the ranks of the held-out artists alone, without sorting all others.

For some held-out artists a user, counting who is above each is several times cheaper than the
first k of all: what a trial of settings mostly costs on a large catalogue.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.metrics import discounts, ideal_gain
from tastegraph.models.evaluation.split import Split

# Users scored at once.
_BLOCK = 256


def ndcg_by_ranks(
    score: Callable[[NDArray[np.intp]], Matrix], split: Split, k: int
) -> NDArray[np.float64]:
    """NDCG@k of each tested user, as ``metrics.ndcg`` of the lists of ``ranking.rank``.

    ``score`` gives the scores of all artists for some user rows, (users, artists).
    """
    users = split.users
    blocks = [users[start : start + _BLOCK] for start in range(0, len(users), _BLOCK)]
    return np.concatenate([_block(score, split, block, k) for block in blocks] or [np.empty(0)])


def _block(
    score: Callable[[NDArray[np.intp]], Matrix], split: Split, users: NDArray[np.intp], k: int
) -> NDArray[np.float64]:
    scores = np.asarray(score(users), dtype=np.float32)
    return ndcg_of_scores(scores, split.held[users], k, split.data.plays[users])


def ndcg_of_scores(
    scores: Matrix, held: csr_array, k: int, heard: csr_array
) -> NDArray[np.float64]:
    """NDCG@k of each row of ``scores`` (users, artists) by its row of ``held``.

    The entries of ``heard`` stand in no list, nor does what has a score of -inf. Equal scores
    stand in the order of columns; what is no number is behind all others.
    """
    gains = discounts(k)
    found = [
        sum(gains[place] for place in _places(own, wanted, excluded, k))
        for own, wanted, excluded in zip(scores, _columns(held), _columns(heard), strict=True)
    ]
    values: NDArray[np.float64] = np.array(found) / ideal_gain(np.diff(held.indptr), k)
    return values


def _columns(matrix: csr_array) -> list[NDArray[Any]]:
    """The columns of each row's entries."""
    return np.split(matrix.indices, matrix.indptr[1:-1])


def _places(scores: Matrix, wanted: NDArray[Any], excluded: NDArray[Any], k: int) -> Iterator[int]:
    """Places, from 0, of those of the columns ``wanted`` that are among the first ``k`` of those
    that are not ``excluded``.
    """
    others = scores[excluded]
    wanted = wanted[np.argsort(-scores[wanted])]
    for column, score in zip(wanted.tolist(), scores[wanted], strict=True):
        if not score > -np.inf:
            return
        above = int(np.count_nonzero(scores > score) - np.count_nonzero(others > score))
        if above >= k:
            # So are all that score less.
            return
        equal_others = excluded[others == score]
        before = np.count_nonzero(scores[:column] == score) - np.count_nonzero(
            equal_others < column
        )
        if above + before < k:
            yield above + int(before)
