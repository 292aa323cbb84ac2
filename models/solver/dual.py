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
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.solver.batches import Block, blocks
from tastegraph.models.solver.tensorflow_quiet import tf

Tensor = Any
Kernel = TypeVar("Kernel", bound=Callable[..., Any])

BLOCK_FLOATS = 4_000_000
"""Floats in the gathered vectors of a block: enough to keep all cores busy, few enough that
memory is reused from block to block."""

SHORT = 12
"""Up to this many entries a row's own system is cheaper than steps over whole vectors."""

_VECTORS = tf.TensorSpec([None, None], tf.float32)


class System(NamedTuple):
    """The systems of a block of rows, n entries each.

    fixed    (columns, d)  W
    common   (d,)          e
    ridges   (rows, 1)     lam of each row
    columns  (rows, n)     where the entries are
    weights  (rows, n)     what they weigh, 0 in the padding
    """

    fixed: Tensor = _VECTORS
    common: Tensor = tf.TensorSpec([None], tf.float32)
    ridges: Tensor = _VECTORS
    columns: Tensor = tf.TensorSpec([None, None], tf.int32)
    weights: Tensor = _VECTORS

    def gathered(self) -> Tensor:
        """W_r of each row, shape (rows, n, d)."""
        return tf.gather(self.fixed, self.columns)

    def diagonals(self) -> Tensor:
        """1 / D of each row, shape (rows, d)."""
        return self.common + self.ridges


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
        self._ridges = tf.constant(ridges[:, None], tf.float32)
        self._unobserved = tf.constant(unobserved, tf.float32)

    def solve(self, fixed: Tensor, before: Tensor, steps: int) -> tuple[Tensor, Tensor]:
        """Vectors of all rows (rows, d) and ``fixed`` (columns, d), both in the new basis.

        before  (rows, d)  vectors of the last sweep, in the basis of ``fixed``
        steps   of conjugate gradients, started at ``before``, for rows with more than a few
                entries; 0 solves every row exactly
        """
        gram = tf.matmul(fixed, fixed, transpose_a=True)
        common, basis = tf.linalg.eigh(self._unobserved * gram)
        common, turned = tf.maximum(common, 0.0), tf.matmul(fixed, basis)

        def solved(block: Block) -> Tensor:
            rows = slice(block.start, block.stop)
            system = System(turned, common, self._ridges[rows], block.columns, block.weights)
            if steps and block.length > SHORT:
                return _conjugate_gradients(system, tf.matmul(before[rows], basis), steps)
            return self._exact(block)(system)

        empty = tf.zeros((self._first, self._shape[1]))
        return tf.concat([empty, *map(solved, self._blocks)], 0), turned

    @property
    def _first(self) -> int:
        """First row that has entries."""
        return self._blocks[0].start if self._blocks else self._shape[0]

    def _exact(self, block: Block) -> Any:
        return _by_entries if block.length <= self._shape[1] else _by_dimensions


def _traced(*signature: Any) -> Callable[[Kernel], Kernel]:
    """Compile a function once for blocks of any size."""
    return cast(
        "Callable[[Kernel], Kernel]",
        tf.function(input_signature=signature, autograph=False),
    )


@_traced(System())
def _by_entries(system: System) -> Tensor:
    """Exact vectors of a block through n x n systems."""
    scale, root = tf.math.rsqrt(system.diagonals()), tf.sqrt(system.weights)
    scaled = system.gathered() * scale[:, None, :]
    gram = tf.matmul(scaled, scaled, transpose_b=True) * root[:, :, None] * root[:, None, :]
    dual = root[:, :, None] * _solve(gram, root[:, :, None])
    return scale * tf.squeeze(tf.matmul(dual, scaled, transpose_a=True), 1)


@_traced(System())
def _by_dimensions(system: System) -> Tensor:
    """Exact vectors of a block through d x d systems."""
    scale, root = tf.math.rsqrt(system.diagonals()), tf.sqrt(system.weights)
    scaled = system.gathered() * root[:, :, None] * scale[:, None, :]
    target = tf.matmul(scaled, root[:, :, None], transpose_a=True)
    return scale * tf.squeeze(_solve(tf.matmul(scaled, scaled, transpose_a=True), target), 2)


def _solve(gram: Tensor, target: Tensor) -> Tensor:
    """Solve (I + gram) x = target for a batch of positive semidefinite matrices."""
    factor = tf.linalg.cholesky(tf.linalg.set_diag(gram, tf.linalg.diag_part(gram) + 1.0))
    half = tf.linalg.triangular_solve(factor, target)
    return tf.linalg.triangular_solve(factor, half, adjoint=True)


@_traced(System(), _VECTORS, tf.TensorSpec([], tf.int32))
def _conjugate_gradients(system: System, start: Tensor, steps: Tensor) -> Tensor:
    """Vectors of a block after ``steps`` steps from ``start``, preconditioned by D.

    Each step lowers the row's own objective, however few are taken.
    """
    gathered, diagonals = system.gathered(), system.diagonals()

    def applied(vectors: Tensor) -> Tensor:
        return tf.squeeze(tf.matmul(gathered, vectors[:, :, None]), 2)

    def collected(values: Tensor) -> Tensor:
        return tf.squeeze(tf.matmul((system.weights * values)[:, None, :], gathered), 1)

    def step(left: Tensor, x: Tensor, residual: Tensor, direction: Tensor, size: Tensor) -> Any:
        image = collected(applied(direction)) + diagonals * direction
        length = tf.math.divide_no_nan(size, _dot(direction, image))
        residual -= length * image
        conditioned = residual / diagonals
        new_size = _dot(residual, conditioned)
        turn = tf.math.divide_no_nan(new_size, size)
        return left - 1, x + length * direction, residual, conditioned + turn * direction, new_size

    residual = collected(1.0 - applied(start)) - diagonals * start
    conditioned = residual / diagonals
    state = [steps, start, residual, conditioned, _dot(residual, conditioned)]
    return tf.while_loop(lambda left, *_: left > 0, step, state)[1]


def _dot(left: Tensor, right: Tensor) -> Tensor:
    return tf.reduce_sum(left * right, -1, keepdims=True)
