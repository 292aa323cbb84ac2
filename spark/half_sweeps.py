"""Half-sweeps of ALS on a cluster, by the code that solves rows on one machine.

The rows of a matrix are cut into groups once, which stay with the workers; a half-sweep sends
them the other side's vectors and takes back their own. The basis is found here, since two
machines may turn it differently.
"""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.batches import blocks
from tastegraph.models.solver.dual import BLOCK_FLOATS, Basis, HalfSweep
from tastegraph.models.solver.half_sweeps import solving
from tastegraph.spark.cluster import Cluster

# Groups for each core: rows of the longest are much work in few blocks.
_GROUPS = 3


@contextmanager
def solving_on(cluster: Cluster) -> Iterator[None]:
    """Let ``cluster`` solve all that is factorised in this block."""

    def lay_out(
        matrix: csr_array, ridges: NDArray[np.float32], unobserved: float, dimensions: int
    ) -> SpreadHalfSweep:
        return SpreadHalfSweep(cluster, matrix, ridges, unobserved, dimensions)

    with solving(lay_out):
        yield


class SpreadHalfSweep:
    """A ``HalfSweep`` whose rows lie with the workers: the same vectors.

    Arguments are those of ``HalfSweep``.
    """

    def __init__(
        self,
        cluster: Cluster,
        matrix: csr_array,
        ridges: NDArray[np.float32],
        unobserved: float,
        dimensions: int,
    ) -> None:
        self._cluster = cluster
        self._shape = (matrix.shape[0], dimensions)
        self._unobserved = np.float32(unobserved)
        self._cuts = _cuts(matrix, dimensions, cluster.cores * _GROUPS)
        groups = [
            (start, (matrix[start:stop], ridges[start:stop], unobserved, dimensions))
            for start, stop in self._cuts
        ]
        self._groups = cluster.spread(groups).persist()
        # Trials lay out one matrix after another: what nobody solves any more takes no memory.
        weakref.finalize(self, _forget, self._groups)

    def solve(self, fixed: Matrix, before: Matrix, steps: int) -> tuple[Matrix, Matrix]:
        """What ``HalfSweep.solve`` gives; EngineError where ``fixed`` is too large to be sent."""
        basis = Basis.of(fixed, self._unobserved)
        turned = fixed @ basis.turn
        needed = (basis, turned, before if steps else None, steps)
        with self._cluster.shared(needed, "the vectors of one side") as shared:
            solved = self._cluster.each(
                lambda group: _solved(shared, *group), self._groups, len(self._cuts)
            )
        vectors = np.zeros(self._shape, dtype=np.float32)
        for (start, stop), rows in zip(self._cuts, solved, strict=True):
            vectors[start:stop] = rows
        return vectors, turned


def _solved(shared: Any, start: int, laid_out: Any) -> Matrix:
    """Vectors of the rows from ``start`` on, which ``laid_out`` says as HalfSweep takes them."""
    basis, turned, before, steps = shared.value
    own = turned[:0] if before is None else before[start : start + laid_out[0].shape[0]]
    return HalfSweep(*laid_out).solve_in(basis, turned, own, steps)


def _cuts(matrix: csr_array, dimensions: int, groups: int) -> list[tuple[int, int]]:
    """Rows that have entries, in groups of about the same work, cut where blocks end anyway.

    So each block is solved as it is on one machine, to the last bit.
    """
    found = [
        (block.start, block.stop, block.weights.size)
        for block in blocks(matrix, BLOCK_FLOATS // dimensions)
    ]
    total = sum(size for *_, size in found)
    cuts: list[tuple[int, int]] = []
    done = 0
    for start, stop, size in found:
        if cuts and done * groups < len(cuts) * total:
            cuts[-1] = (cuts[-1][0], stop)
        else:
            cuts.append((start, stop))
        done += size
    return cuts


def _forget(groups: Any) -> None:
    if groups.context._jsc is not None:
        groups.unpersist()
