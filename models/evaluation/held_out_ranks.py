"""NDCG from the ranks of the held-out artists alone, without sorting all others.

For some held-out artists a user, counting who is above each is several times cheaper than the
first k of all: what a trial of settings mostly costs on a large catalogue.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    heard, held = split.data.plays[users].tocoo(), split.held[users]
    scores[heard.row, heard.col] = -np.inf
    found, gains = np.zeros(len(users)), discounts(k)
    for row, own in enumerate(scores):
        wanted = held.indices[held.indptr[row] : held.indptr[row + 1]]
        ranks = _ranks(own, wanted)
        found[row] = gains[ranks[ranks <= k] - 1].sum()
    return found / ideal_gain(np.diff(held.indptr), k)


def _ranks(scores: Matrix, wanted: NDArray[Any]) -> NDArray[np.intp]:
    """Places, from 1, of the columns ``wanted``; equal scores in the order of columns.

    What is no number is behind all others.
    """
    above = np.count_nonzero(~(scores <= scores[wanted, None]), axis=1)
    equal = [np.count_nonzero(scores[:column] == scores[column]) for column in wanted]
    ranks: NDArray[np.intp] = 1 + above + np.array(equal, dtype=np.intp)
    return ranks
