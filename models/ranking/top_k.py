"""The best columns of each row of a score matrix."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]


def top_rows(scores: Scores, k: int) -> NDArray[np.intp]:
    """Columns of the ``k`` largest scores of each row, largest first, shape (rows, k).

    Equal scores go to the smaller column. A score of -inf excludes; where fewer than ``k``
    are left, the rest is -1.
    """
    rows, columns = scores.shape
    width = min(k, columns)
    best = np.full((rows, k), -1, dtype=np.intp)
    if rows == 0 or width == 0:
        return best
    chosen = np.argpartition(scores, columns - width, axis=1)[:, columns - width :]
    values = np.take_along_axis(scores, chosen, axis=1)
    for row in _cut_through_ties(scores, values):
        chosen[row] = np.lexsort((np.arange(columns), -scores[row]))[:width]
        values[row] = scores[row, chosen[row]]
    order = np.lexsort((chosen, -values), axis=1)
    chosen = np.take_along_axis(chosen, order, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    best[:, :width] = np.where(np.isneginf(values), -1, chosen)
    return best


def _cut_through_ties(scores: Scores, values: Scores) -> NDArray[np.intp]:
    """Rows where the last chosen score also stands outside the choice."""
    last = values.min(axis=1, keepdims=True)
    tied = (scores == last).sum(axis=1) > (values == last).sum(axis=1)
    rows: NDArray[np.intp] = np.flatnonzero(tied & ~np.isneginf(last[:, 0]))
    return rows
