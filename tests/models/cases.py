"""Small graphs and the dense float64 algebra that the solvers are held to."""

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array, random_array

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.solver.fold_in import Penalty


def random_matrix(rows: int, columns: int, density: float, seed: int) -> csr_array:
    rng = np.random.default_rng(seed)
    matrix = random_array((rows, columns), density=density, rng=rng, format="csr")
    matrix.data = rng.uniform(0.2, 3.0, matrix.nnz)
    return csr_array(matrix.astype(np.float32))


def matrices(smallest: int = 1) -> st.SearchStrategy[csr_array]:
    size = st.integers(smallest, 30)
    return st.builds(
        random_matrix, size, size, st.sampled_from([0.05, 0.3, 0.9]), st.integers(0, 999)
    )


def dense_rows(matrix: csr_array, columns: NDArray, penalty: Penalty) -> NDArray[np.float64]:
    """Each row's exact vector for ``columns``, from the plain d x d system in float64."""
    vectors, weights = columns.astype(np.float64), matrix.toarray().astype(np.float64)
    gram = penalty.unobserved * vectors.T @ vectors
    ridges = penalty.reg * (weights.sum(1) + penalty.unobserved * weights.shape[1]) ** (
        penalty.reg_exponent
    )
    systems = [
        gram + ridge * np.eye(len(gram)) + (vectors.T * row) @ vectors
        for ridge, row in zip(ridges, weights, strict=True)
    ]
    return np.array(
        [np.linalg.solve(a, vectors.T @ row) for a, row in zip(systems, weights, strict=True)]
    )


def dense_objective(matrix: csr_array, rows: NDArray, columns: NDArray, penalty: Penalty) -> float:
    x, products = matrix.toarray().astype(np.float64), rows.astype(np.float64) @ columns.T
    row_scale = (x.sum(1) + penalty.unobserved * x.shape[1]) ** penalty.reg_exponent
    column_scale = (x.sum(0) + penalty.unobserved * x.shape[0]) ** penalty.reg_exponent
    fit = (x * (1 - products) ** 2).sum() + penalty.unobserved * (products**2).sum()
    norms = row_scale @ (rows.astype(np.float64) ** 2).sum(1)
    norms += column_scale @ (columns.astype(np.float64) ** 2).sum(1)
    return float(fit + penalty.reg * norms)


def dataset(users: int = 20, artists: int = 30, tags: int = 8, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    plays = random_matrix(users, artists, 0.3, seed)
    plays.data = np.ceil(plays.data * 100)
    friends = np.triu(rng.random((users, users)) < 0.2, 1)
    tag_counts = random_matrix(artists, tags, 0.3, seed + 1)
    tag_counts.data = np.ceil(tag_counts.data)
    return Dataset(
        IdMap.of(range(users)),
        IdMap.of(range(artists)),
        IdMap.of(range(tags)),
        plays,
        csr_array((friends | friends.T).astype(np.float32)),
        tag_counts,
    )
