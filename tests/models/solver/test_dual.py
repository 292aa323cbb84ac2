import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.models.solver.batches import blocks, by_length
from tastegraph.models.solver.dual import HalfSweep
from tastegraph.models.solver.fold_in import Penalty
from tests.models.cases import dense_rows, matrices, random_matrix

PENALTY = Penalty(0.1, 0.05, 1.0)


def solved(matrix, columns, steps=0, before=None, penalty=PENALTY):
    """Rows for ``columns`` turned back into the basis in which ``columns`` were given."""
    order = by_length(matrix)
    ridges = penalty.ridges(matrix.sum(axis=1), matrix.shape[1]).astype(np.float32)
    side = HalfSweep(matrix[order], ridges[order], penalty.unobserved, columns.shape[1])
    start = np.zeros((len(order), columns.shape[1]), np.float32) if before is None else before
    rows, turned = (np.asarray(part) for part in side.solve(columns, start[order], steps))
    basis = np.linalg.lstsq(turned.astype(np.float64), columns.astype(np.float64), rcond=None)[0]
    return (rows @ basis)[np.argsort(order)]


def columns_for(matrix, dimensions, seed=0):
    noise = np.random.default_rng(seed).standard_normal((matrix.shape[1], dimensions))
    return noise.astype(np.float32)


@settings(max_examples=60)
@given(matrices(smallest=4), st.sampled_from([1, 2, 4]), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_exact_solve_agrees_with_dense_float64(matrix, dimensions, exponent):
    penalty = Penalty(0.1, 0.05, exponent)
    columns = columns_for(matrix, dimensions)
    expected = dense_rows(matrix, columns, penalty)
    scale = max(1e-6, np.abs(expected).max())
    assert np.abs(solved(matrix, columns, penalty=penalty) - expected).max() < 1e-4 * scale


@pytest.mark.parametrize("dimensions", [8, 64])
def test_rows_shorter_and_longer_than_the_dimensions_are_solved(dimensions):
    matrix = random_matrix(60, 200, 0.2, 1)
    columns = columns_for(matrix, dimensions)
    np.testing.assert_allclose(
        solved(matrix, columns), dense_rows(matrix, columns, PENALTY), rtol=1e-3, atol=1e-5
    )


def test_a_row_without_entries_is_zero():
    matrix = csr_array(np.array([[0, 0, 0], [1, 0, 2]], dtype=np.float32))
    assert not solved(matrix, columns_for(matrix, 2))[0].any()


def test_a_matrix_without_entries_gives_zeros():
    assert not solved(csr_array((3, 4), dtype=np.float32), np.ones((4, 2), np.float32)).any()


def test_enough_steps_of_conjugate_gradients_are_as_good_as_the_exact_solve():
    matrix = random_matrix(40, 120, 0.3, 2)
    columns = columns_for(matrix, 16)
    expected = dense_rows(matrix, columns, PENALTY)
    np.testing.assert_allclose(solved(matrix, columns, steps=30), expected, rtol=1e-3, atol=1e-4)


def test_a_start_at_the_solution_stays_there():
    matrix = random_matrix(40, 120, 0.3, 2)
    columns = columns_for(matrix, 16)
    expected = dense_rows(matrix, columns, PENALTY).astype(np.float32)
    moved = solved(matrix, columns, steps=1, before=expected)
    np.testing.assert_allclose(moved, expected, rtol=1e-3, atol=1e-5)


@settings(max_examples=50)
@given(matrices(), st.integers(1, 200))
def test_blocks_hold_every_entry_once(matrix, entries):
    ordered = matrix[by_length(matrix)]
    rebuilt = np.zeros(ordered.shape, np.float32)
    covered = []
    for block in blocks(ordered, entries):
        rows = np.arange(block.start, block.stop)
        covered.extend(rows)
        np.add.at(rebuilt, (rows[:, None], block.columns), block.weights)
        assert len(rows) == 1 or block.weights.size <= entries
    np.testing.assert_array_equal(rebuilt, ordered.toarray())
    assert covered == list(np.flatnonzero(np.diff(ordered.indptr)))
