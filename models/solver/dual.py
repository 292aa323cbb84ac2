"""One side of a factorisation, solved for all rows while the other side stays fixed.

For a row with entries c (their weights) at the fixed vectors V_r, its vector x solves

    A x = V_r' c,    A = a0 V'V + lam I + V_r' diag(c) V_r

where a0 is what an unobserved pair weighs and lam the row's own ridge. All rows share a0 V'V:
in its eigenbasis, a0 V'V = Q diag(e) Q' and W = VQ, the part that is common to all rows is
diagonal, D = 1 / (e + lam), and a row with n entries needs an n x n system only (the Woodbury
identity):

    K a = s,    K = I + diag(s) W_r D W_r' diag(s),    s = sqrt(c),    x = D W_r' (s * a)

Results stay in that basis, and so does W: turning both sides alike changes no product, and the
next half-sweep turns them again anyway.

Rows are gathered in blocks that fit a processor's cache, where NumPy's batched products cost
little beside the arithmetic. The systems of longer rows go to TensorFlow, whose batched Cholesky
takes all cores.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.batches import Block, blocks

BLOCK_FLOATS = 2**18
"""Floats in the gathered vectors of a block: 1 MB, so that what is gathered is still in the
cache when it is multiplied."""

SHORT = 12
"""Up to this many entries a row's own system is cheaper than steps over whole vectors."""


class System(NamedTuple):
    """The systems of a block of rows, n entries each, in the basis where D is diagonal.

    gathered   (rows, n, d)  W_r of each row
    diagonals  (rows, d)     1 / D of each row
    weights    (rows, n)     what the entries weigh, 0 in the padding
    """

    gathered: Matrix
    diagonals: Matrix
    weights: Matrix

    def shares(self) -> tuple[Matrix, Matrix, Matrix]:
        """D^(1/2) (rows, d), s (rows, n) and diag(s) W_r D^(1/2) (rows, n, d)."""
        scale: Matrix = np.reciprocal(np.sqrt(self.diagonals))
        root: Matrix = np.sqrt(self.weights)
        scaled = self.gathered * scale[:, None, :]
        scaled *= root[:, :, None]
        return scale, root, scaled

    def fitted(self, vectors: Matrix) -> Matrix:
        """W_r x of each row's vector x: its values at the entries, shape (rows, n)."""
        values: Matrix = np.matmul(self.gathered, vectors[:, :, None])[:, :, 0]
        return values

    def collected(self, values: Matrix) -> Matrix:
        """W_r' (c * y) of each row's values y at the entries, shape (rows, d)."""
        sums: Matrix = np.matmul((self.weights * values)[:, None, :], self.gathered)[:, 0]
        return sums


class Basis(NamedTuple):
    """Where a0 V'V of the fixed side V is diagonal.

    common  (d,)    its diagonal there, e
    turn    (d, d)  Q
    """

    common: Matrix
    turn: Matrix

    @classmethod
    def of(cls, fixed: Matrix, unobserved: np.float32) -> "Basis":
        """The basis of ``fixed`` (columns, d)."""
        common, turn = np.linalg.eigh(unobserved * (fixed.T @ fixed))
        return cls(np.maximum(common, 0.0), turn)


