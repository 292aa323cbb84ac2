"""EASE in its dual form beside the closed form over the columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import ModelError
from tastegraph.models.solver.ease import Ease
from tests.models.cases import matrices, random_matrix


def primal(matrix, ridges, exponent):
    """X W from the inverse over the columns, in float64."""
    dense = matrix.toarray().astype(np.float64)
    inverse = np.linalg.inv(dense.T @ dense + np.diag(ridges))
    left = np.diag(inverse) * ridges
    weights = -inverse * ridges * left**-exponent
    np.fill_diagonal(weights, 0.0)
    return dense @ weights


def amplified(matrix, ridges, exponent):
    """How often a rounding error counts: it is divided by (1 - h), small where a column's ridge
    is small beside its entries.
    """
    dense = matrix.toarray().astype(np.float64)
    left = np.diag(np.linalg.inv(dense.T @ dense + np.diag(ridges))) * ridges
    return 1.0 + left.min() ** -exponent / 10


@settings(max_examples=30)
@given(matrices(), st.sampled_from([0.5, 1.0]), st.integers(0, 99))
def test_scores_are_those_of_the_closed_form(matrix, exponent, seed):
    ridges = np.random.default_rng(seed).uniform(0.5, 4.0, matrix.shape[1])
    solved = Ease.solve(matrix, ridges, exponent)
    expected = primal(matrix, ridges, exponent)
    scale = max(1.0, np.abs(expected).max()) * amplified(matrix, ridges, exponent)
    assert np.abs(solved.block(slice(None), slice(None)) - expected).max() < 2e-4 * scale
    right = np.random.default_rng(seed).standard_normal((matrix.shape[1], 3)).astype(np.float32)
    np.testing.assert_allclose(solved.times(right), expected @ right, atol=1e-3 * scale)
    rows = slice(0, max(1, matrix.shape[0] // 2))
    left = np.random.default_rng(seed).standard_normal((matrix.shape[0], 3))[rows]
    np.testing.assert_allclose(
        solved.across(left.astype(np.float32), rows), expected[rows].T @ left, atol=1e-3 * scale
    )


def test_with_exponent_one_it_is_steck_2019():
    matrix = random_matrix(8, 5, 0.6, 1)
    dense = matrix.toarray().astype(np.float64)
    inverse = np.linalg.inv(dense.T @ dense + 2.0 * np.eye(5))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    found = Ease.solve(matrix, np.full(5, 2.0), 1.0).block(slice(None), slice(None))
    np.testing.assert_allclose(found, dense @ weights, atol=1e-5)


def test_blocks_are_parts_of_the_whole():
    matrix = random_matrix(20, 30, 0.3, 0)
    solved = Ease.solve(matrix, np.ones(30))
    whole = solved.block(slice(None), slice(None))
    rows = np.array([7, 2, 19])
    np.testing.assert_allclose(solved.block(rows, slice(4, 21)), whole[rows, 4:21], atol=1e-6)


def test_a_column_is_not_predicted_from_itself():
    matrix = random_matrix(1, 6, 1.0, 3)
    alone = matrix.copy()
    alone.data[1:] = 0
    alone.eliminate_zeros()
    found = Ease.solve(alone, np.ones(6)).block(slice(None), slice(None))
    assert found[0, 0] == pytest.approx(0.0, abs=1e-6)


def test_ridges_that_are_too_small_are_said():
    with pytest.raises(ModelError, match="ridges"):
        Ease.solve(random_matrix(30, 5, 1.0, 0), np.full(5, 1e-12))


def test_columns_of_few_and_of_many_entries_explain_alike():
    """Few entries are gathered, many multiplied: h is the same."""
    matrix = random_matrix(60, 40, 0.05, 2)
    matrix = csr_array(np.hstack([matrix.toarray(), random_matrix(60, 9, 0.7, 3).toarray()]))
    ridges = np.linspace(1.0, 6.0, 49)
    dense = matrix.toarray().astype(np.float64)
    expected = np.diag(np.linalg.inv(dense.T @ dense + np.diag(ridges))) * ridges
    np.testing.assert_allclose(Ease.solve(matrix, ridges).left, expected, atol=1e-5)


def test_rows_of_a_product_are_the_product_of_rows():
    solved = Ease.solve(random_matrix(20, 30, 0.3, 0), np.ones(30))
    right = np.random.default_rng(1).standard_normal((30, 4)).astype(np.float32)
    np.testing.assert_allclose(
        solved.times(right, slice(3, 11)), solved.times(right)[3:11], atol=1e-5
    )
