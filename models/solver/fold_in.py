"""One row solved against a side that stays fixed, and the exact parts of its scores.

The same solve as training's last half-sweep, for a row at a time and without TensorFlow: a user
whose listens changed, a newcomer from liked artists and friends, an artist from its listeners
and tags.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

Floats = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True)
class Penalty:
    """What the objective asks of vectors beside fitting the observed entries."""

    unobserved: float
    """Weight a0 of a pair without an entry."""
    reg: float
    """Strength of the regularisation."""
    reg_exponent: float
    """nu: how much more regularisation a row gets for its entries (Rendle et al. 2021)."""

    @classmethod
    def relative(
        cls, unobserved: float, strength: float, exponent: float, matrix: csr_array, typical: float
    ) -> "Penalty":
        """The penalty of ``matrix`` (R, C) whose ``strength`` is good on matrices of any size.

        An average row and an average column have ridges that are, in the geometric mean, strength
        times ``typical``, what the listens of an average user weigh: with S the sum of all entries,

            reg = strength * typical * (sqrt(R C) / (S + a0 R C))^nu

        Only that mean counts: what one side gains the other loses by a change of scale. Written
        so, good strengths of data sets lie within a factor of three where those of reg lie within
        sixteen.
        """
        rows, columns = matrix.shape
        total = float(matrix.sum(dtype=np.float64)) + unobserved * rows * columns
        scale = math.sqrt(rows * columns) / total
        return cls(unobserved, strength * typical * scale**exponent, exponent)

    def ridges(self, sums: ArrayLike, others: int) -> NDArray[np.float64]:
        """Reg (s + a0 C)^nu for rows whose weights add up to s, against C = ``others`` columns.

        Frequency-scaled regularisation of Rendle et al. 2021, arXiv 2110.14037.
        """
        scaled = (
            np.asarray(sums, dtype=np.float64) + self.unobserved * others
        ) ** self.reg_exponent
        return np.asarray(self.reg * scaled, dtype=np.float64)


@dataclass(frozen=True)
class FixedSide:
    """All that a row's solve needs of the other side, beside the vectors at its entries."""

    gram: NDArray[np.float64]
    """V'V over all vectors of that side, shape (d, d)."""
    size: int
    """How many vectors that side has."""
    penalty: Penalty
    """The penalty that the side was trained with."""
    starts: int = 1
    """How many factorisations the vectors are of, side by side and as long each."""

    @classmethod
    def of(cls, vectors: Floats, penalty: Penalty, starts: int = 1) -> "FixedSide":
        """Keep what is needed of ``vectors``, shape (size, d)."""
        exact = vectors.astype(np.float64)
        return cls(exact.T @ exact, len(vectors), penalty, starts)

    def system(self, vectors: Floats, weights: Floats) -> NDArray[np.float64]:
        """A = a0 V'V + lam I + V_r' diag(c) V_r, shape (d, d), for a row with entries
        ``vectors`` (n, d) and ``weights`` (n,).

        Factorisations side by side have nothing to do with each other: each is a block of A.
        """
        entries = vectors.astype(np.float64)
        ridge = self.penalty.ridges(weights.sum(dtype=np.float64), self.size)
        fitted = (entries.T * weights) @ entries
        system = self.penalty.unobserved * self.gram + ridge * np.eye(len(self.gram)) + fitted
        start = np.arange(len(system)) * self.starts // len(system)
        return np.where(start[:, None] == start, system, 0.0)


def fold_in(vectors: Floats, weights: Floats, fixed: FixedSide) -> NDArray[np.float32]:
    """The vector (d,) of a row with entries at ``vectors`` (n, d) that weigh ``weights`` (n,).

    It is A^-1 V_r' c; a row without entries is 0.
    """
    target = weights @ vectors.astype(np.float64)
    return np.asarray(solved(target[None, :], weights, fixed, vectors)[0], dtype=np.float32)


def solved(
    targets: Floats, weights: Floats, fixed: FixedSide, vectors: Floats | None = None
) -> NDArray[np.float64]:
    """A^-1 t for each of ``targets`` (m, d), shape (m, d), A being the system of a row.

    The row has entries ``vectors`` (n, d), or the targets themselves, that weigh ``weights``.
    """
    entries = targets if vectors is None else vectors
    solver = cho_factor(fixed.system(entries, weights))
    return np.asarray(cho_solve(solver, targets.astype(np.float64).T).T, dtype=np.float64)


def parts(
    targets: Floats, vectors: Floats, weights: Floats, fixed: FixedSide
) -> NDArray[np.float64]:
    """What each entry of a row adds to its scores for ``targets`` (m, d); shape (m, n).

    c_l q' A^-1 q_l for a target q and the entry l: the parts of a target add up to p.q, p being
    the row's folded-in vector. With lam fixed, a row without the entry l scores lower by
    part_l (1 - q_l.p_without_l).
    """
    fold_in = solved(vectors, weights, fixed) * weights[:, None]
    return np.asarray(targets.astype(np.float64) @ fold_in.T, dtype=np.float64)
