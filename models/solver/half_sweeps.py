"""Where the rows of a half-sweep are solved: here, or where whoever trains has asked for it.

A fit lies deep in models that know nothing of machines, so that the place is a matter of the
context they are called in.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.dual import HalfSweep


class Side(Protocol):
    """The rows of one matrix, laid out once to be solved in every sweep."""

    def solve(self, fixed: Matrix, before: Matrix, steps: int) -> tuple[Matrix, Matrix]:
        """What ``HalfSweep.solve`` gives."""


LayOut = Callable[[csr_array, NDArray[np.float32], float, int], Side]
"""Lays out a matrix, as ``HalfSweep`` does: matrix, ridges, unobserved, dimensions."""

_laid_out_by: ContextVar[LayOut] = ContextVar("laid_out_by", default=HalfSweep)


def lay_out(
    matrix: csr_array, ridges: NDArray[np.float32], unobserved: float, dimensions: int
) -> Side:
    """Lay out ``matrix`` where this context solves; arguments as of ``HalfSweep``."""
    return _laid_out_by.get()(matrix, ridges, unobserved, dimensions)


@contextmanager
def solving(where: LayOut) -> Iterator[None]:
    """Let ``where`` solve all that is factorised in this block."""
    token = _laid_out_by.set(where)
    try:
        yield
    finally:
        _laid_out_by.reset(token)
