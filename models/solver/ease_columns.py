"""EASE (Steck 2019) on the heaviest columns of a matrix: a system as large as they are many.

Where both rows and columns are too many for a dense inverse, most of what a full-rank model
knows lies in the columns that have many entries. Over those K alone, with Xs = X_K Lambda^(-1/2)
and G = (I + Xs' Xs)^-1, columns x columns, the item weights of ``models.solver.ease`` are

    W_ij = -Lambda_i^(-1/2) G_ij Lambda_j^(1/2) G_jj^-x   for i other than j,   W_jj = 0

and 0 outside of K: other columns predict nothing, and nothing predicts them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.ease import regularised_inverse, scaled_columns


@dataclass(frozen=True)
class ColumnEase:
    """A solved model.

    matrix    (rows, K)  X at the columns that the model knows
    known     (K,)       which those are, ascending
    weights   (K, K)     W, float32
    columns   how many there are in all
    """

    matrix: csr_array
    known: NDArray[np.intp]
    weights: Matrix
    columns: int

    @classmethod
    def solve(
        cls, matrix: csr_array, ridges: NDArray[np.float64], exponent: float, most: int
    ) -> "ColumnEase":
        """Solve for the ``most`` columns of ``matrix`` that weigh most, ties by column.

        ridges  (columns,)  Lambda, all above 0

        ModelError where the system is not solvable in 32 bits: ridges too small.
        """
        sums = np.bincount(matrix.indices, matrix.data, minlength=matrix.shape[1])
        heaviest = np.argsort(-sums, kind="stable")[:most]
        known = np.sort(heaviest[sums[heaviest] > 0])
        part = csr_array(matrix.tocsc()[:, known].astype(np.float32))
        root = np.sqrt(ridges[known])
        weights = regularised_inverse(csr_array(scaled_columns(part, 1.0 / root).T))
        left = np.maximum(weights.diagonal().astype(np.float64), np.finfo(np.float32).eps)
        np.fill_diagonal(weights, 0.0)
        weights *= (-1.0 / root).astype(np.float32)[:, None]
        weights *= (root * left**-exponent).astype(np.float32)
        return cls(part, known, weights, matrix.shape[1])

    def block(self, rows: NDArray[np.intp] | slice, columns: slice) -> Matrix:
        """E at ``rows`` and ``columns``, dense."""
        first, stop, _ = columns.indices(self.columns)
        at = slice(*np.searchsorted(self.known, (first, stop)))
        entries = csr_array(self.matrix[rows])
        block = np.zeros((entries.shape[0], stop - first), dtype=np.float32)
        block[:, self.known[at] - first] = entries @ np.ascontiguousarray(self.weights[:, at])
        return block

    def times(self, right: Matrix, rows: slice = slice(None)) -> Matrix:
        """E at ``rows`` times ``right`` (columns, k), without forming E; shape (rows, k)."""
        product: Matrix = self.matrix[rows] @ (self.weights @ right[self.known])
        return product

    def weights_times(self, right: Matrix) -> Matrix:
        """W times ``right`` (columns, k); shape (columns, k)."""
        return self._placed(self.weights @ right[self.known])

    def across(self, left: Matrix, rows: slice) -> Matrix:
        """E' times ``left``, E at ``rows`` and ``left`` (rows, k); shape (columns, k)."""
        return self._placed(self.weights.T @ (self.matrix[rows].T @ left))

    def _placed(self, values: Matrix) -> Matrix:
        """``values`` (K, k) at the columns that are known, zeros at the others."""
        placed = np.zeros((self.columns, values.shape[1]), dtype=np.float32)
        placed[self.known] = values
        return placed
