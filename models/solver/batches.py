"""Rows of like length, padded to blocks that one batched operation solves."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

STRETCH = 1.2
"""A block's longest row has at most this many times the entries of its shortest."""


@dataclass(frozen=True)
class Block:
    """Rows ``start`` to ``stop`` (excluded) of a matrix, padded to one length n.

    columns  (rows, n)  column of each entry, 0 in the padding
    weights  (rows, n)  value of each entry, 0 in the padding
    """

    start: int
    stop: int
    columns: NDArray[np.int32]
    weights: NDArray[np.float32]

    @property
    def length(self) -> int:
        """Entries of a row, with the padding."""
        return int(self.columns.shape[1])


def by_length(matrix: csr_array) -> NDArray[np.intp]:
    """Rows of ``matrix`` from the fewest entries to the most, ties by row."""
    return np.argsort(np.diff(matrix.indptr), kind="stable")


def blocks(matrix: csr_array, entries: int) -> Iterator[Block]:
    """Cut the rows that have entries into blocks of about ``entries`` entries, padding included.

    The rows of ``matrix`` ascend in length; a row longer than ``entries`` is a block of its own.
    """
    lengths = np.diff(matrix.indptr)
    start = int(np.searchsorted(lengths, 1))
    while start < len(lengths):
        like = int(np.searchsorted(lengths, lengths[start] * STRETCH, side="right"))
        fitting = lengths[start:like] * np.arange(1, like - start + 1) <= entries
        stop = start + max(1, int(np.count_nonzero(fitting)))
        yield _block(matrix, start, stop)
        start = stop


def _block(matrix: csr_array, start: int, stop: int) -> Block:
    first, lengths = matrix.indptr[start:stop], np.diff(matrix.indptr[start : stop + 1])
    place = np.arange(lengths[-1])
    filled = place < lengths[:, None]
    entry = np.where(filled, first[:, None] + place, 0)
    return Block(
        start,
        stop,
        np.where(filled, matrix.indices[entry], 0).astype(np.int32),
        np.where(filled, matrix.data[entry], 0).astype(np.float32),
    )
