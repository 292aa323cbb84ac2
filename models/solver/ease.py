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

# Floats of a block of columns that is held as a dense matrix.
_BLOCK_FLOATS = 8_000_000


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
        scaled = _scaled_columns(matrix, scale)
        inverse = _inverse(scaled)
        left = 1.0 - _quadratic_forms(inverse, scaled)
        # A column that the others explain wholly has no more to say than rounding leaves.
        left = np.maximum(left, np.finfo(np.float32).eps)
        return cls(matrix, inverse, left, ridges, exponent)

    def block(self, rows: NDArray[np.intp] | slice, columns: slice) -> Matrix:
        """E at ``rows`` and ``columns``, dense."""
        entries = csr_array(self.matrix[:, columns])
        left = self.left[columns]
        block: Matrix = -_times(self.inverse[rows], entries)
        own = _scaled_columns(csr_array(entries[rows]), left).tocoo()
        block[own.row, own.col] += own.data
        block *= (left**-self.exponent).astype(np.float32)
        return block

    def times(self, right: Matrix) -> Matrix:
        """E times ``right`` (columns, k), without forming E; shape (rows, k)."""
        powers = self.left**-self.exponent
        turned = self.matrix @ (powers[:, None] * right).astype(np.float32)
        own = self.matrix @ ((self.left * powers)[:, None] * right).astype(np.float32)
        product: Matrix = own - self.inverse @ turned
        return product

    def weights_times(self, right: Matrix) -> Matrix:
        """W times ``right`` (columns, k), without forming W; shape (columns, k).

        W = (Lambda^-1 X'G X - h) (1 - h)^-x, which follows from P through Woodbury.
        """
        turned = ((self.left**-self.exponent)[:, None] * right).astype(np.float32)
        fitted = self.matrix.T @ (self.inverse @ (self.matrix @ turned))
        product: Matrix = (
            fitted / self.ridges[:, None] - (1.0 - self.left)[:, None] * turned
        ).astype(np.float32)
        return product

    def across(self, left: Matrix, rows: slice) -> Matrix:
        """E' times ``left``, E at ``rows`` and ``left`` (rows, k); shape (columns, k)."""
        powers = self.left**-self.exponent
        turned = self.matrix.T @ (self.inverse[:, rows] @ left)
        own = self.left[:, None] * (self.matrix[rows].T @ left)
        product: Matrix = (powers[:, None] * (own - turned)).astype(np.float32)
        return product


def _inverse(scaled: csr_array) -> Matrix:
    """(I + Xs Xs')^-1, shape (rows, rows)."""
    gram = (scaled @ scaled.T).toarray()
    gram.flat[:: len(gram) + 1] += 1.0
    # LAPACK thinks in columns: of a symmetric matrix in rows it fills what it calls the upper half.
    factor, failed = lapack.spotrf(gram.T, lower=0, overwrite_a=1)
    if failed:
        raise ModelError("The ridges of EASE are too small to solve it; give it larger ones.")
    upper, _ = lapack.spotri(factor, lower=0, overwrite_c=1)
    half = np.triu(upper, 1)
    inverse: Matrix = half + half.T
    inverse.flat[:: len(inverse) + 1] = upper.diagonal()
    return inverse


def _quadratic_forms(inverse: Matrix, scaled: csr_array) -> NDArray[np.float64]:
    """h: x' G x of each column x of ``scaled``."""
    forms = np.empty(scaled.shape[1])
    width = max(1, _BLOCK_FLOATS // max(len(inverse), 1))
    by_column = scaled.tocsc()
    for start in range(0, len(forms), width):
        block = csr_array(by_column[:, start : start + width])
        entries = block.tocoo()
        values = _times(inverse, block)[entries.row, entries.col] * entries.data
        forms[start : start + width] = np.bincount(
            entries.col, values.astype(np.float64), minlength=block.shape[1]
        )
    return forms


def _times(dense: Matrix, sparse: csr_array) -> Matrix:
    """``dense`` @ ``sparse`` as one dense matrix, through the sparse one's rows."""
    product: Matrix = np.ascontiguousarray((sparse.T.tocsr() @ dense.T).T)
    return product


def _scaled_columns(matrix: csr_array, scale: NDArray[np.float64]) -> csr_array:
    values = (matrix.data * scale[matrix.indices]).astype(np.float32)
    return csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
