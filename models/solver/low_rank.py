"""The largest singular triplets of a matrix that is known by its products alone.

Subspace iteration from a start of a few more directions than are wanted (Halko, Martinsson and
Tropp 2011, arXiv 0909.4061): each step turns the directions towards the largest ones, and the
Rayleigh-Ritz step at the end takes the best that they span.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tastegraph.models.data.vectors import Matrix

Product = Callable[[Matrix], Matrix]

# Singular values below this share of the largest are rounding.
_ROUNDING = 1e-3

# The same of directions before they are made orthonormal, in float64.
_DEPENDENT = 1e-6

_PROBES = 64


class Triplets(NamedTuple):
    """The largest singular triplets of a matrix T (rows, columns), as far as they were found.

    values  (d,)          S, descending
    right   (columns, d)  V, orthonormal; T V is U S
    """

    values: Matrix
    right: Matrix


def largest(
    times: Product, across: Product, start: Matrix, *, dimensions: int, steps: int
) -> Triplets:
    """Approximate T, given T X for X (columns, k) by ``times`` and T' X for X (rows, k).

    start       (rows, k)  directions to begin with; k a few more than ``dimensions``
    dimensions  d, fewer where the rank is less
    steps       of subspace iteration

    A column's largest entry in U is positive, since the sign is free.
    """
    left = orthonormal(start)
    for _ in range(steps):
        left = orthonormal(times(across(left)))
    directions = orthonormal(across(left))
    reached = times(directions).astype(np.float64)
    squares, turn = np.linalg.eigh(reached.T @ reached)
    kept = np.flatnonzero(squares > _ROUNDING**2 * squares.max(initial=0.0))[::-1][:dimensions]
    turn = turn[:, kept]
    found = reached @ turn
    turn *= np.sign(found[np.abs(found).argmax(axis=0), np.arange(len(kept))])
    values = np.sqrt(squares[kept]).astype(np.float32)
    return Triplets(values, directions @ turn.astype(np.float32))


def residual(across: Product, right: Matrix, rows: int, seed: int) -> float:
    """The sum of squares of T - T V V' by 64 random probes: exact up to as many rows.

    Of the matrices of scores here its standard deviation is about a hundredth of the sum (the
    second half of Hutch++, Meyer et al. 2021, arXiv 2010.09649).

    right  (columns, d)  V
    """
    probes = np.random.default_rng(seed).standard_normal((rows, min(_PROBES, rows)))
    seen = across(orthonormal(probes.astype(np.float32)))
    missed = seen - right @ (right.T @ seen)
    squares = float(np.sum(missed.astype(np.float64) ** 2))
    return squares * rows / min(_PROBES, rows)


def orthonormal(vectors: Matrix) -> Matrix:
    """An orthonormal basis of what the columns of ``vectors`` span."""
    exact = vectors.astype(np.float64)
    squares, turn = np.linalg.eigh(exact.T @ exact)
    kept = squares > _DEPENDENT**2 * squares.max(initial=0.0)
    return np.asarray(exact @ (turn[:, kept] / np.sqrt(squares[kept])), dtype=np.float32)
