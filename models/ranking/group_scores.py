"""One score for several people, out of the scores of each."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

AGGREGATIONS: dict[str, Callable[..., Values]] = {
    "mean": np.mean,
    "least-misery": np.min,
    "most-pleasure": np.max,
}
"""How a group's score comes from those of its members (Masthoff 2011, "Group Recommender Systems:
Combining Individual Models"): their average, the least of them, the greatest."""


def group_scores(scores: Values, aggregation: str) -> Values:
    """The score of each artist for a group, shape (artists,), from ``scores`` (members, artists).

    A model's scores are larger for some people than for others, so that their sum would follow
    those alone, and the least of them others. So each member's are brought to one scale first,
    the least to 0 and the greatest to 1 (zero-one normalisation, the simpler of the two that do
    best in Wu, Crestani and Bi 2006, "Evaluating Score Normalization Methods in Data Fusion").
    A member whose scores are all the same has no say. Where one alone has a say, nothing is
    scaled: the group's scores are that member's.

    aggregation  one of AGGREGATIONS
    """
    aggregate = AGGREGATIONS[aggregation]
    if not scores.size:
        return np.zeros(scores.shape[1])
    spread = np.ptp(scores, axis=1, keepdims=True)
    has_say = spread[:, 0] > 0
    telling = scores[has_say] if has_say.any() else scores
    if np.count_nonzero(has_say) > 1:
        telling = (telling - telling.min(axis=1, keepdims=True)) / spread[has_say]
    # In an order of their own, so that it does not matter who is named first.
    return np.asarray(aggregate(np.sort(telling, axis=0), axis=0), dtype=np.float64)
