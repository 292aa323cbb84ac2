"""EASE (Steck 2019) in its dual form: a system as large as the rows, whatever the columns.

A matrix X (rows, columns) is predicted from itself by a full-rank item-item model with ridges
Lambda (columns,). With Xs = X Lambda^(-1/2) and G = (I + Xs Xs')^-1, rows x rows,

    P = (X'X + Lambda)^-1,   diag(P Lambda) = 1 - h,   h_a = Xs_a' G Xs_a
    W = -(P - diag P) Lambda (1 - h)^-x
    E = X W = [ -G X + X (1 - h) ] (1 - h)^-x

where a product with 1 - h scales columns. The exponent x is 1 in EASE; 1/2 predicts the
columns that are hard to tell from others less boldly. W has a zero diagonal and is never formed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack
from scipy.sparse import csr_array

from tastegraph.errors import ModelError
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.batches import blocks, by_length

# Entries of the columns whose quadratic forms are taken at once.
_BLOCK_ENTRIES = 2**14

# Share of a column's rows with entries above which it is multiplied as if it had no zeros.
_SPARSE = 0.1

# Rows and columns of the blocks in which one half of a symmetric matrix is copied to the other.
_PANEL = 512


@dataclass(frozen=True)
class Ease:
    """A solved model.

    matrix    (rows, columns)  X
    inverse   (rows, rows)     G
    left      (columns,)       1 - h: what of a column the others do not explain
    ridges    (columns,)       Lambda
    exponent  x
    """

    matrix: csr_array
    inverse: Matrix
    left: NDArray[np.float64]
    ridges: NDArray[np.float64]
    exponent: float

    @classmethod
    def solve(cls, matrix: csr_array, ridges: NDArray[np.float64], exponent: float = 1.0) -> "Ease":
        """Solve for X = ``matrix`` with Lambda = ``ridges`` (columns,), all above 0.

        ModelError where the system is not solvable in 32 bits: ridges too small.
        """
        matrix = csr_array(matrix.astype(np.float32))
        scale = 1.0 / np.sqrt(ridges)
        scaled = scaled_columns(matrix, scale)
        inverse = regularised_inverse(scaled)
        left = 1.0 - _quadratic_forms(inverse, scaled)
        # A column that the others explain wholly has no more to say than rounding leaves.
        left = np.maximum(left, np.finfo(np.float32).eps)
        return cls(matrix, inverse, left, ridges, exponent)

    def block(self, rows: NDArray[np.intp] | slice, columns: slice) -> Matrix:
        """E at ``rows`` and ``columns``, dense."""
        entries = csr_array(self.matrix[:, columns])
        left = self.left[columns]
        block: Matrix = -_times(self.inverse[rows], entries)
        own = scaled_columns(csr_array(entries[rows]), left).tocoo()
        block[own.row, own.col] += own.data
        block *= (left**-self.exponent).astype(np.float32)
        return block

    def times(self, right: Matrix, rows: slice = slice(None)) -> Matrix:
        """E at ``rows`` times ``right`` (columns, k), without forming E; shape (rows, k)."""
        turned = self._powers[:, None] * right
        own: Matrix = self.matrix[rows] @ (self._left[:, None] * turned)
        own -= self.inverse[rows] @ (self.matrix @ turned)
        return own

    def weights_times(self, right: Matrix) -> Matrix:
        """W times ``right`` (columns, k), without forming W; shape (columns, k).

        W = (Lambda^-1 X'G X - h) (1 - h)^-x, which follows from P through Woodbury.
        """
        turned = self._powers[:, None] * right
        fitted: Matrix = self.matrix.T @ (self.inverse @ (self.matrix @ turned))
        fitted *= (1.0 / self.ridges[:, None]).astype(np.float32)
        fitted -= (1.0 - self.left[:, None]).astype(np.float32) * turned
        return fitted

    def across(self, left: Matrix, rows: slice) -> Matrix:
        """E' times ``left``, E at ``rows`` and ``left`` (rows, k); shape (columns, k)."""
        product: Matrix = self.matrix[rows].T @ left
        product *= self._left[:, None]
        product -= self.matrix.T @ (self.inverse[rows].T @ left)
        product *= self._powers[:, None]
        return product

    @property
    def _left(self) -> Matrix:
        return self.left.astype(np.float32)

    @property
    def _powers(self) -> Matrix:
        """(1 - h)^-x."""
        return np.asarray(self.left**-self.exponent, dtype=np.float32)


def regularised_inverse(scaled: csr_array) -> Matrix:
    """(I + Xs Xs')^-1 of Xs = ``scaled``, shape (rows, rows).

    ModelError where it is not solvable in 32 bits.
    """
    gram = (scaled @ scaled.T).toarray()
    gram.flat[:: len(gram) + 1] += 1.0
    # LAPACK thinks in columns: of a symmetric matrix in rows it fills what it calls the upper half.
    factor, failed = lapack.spotrf(gram.T, lower=0, overwrite_a=1)
    if failed:
        raise ModelError("The ridges of EASE are too small to solve it; give it larger ones.")
    inverse: Matrix = lapack.spotri(factor, lower=0, overwrite_c=1)[0].T
    for start in range(0, len(inverse), _PANEL):
        below, panel = slice(start + _PANEL, None), slice(start, start + _PANEL)
        inverse[panel, below] = inverse[below, panel].T
        inverse[panel, panel] = np.tril(inverse[panel, panel], -1).T + np.tril(
            inverse[panel, panel]
        )
    return inverse


def _quadratic_forms(inverse: Matrix, scaled: csr_array) -> NDArray[np.float64]:
    """h: x' G x of each column x of ``scaled``.

    A column with few entries needs no more of G than where two of them meet.
    """
    forms = np.zeros(scaled.shape[1])
    across = csr_array(scaled.T)
    order = by_length(across)
    for block in blocks(csr_array(across[order]), _BLOCK_ENTRIES):
        columns = order[block.start : block.stop]
        if block.length > _SPARSE * len(inverse):
            vectors = across[columns].toarray()
            fitted = vectors @ inverse
        else:
            vectors, rows = block.weights, block.columns.astype(np.intp)
            meeting = inverse.take(rows[:, :, None] * len(inverse) + rows[:, None, :])
            fitted = np.matmul(vectors[:, None, :], meeting)[:, 0]
        forms[columns] = np.einsum("ij,ij->i", vectors, fitted, dtype=np.float64)
    return forms


def _times(dense: Matrix, sparse: csr_array) -> Matrix:
    """``dense`` @ ``sparse`` as one dense matrix, through the sparse one's rows."""
    product: Matrix = np.ascontiguousarray((sparse.T.tocsr() @ dense.T).T)
    return product


def scaled_columns(matrix: csr_array, scale: NDArray[np.float64]) -> csr_array:
    """``matrix`` with each column times its own ``scale``, as float32."""
    values = (matrix.data * scale[matrix.indices]).astype(np.float32)
    return csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
