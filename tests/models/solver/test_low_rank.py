"""Singular triplets by products alone beside a dense decomposition."""

import numpy as np
import pytest

from tastegraph.models.solver.low_rank import largest, residual


def matrix(rows, columns, decay=0.7, seed=0):
    """A matrix whose singular values fall by ``decay`` each."""
    rng = np.random.default_rng(seed)
    count = min(rows, columns)
    left = np.linalg.qr(rng.standard_normal((rows, count)))[0]
    right = np.linalg.qr(rng.standard_normal((columns, count)))[0]
    return ((left * decay ** np.arange(count)) @ right.T).astype(np.float32)


def found(dense, dimensions, steps=2, spare=8, seed=0):
    shape = len(dense), min(len(dense), dimensions + spare)
    start = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    return largest(
        lambda right: dense @ right,
        lambda left: dense.T @ left,
        start,
        dimensions=dimensions,
        steps=steps,
    )


@pytest.mark.parametrize(("rows", "columns"), [(200, 90), (90, 200), (6, 40)])
def test_the_triplets_are_those_of_the_dense_decomposition(rows, columns):
    dense = matrix(rows, columns)
    values, right = found(dense, 5)
    left, expected, across = np.linalg.svd(dense.astype(np.float64), full_matrices=False)
    np.testing.assert_allclose(values, expected[:5], rtol=1e-4)
    np.testing.assert_allclose(right.T @ right, np.eye(5), atol=1e-5)
    best = (left[:, :5] * expected[:5]) @ across[:5]
    np.testing.assert_allclose(dense @ right @ right.T, best, atol=1e-3)


def test_the_largest_entry_of_a_left_vector_is_positive():
    dense = matrix(60, 80)
    left = dense @ found(dense, 6).right
    assert (left[np.abs(left).argmax(axis=0), np.arange(6)] > 0).all()


def test_a_smaller_rank_gives_fewer_triplets():
    dense = (np.outer(np.arange(1, 31), np.ones(20)) / 30).astype(np.float32)
    values, right = found(dense, 4)
    assert values.shape == (1,)
    assert right.shape == (20, 1)


def test_a_matrix_of_zeros_has_none():
    values, right = found(np.zeros((30, 20), np.float32), 4)
    assert values.shape == (0,)
    assert right.shape == (20, 0)


def test_the_same_start_gives_the_same_triplets():
    dense = matrix(50, 70)
    for first, again in zip(found(dense, 6), found(dense, 6), strict=True):
        np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("rows", "tolerance"), [(50, 1e-4), (400, 0.1)])
def test_what_is_left_is_exact_for_few_rows_and_near_for_many(rows, tolerance):
    dense = matrix(rows, 300, decay=0.99)
    right = found(dense, 10).right
    expected = np.sum((dense - dense @ right @ right.T) ** 2)
    estimated = residual(lambda left: dense.T @ left, right, rows, seed=4)
    assert estimated == pytest.approx(expected, rel=tolerance)
