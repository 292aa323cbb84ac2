"""Rows of matrices: which row an entry is in, and rows of length 1."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array


def entry_rows(matrix: csr_array) -> NDArray[np.intp]:
    """The row of each entry of ``matrix``, in the order of its data; shape (entries,)."""
    return np.repeat(np.arange(matrix.shape[0], dtype=np.intp), np.diff(matrix.indptr))


def unit_rows(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Dense rows divided by their lengths, in float64; a row of zeros stays one."""
    wide = vectors.astype(np.float64)
    norms = np.linalg.norm(wide, axis=-1, keepdims=True)
    unit: NDArray[np.float64] = wide / np.where(norms > 0, norms, 1.0)
    return unit
