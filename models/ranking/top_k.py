"""The best columns of each row of a score matrix."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]

TOGETHER = 1 << 20
"""Scores looked at together, about what a processor's cache holds."""

# Groups of columns whose highest scores bound a row's: more of them bound it closer.
_GROUPS, _GROUPS_A_PLACE = 512, 2


def top_rows(scores: Scores, k: int) -> NDArray[np.intp]:
    """Columns of the ``k`` largest scores of each row, largest first, shape (rows, k).

    Equal scores go to the smaller column. A score of -inf excludes, as does what is no number;
    where fewer than ``k`` are left, the rest is -1.
    """
    rows, columns = scores.shape
    best = np.full((rows, k), -1, dtype=np.intp)
    height = max(1, TOGETHER // max(columns, 1))
    for start in range(0, rows, height) if columns and k else ():
        best[start : start + height] = _top(scores[start : start + height], k)
    return best


def _top(scores: Scores, k: int) -> NDArray[np.intp]:
    """``top_rows`` by sorting only what is not below a bound of the ``k``-th largest."""
    row, column = _not_below(scores, _bounds(scores, k), k)
    found = np.bincount(row, minlength=len(scores))
    place = np.arange(len(row)) - (np.cumsum(found) - found)[row]
    width = max(int(found.max()), k)
    values = np.full((len(scores), width), -np.inf, dtype=scores.dtype)
    columns = np.full(values.shape, -1, dtype=np.intp)
    values[row, place], columns[row, place] = scores[row, column], column
    order = np.argsort(-values, axis=1, kind="stable")[:, :k]
    best: NDArray[np.intp] = np.take_along_axis(columns, order, axis=1)
    return best


def _bounds(scores: Scores, k: int) -> Scores:
    """No more than the ``k``-th largest of each row, (rows, 1): the ``k``-th largest of the
    highest scores of groups of columns.
    """
    columns = scores.shape[1]
    groups = max(_GROUPS, _GROUPS_A_PLACE * k)
    depth = max(columns // groups, 1)
    groups = min(groups, columns)
    if groups < k:
        return np.full((len(scores), 1), -np.inf, dtype=scores.dtype)
    grouped = scores[:, : depth * groups].reshape(len(scores), depth, groups)
    # As the smallest of the negated, what is no number comes last.
    highest = np.partition(-np.fmax.reduce(grouped, axis=1), k - 1, axis=1)
    bounds: Scores = -highest[:, k - 1 : k]
    bounds[np.isnan(bounds)] = -np.inf
    return bounds


def _not_below(scores: Scores, bounds: Scores, k: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns, in their order, of the scores that are not below their row's bound; of
    those equal to it the first ``k``, and none of -inf.
    """
    row, column = np.divmod(np.flatnonzero(scores >= bounds), scores.shape[1])
    values = scores[row, column]
    equal = values == bounds[row, 0]
    before = np.cumsum(equal) - equal
    first = np.searchsorted(row, np.arange(len(scores)))
    nth = before - np.append(before, 0)[first][row]
    kept = (~equal | (nth < k)) & (values > -np.inf)
    return row[kept], column[kept]
