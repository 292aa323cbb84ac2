"""Which known name is nearest to each of many, by the letters that they share."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

# Groups of letters, and how alike two names must be for one to be a slip of the other.
_GROUP = 3
_ALIKE = 0.6

# Names that are compared at once: as many as keep the product small.
_AT_ONCE = 500


def near_names(names: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """For each of ``names`` the place of the nearest of ``known``, None where none is near.

    Likeness is the cosine of the counts of three letters in a row, with a blank at either end; of
    equals the first is taken. Both are compared as they are: fold case and accents before.
    """
    if not names or not known:
        return [None] * len(names)
    groups: dict[str, int] = {}
    cells = [_cells(each, groups) for each in (known, names)]
    there, asked = (
        _counts(each, (len(of), len(groups)))
        for each, of in zip(cells, (known, names), strict=True)
    )
    columns = there.T.tocsc()
    found: list[int | None] = []
    for start in range(0, len(names), _AT_ONCE):
        alike = (asked[start : start + _AT_ONCE] @ columns).tocsr()
        alike.sort_indices()
        found += [_best(alike, row) for row in range(alike.shape[0])]
    return found


def _best(alike: csr_array, row: int) -> int | None:
    span = slice(alike.indptr[row], alike.indptr[row + 1])
    values: NDArray[np.float32] = alike.data[span]
    if not len(values) or values.max() < _ALIKE:
        return None
    return int(alike.indices[span][values.argmax()])


def _cells(names: Sequence[str], groups: dict[str, int]) -> tuple[list[int], list[int]]:
    """Row and column of each group of letters; adds to ``groups``."""
    rows, columns = [], []
    for row, name in enumerate(names):
        padded = f" {name} "
        for at in range(max(len(padded) - _GROUP + 1, 1)):
            rows.append(row)
            columns.append(groups.setdefault(padded[at : at + _GROUP], len(groups)))
    return rows, columns


def _counts(cells: tuple[list[int], list[int]], shape: tuple[int, int]) -> csr_array:
    """Counts of groups of letters (names, groups), each row of length 1."""
    counts = csr_array((np.ones(len(cells[0]), dtype=np.float32), cells), shape=shape)
    counts.sum_duplicates()
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel()
    counts.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(counts.indptr)).astype(np.float32)
    return counts
