"""EASE on some columns beside the closed form over those columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import ModelError
from tastegraph.models.solver.ease import Ease
from tastegraph.models.solver.ease_columns import ColumnEase
from tests.models.cases import matrices, random_matrix


@settings(max_examples=30)
@given(matrices(smallest=2), st.sampled_from([0.5, 1.0]), st.integers(0, 99))
def test_for_all_columns_it_is_ease(matrix, exponent, seed):
    ridges = np.random.default_rng(seed).uniform(2.0, 9.0, matrix.shape[1])
    whole = Ease.solve(matrix, ridges, exponent).block(slice(None), slice(None))
    solved = ColumnEase.solve(matrix, ridges, exponent, 30)
    found = solved.block(slice(None), slice(None))
    np.testing.assert_allclose(found, whole, atol=2e-3 * max(1.0, np.abs(whole).max()))


@pytest.fixture
def solved():
    return ColumnEase.solve(random_matrix(40, 30, 0.2, 4), np.full(30, 3.0), 0.5, 12)


def test_products_are_those_of_its_scores(solved):
    whole = solved.block(slice(None), slice(None))
    rng = np.random.default_rng(0)
    right, left = (rng.standard_normal((n, 4)).astype(np.float32) for n in (30, 25))
    np.testing.assert_allclose(solved.times(right), whole @ right, atol=1e-5)
    np.testing.assert_allclose(solved.times(right, slice(3, 9)), (whole @ right)[3:9], atol=1e-5)
    np.testing.assert_allclose(solved.across(left, slice(0, 25)), whole[:25].T @ left, atol=1e-5)
    every = random_matrix(40, 30, 0.2, 4)
    np.testing.assert_allclose(every @ solved.weights_times(right), whole @ right, atol=1e-5)


def test_blocks_are_parts_of_the_whole(solved):
    whole = solved.block(slice(None), slice(None))
    rows = np.array([7, 2, 19])
    np.testing.assert_allclose(solved.block(rows, slice(4, 21)), whole[rows, 4:21], atol=1e-6)


def test_the_heaviest_columns_are_known_and_empty_ones_never():
    dense = random_matrix(20, 6, 1.0, 0).toarray() * np.array([1, 1, 0, 1, 9, 1])
    matrix = csr_array(dense.astype(np.float32))
    known = ColumnEase.solve(matrix, np.ones(6), 1.0, 2).known
    assert 4 in known
    assert len(known) == 2
    assert ColumnEase.solve(matrix, np.ones(6), 1.0, 6).known.tolist() == [0, 1, 3, 4, 5]


def test_ridges_that_are_too_small_are_said():
    with pytest.raises(ModelError, match="ridges"):
        ColumnEase.solve(random_matrix(3, 30, 1.0, 0), np.full(30, 1e-12), 1.0, 30)
