"""Implicit-feedback matrix factorisation by alternating least squares.

Hu, Koren and Volinsky 2008 with the frequency-scaled regularisation of Rendle et al. 2021
(arXiv 2110.14037). For a matrix X of confidences, rows p and columns q minimise

    sum_observed x_rc (1 - p_r.q_c)^2 + a0 sum_all (p_r.q_c)^2
      + lam sum_r (s_r + a0 C)^nu |p_r|^2 + lam sum_c (s_c + a0 R)^nu |q_c|^2

with lam as the setting reg asks (see ``Penalty.relative``), s the sum of a row's (column's)
weights, R rows and C columns.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from tastegraph.errors import ModelError
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.batches import by_length
from tastegraph.models.solver.fold_in import Penalty
from tastegraph.models.solver.half_sweeps import lay_out
from tastegraph.models.solver.low_rank import orthonormal
from tastegraph.runtime.progress import Advance, Progress, silent


@dataclass(frozen=True, kw_only=True)
class AlsConfig(ListenConfig):
    """What shapes a factorisation."""

    search: ClassVar[Mapping[str, Range]] = {
        "dimensions": Range(32, 256, log=True),
        "epochs": Range(4, 16),
        "unobserved": Range(0.02, 0.5, log=True),
        "reg": Range(0.02, 0.6, log=True),
    }

    dimensions: int = setting(128, above=0)
    """Length d of a vector."""
    epochs: int = setting(8, above=0)
    """How often each side is solved."""
    unobserved: float = setting(0.1, above=0)
    """Weight a0 of a pair without an entry; an average listen weighs 1."""
    reg: float = setting(0.1, above=0)
    """Strength of the regularisation, beside the listens of an average user: a good one carries
    over from one graph to another."""
    reg_exponent: float = 1.0
    """nu: how much more regularisation a row gets for its entries."""
    init_stddev: float = setting(0.1, above=0)
    """Standard deviation of the first row vectors, times sqrt(d)."""
    power_steps: int = setting(0, least=0)
    """Steps of subspace iteration that turn the first vectors to the matrix's largest singular
    directions, so that fewer sweeps are needed and less of the result hangs on chance."""
    cg_steps: int = setting(1, least=0)
    """Steps of conjugate gradients that a long row takes in a half-sweep, except in the last.
    0 makes all half-sweeps exact: slower, and after few sweeps a lower loss."""
    last_cg_steps: int = setting(0, least=0)
    """The same for the last half-sweep. 0 makes it exact, without which nobody can be folded in
    and the loss is not known: lists alone need neither."""

    def penalty(self, matrix: csr_array, typical: float) -> Penalty:
        """The part of the objective that is not about observed entries of ``matrix``.

        typical  what the listens of an average user weigh
        """
        return Penalty.relative(self.unobserved, self.reg, self.reg_exponent, matrix, typical)


@dataclass(frozen=True)
class Factors:
    """A factorised matrix.

    rows     (rows, d)     each row exactly solves its system for ``columns``, unless the last
                           half-sweep took steps
    columns  (columns, d)  in the basis in which their Gram matrix is diagonal
    loss     value of the objective, None after such steps
    penalty  what it asked beside fitting the entries
    """

    rows: Matrix
    columns: Matrix
    loss: float | None
    penalty: Penalty


def factorize(
    matrix: csr_array,
    config: AlsConfig,
    seed: int = 0,
    progress: Progress = silent,
    label: str = "als",
    *,
    typical: float | None = None,
) -> Factors:
    """Factorise ``matrix`` (rows, columns) of confidences >= 0.

    typical  what the listens of an average user weigh, which the regularisation is measured by;
             an average row with entries where it isn't given

    ModelError if the matrix is empty or the objective leaves the range of numbers.
    """
    matrix = csr_array(matrix, copy=True)
    matrix.eliminate_zeros()
    if not matrix.nnz:
        raise ModelError("There is nothing to learn from: no listens. Load some first.")
    penalty = config.penalty(matrix, typical_weight(matrix) if typical is None else typical)
    across = csr_array(matrix.T)
    row_order, column_order = by_length(matrix), by_length(across)
    rows, columns = _sweeps(
        csr_array(matrix[row_order][:, column_order]),
        config,
        penalty,
        seed,
        progress(label, config.epochs),
    )
    rows, columns = rows[np.argsort(row_order)], columns[np.argsort(column_order)]
    loss = None if config.last_cg_steps else _loss(matrix, rows, columns, penalty)
    if not np.isfinite(rows).all() or not np.isfinite(columns).all():
        raise ModelError("Training left the range of numbers; try a larger reg or unobserved.")
    return Factors(rows, columns, loss, penalty)


def typical_weight(matrix: csr_array) -> float:
    """What the entries of an average row weigh, rows without any left out."""
    return float(matrix.sum(dtype=np.float64)) / max(1, int((np.diff(matrix.indptr) > 0).sum()))


def _sweeps(
    matrix: csr_array,
    config: AlsConfig,
    penalty: Penalty,
    seed: int,
    progress: AbstractContextManager[Advance],
) -> tuple[Matrix, Matrix]:
    """Row and column vectors of a matrix whose rows and columns ascend in length."""
    across = csr_array(matrix.T)
    row_side, column_side = (
        lay_out(
            side,
            penalty.ridges(side.sum(axis=1), side.shape[1]).astype(np.float32),
            config.unobserved,
            config.dimensions,
        )
        for side in (matrix, across)
    )
    rows = _initial(matrix, config, seed)
    columns = np.zeros((matrix.shape[1], config.dimensions), dtype=np.float32)
    with progress as advance:
        for sweep in range(config.epochs):
            columns, rows = column_side.solve(rows, columns, config.cg_steps)
            steps = config.cg_steps if sweep < config.epochs - 1 else config.last_cg_steps
            rows, columns = row_side.solve(columns, rows, steps)
            advance(1)
    return rows, columns


def _initial(matrix: csr_array, config: AlsConfig, seed: int) -> Matrix:
    """First row vectors: random, or random in the span of the largest singular directions."""
    count, size = matrix.shape[0], config.dimensions
    start = np.random.default_rng(seed).standard_normal((count, size), dtype=np.float32)
    if config.power_steps and count > size:
        chance = start / np.float32(np.sqrt(count))
        for _ in range(config.power_steps):
            turned = orthonormal(matrix @ (matrix.T @ start))
            # Fewer come back where the matrix has a smaller rank: the rest is left to chance.
            start = np.hstack([turned, chance[:, turned.shape[1] :]])
        start *= np.float32(np.sqrt(count))
    return start * np.float32(config.init_stddev / np.sqrt(size))


def _loss(matrix: csr_array, rows: Matrix, columns: Matrix, penalty: Penalty) -> float:
    """The objective where each row is the minimum for ``columns``.

    A row's part is quadratic, p'A p - 2 b'p + sum x with b = sum_c x_c q_c, and at its minimum
    A p = b: sum x - b'p is left of it.
    """
    fitted = np.einsum("ij,ij->", matrix @ columns, rows, dtype=np.float64)
    ridges = penalty.ridges(matrix.sum(axis=0), matrix.shape[0])
    squares = np.einsum("ij,ij->i", columns, columns, dtype=np.float64)
    return float(matrix.sum(dtype=np.float64) - fitted + ridges @ squares)
