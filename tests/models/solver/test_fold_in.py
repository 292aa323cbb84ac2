import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastegraph.models.solver.als import AlsConfig, factorize
from tastegraph.models.solver.fold_in import FixedSide, Penalty, fold_in, parts
from tests.models.cases import random_matrix

CONFIG = AlsConfig(dimensions=12, epochs=4, reg=0.1)


@pytest.fixture(scope="module")
def trained():
    matrix = random_matrix(40, 50, 0.3, 11)
    factors = factorize(matrix, CONFIG)
    return matrix, factors, FixedSide.of(factors.columns, factors.penalty)


def entries(matrix, row):
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[span], matrix.data[span]


@pytest.mark.parametrize("row", range(0, 40, 5))
def test_folding_in_a_known_row_gives_its_stored_vector(trained, row):
    matrix, factors, fixed = trained
    columns, weights = entries(matrix, row)
    folded = fold_in(factors.columns[columns], weights, fixed)
    np.testing.assert_allclose(folded, factors.rows[row], rtol=1e-4, atol=1e-5)


def test_folding_in_nothing_gives_zero(trained):
    _, factors, fixed = trained
    assert not fold_in(factors.columns[:0], np.zeros(0), fixed).any()
    assert parts(factors.columns[:3], factors.columns[:0], np.zeros(0), fixed).shape == (3, 0)


@pytest.mark.parametrize("row", range(0, 40, 5))
def test_parts_add_up_to_the_score(trained, row):
    matrix, factors, fixed = trained
    columns, weights = entries(matrix, row)
    shares = parts(factors.columns, factors.columns[columns], weights, fixed)
    assert shares.shape == (50, len(columns))
    scores = factors.columns @ factors.rows[row]
    np.testing.assert_allclose(shares.sum(axis=1), scores, rtol=1e-4, atol=1e-5)


@settings(max_examples=40)
@given(st.integers(0, 999), st.integers(2, 15), st.integers(1, 8))
def test_taking_an_entry_away_lowers_the_score_by_its_part(seed, count, dimensions):
    rng = np.random.default_rng(seed)
    vectors, target = rng.standard_normal((20, dimensions)), rng.standard_normal((1, dimensions))
    weights = rng.uniform(0.2, 2.0, count)
    # An exponent of 0 keeps lam the same with and without the entry.
    fixed = FixedSide.of(vectors, Penalty(0.1, 0.5, 0.0))
    kept, taken = vectors[1:count], vectors[0]
    share = parts(target, vectors[:count], weights, fixed)[0, 0]
    before = fold_in(vectors[:count], weights, fixed) @ target[0]
    without = fold_in(kept, weights[1:], fixed)
    assert before - without @ target[0] == pytest.approx(
        share * (1 - taken @ without), rel=1e-4, abs=1e-5
    )