class HalfSweep:
    """The rows of one matrix, laid out once to be solved in every sweep."""

    def __init__(
        self, matrix: csr_array, ridges: NDArray[np.float32], unobserved: float, dimensions: int
    ) -> None:
        """Lay out ``matrix`` (rows, columns), whose rows ascend in length.

        ridges      (rows,)  lam of each row
        unobserved  a0
        dimensions  d
        """
        self._shape = (matrix.shape[0], dimensions)
        self._blocks = list(blocks(matrix, BLOCK_FLOATS // dimensions))
        self._ridges = ridges[:, None].astype(np.float32)
        self._unobserved = np.float32(unobserved)

    def solve(self, fixed: Matrix, before: Matrix, steps: int) -> tuple[Matrix, Matrix]:
        """Vectors of all rows (rows, d) and ``fixed`` (columns, d), both in the new basis.

        before  (rows, d)  vectors of the last sweep, in the basis of ``fixed``
        steps   of conjugate gradients, started at ``before``, for rows with more than a few
                entries; 0 solves every row exactly
        """
        basis = Basis.of(fixed, self._unobserved)
        turned = fixed @ basis.turn
        return self.solve_in(basis, turned, before, steps), turned

    def solve_in(self, basis: "Basis", turned: Matrix, before: Matrix, steps: int) -> Matrix:
        """What ``solve`` gives for the rows, by a ``basis`` that others have found.

        turned  (columns, d)  the fixed side in that basis
        """
        vectors = np.zeros(self._shape, dtype=np.float32)
        for block in self._blocks:
            rows = slice(block.start, block.stop)
            gathered = turned.take(block.columns, axis=0)
            system = System(gathered, basis.common + self._ridges[rows], block.weights)
            if steps and block.length > SHORT:
                vectors[rows] = _conjugate_gradients(system, before[rows] @ basis.turn, steps)
            else:
                vectors[rows] = self._exact(block)(system)
        return vectors

    def _exact(self, block: Block) -> Callable[[System], Matrix]:
        if block.length == 1:
            return _by_single_entry
        return _by_entries if block.length <= self._shape[1] else _by_dimensions


def _by_single_entry(system: System) -> Matrix:
    """Exact vectors of rows with one entry, where K is a number."""
    entries, weights = system.gathered[:, 0], system.weights
    conditioned: Matrix = np.reciprocal(system.diagonals) * entries
    scale: Matrix = np.reciprocal(np.float32(1.0) + weights * _dot(entries, conditioned))
    return conditioned * weights * scale


def _by_entries(system: System) -> Matrix:
    """Exact vectors of a block through n x n systems."""
    scale, root, scaled = system.shares()
    dual = _solve(np.matmul(scaled, scaled.transpose(0, 2, 1)), root)
    exact: Matrix = scale * np.matmul(dual[:, None, :], scaled)[:, 0]
    return exact


def _by_dimensions(system: System) -> Matrix:
    """Exact vectors of a block through d x d systems."""
    scale, root, scaled = system.shares()
    target = np.matmul(root[:, None, :], scaled)[:, 0]
    exact: Matrix = scale * _solve(np.matmul(scaled.transpose(0, 2, 1), scaled), target)
    return exact


def _solve(grams: Matrix, targets: Matrix) -> Matrix:
    """Solve (I + gram) x = target for a batch of positive semidefinite matrices, overwritten.

    grams    (rows, m, m)
    targets  (rows, m)
    """
    size = grams.shape[1]
    grams[:, np.arange(size), np.arange(size)] += 1.0
    solved: Matrix
    if size <= SHORT:
        solved = np.linalg.solve(grams, targets[:, :, None])
    else:
        from tastegraph.models.solver.tensorflow_quiet import tf

        factors = tf.linalg.cholesky(grams)
        half = tf.linalg.triangular_solve(factors, targets[:, :, None])
        solved = tf.linalg.triangular_solve(factors, half, adjoint=True).numpy()
    return solved[:, :, 0]


def _conjugate_gradients(system: System, start: Matrix, steps: int) -> Matrix:
    """Vectors of a block after ``steps`` steps from ``start``, preconditioned by D.

    Each step lowers the row's own objective, however few are taken.
    """
    vectors, diagonals, one = start, system.diagonals, np.float32(1.0)
    conditioner: Matrix = np.reciprocal(diagonals)
    residual = system.collected(one - system.fitted(vectors)) - diagonals * vectors
    direction = conditioner * residual
    size = _dot(residual, direction)
    for left in reversed(range(steps)):
        fitted = system.fitted(direction)
        curvature = _dot(system.weights * fitted, fitted) + _dot(diagonals * direction, direction)
        length = _ratio(size, curvature)
        vectors = vectors + length * direction
        if left:
            residual = residual - length * (system.collected(fitted) + diagonals * direction)
            conditioned, before = conditioner * residual, size
            size = _dot(residual, conditioned)
            direction = conditioned + _ratio(size, before) * direction
    return vectors


def _dot(left: Matrix, right: Matrix) -> Matrix:
    """Dot product of each two rows, shape (rows, 1)."""
    return np.asarray(np.einsum("ij,ij->i", left, right)[:, None])


def _ratio(top: Matrix, bottom: Matrix) -> Matrix:
    """``top`` / ``bottom``, 0 where that is 0: nothing is left to step along."""
    ratio: Matrix = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    return ratio
