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
    scores = np.array(score(users), dtype=np.float32)
    heard = split.data.plays[users].tocoo()
    scores[heard.row, heard.col] = -np.inf
    return ndcg_of_scores(scores, split.held[users], k)


def ndcg_of_scores(scores: Matrix, held: csr_array, k: int) -> NDArray[np.float64]:
    """NDCG@k of each row of ``scores`` (users, artists), -inf excluding, by its row of ``held``.

    Equal scores stand in the order of columns; what is no number is behind all others.
    """
    gains = discounts(k)
    found = [
        sum(gains[place] for place in _places(own, held.indices[start:end], k))
        for own, start, end in zip(scores, held.indptr, held.indptr[1:], strict=False)
    ]
    values: NDArray[np.float64] = np.array(found) / ideal_gain(np.diff(held.indptr), k)
    return values


def _places(scores: Matrix, wanted: NDArray[Any], k: int) -> Iterator[int]:
    """Places, from 0, of those of the columns ``wanted`` that are among the first ``k``."""
    for column, score in zip(wanted.tolist(), scores[wanted], strict=True):
        if score > -np.inf:
            above = int(np.count_nonzero(scores > score))
            if above < k:
                place = above + int(np.count_nonzero(scores[:column] == score))
                if place < k:
                    yield place
