import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.als import ListensAls, ListensConfig
from tastegraph.models.algorithms.factory import create
from tastegraph.models.solver.als import AlsConfig, _initial, factorize
from tastegraph.models.solver.fold_in import Penalty
from tests.models.cases import dataset, dense_objective, dense_rows, matrices, random_matrix

CONFIG = AlsConfig(dimensions=4, epochs=3, reg=0.02)


@settings(max_examples=30)
@given(matrices().filter(lambda matrix: matrix.nnz))
def test_rows_are_the_exact_solution_for_the_columns(matrix):
    factors = factorize(matrix, CONFIG)
    expected = dense_rows(matrix, factors.columns, factors.penalty)
    scale = max(1e-6, np.abs(expected).max())
    assert np.abs(factors.rows - expected).max() < 1e-4 * scale


@settings(max_examples=30)
@given(matrices().filter(lambda matrix: matrix.nnz))
def test_the_loss_is_the_objective(matrix):
    factors = factorize(matrix, CONFIG)
    expected = dense_objective(matrix, factors.rows, factors.columns, factors.penalty)
    assert factors.loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_the_loss_scales_regularisation_with_frequency(exponent):
    matrix = random_matrix(90, 70, 0.4, 3)
    factors = factorize(matrix, AlsConfig(dimensions=16, reg=0.5, reg_exponent=exponent))
    assert factors.penalty.reg_exponent == exponent
    expected = dense_objective(matrix, factors.rows, factors.columns, factors.penalty)
    assert factors.loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("cg_steps", [0, 1, 2])
def test_the_objective_never_rises_from_sweep_to_sweep(cg_steps):
    matrix = random_matrix(80, 60, 0.4, 4)
    config = AlsConfig(dimensions=16, cg_steps=cg_steps)
    losses = [factorize(matrix, replace(config, epochs=n)).loss for n in range(1, 9)]
    assert all(after <= before * (1 + 1e-6) for before, after in pairwise(losses))
    assert losses[-1] < losses[0]


def test_a_last_half_sweep_of_steps_is_near_an_exact_one_and_has_no_loss():
    matrix = random_matrix(80, 60, 0.4, 4)
    exact = factorize(matrix, AlsConfig(dimensions=16))
    near = factorize(matrix, AlsConfig(dimensions=16, last_cg_steps=1))
    assert near.loss is None
    scores, others = (each.rows @ each.columns.T for each in (exact, near))
    assert 0 < np.abs(scores - others).max() < 0.1 * np.abs(scores).max()


@pytest.mark.parametrize("name", ["als", "collective-als"])
def test_nobody_is_folded_in_beside_vectors_that_are_not_exact(name):
    data = dataset()
    models = [create(name, {"dimensions": "3", "last_cg_steps": steps}) for steps in ("0", "1")]
    for model in models:
        model.fit(data)
    assert models[0].fold_in is not None
    assert models[1].fold_in is None
    assert models[1].training_loss is None


def test_inexact_sweeps_end_where_exact_ones_do():
    matrix = random_matrix(40, 30, 0.4, 4)
    config = AlsConfig(dimensions=8, epochs=200)
    exact = factorize(matrix, replace(config, cg_steps=0)).loss
    # Local minima lie this far apart, exact sweeps from another seed included.
    assert factorize(matrix, config).loss == pytest.approx(exact, rel=3e-3)


def test_the_same_seed_gives_the_same_factors():
    matrix = random_matrix(50, 40, 0.3, 5)
    first, again = factorize(matrix, CONFIG, seed=7), factorize(matrix, CONFIG, seed=7)
    np.testing.assert_array_equal(first.rows, again.rows)
    np.testing.assert_array_equal(first.columns, again.columns)
    assert not np.array_equal(first.rows, factorize(matrix, CONFIG, seed=8).rows)


def test_rows_and_columns_without_entries_are_zero():
    matrix = csr_array(np.array([[0, 1, 0], [0, 2, 0], [0, 0, 0]], dtype=np.float32))
    factors = factorize(matrix, CONFIG)
    assert not factors.rows[2].any()
    assert not factors.columns[[0, 2]].any()
    assert factors.rows[1] @ factors.columns[1] > 0.8


def test_a_single_pair_is_learned():
    factors = factorize(csr_array(np.array([[2.0]], dtype=np.float32)), CONFIG)
    assert 0.8 < factors.rows[0] @ factors.columns[0] < 1


def test_regularisation_is_measured_by_the_listens_of_an_average_user():
    matrix = csr_array(np.array([[2, 0, 1], [0, 0, 0], [0, 3, 0]], dtype=np.float32))
    # Rows with entries weigh 3 on average; all entries and a0 of each of 9 pairs weigh 8.25.
    config = AlsConfig(dimensions=2, epochs=1, unobserved=0.25, reg=0.5)
    penalty = factorize(matrix, config).penalty
    assert penalty == Penalty(0.25, pytest.approx(0.5 * 3 * 3 / 8.25), 1.0)
    halves = factorize(matrix, replace(config, reg_exponent=0.5), typical=1.0).penalty
    assert halves.reg == pytest.approx(0.5 * np.sqrt(3 / 8.25))


@pytest.mark.parametrize("shape", [(10, 20), (1000, 20), (10, 5000)])
def test_an_average_row_and_column_have_the_same_ridge_in_matrices_of_any_size(shape):
    matrix = random_matrix(*shape, 0.1, 6)
    penalty = Penalty.relative(0.1, 0.2, 1.0, matrix, 40.0)
    row, column = matrix.sum(axis=1).mean(), matrix.sum(axis=0).mean()
    ridges = penalty.ridges(row, shape[1]) * penalty.ridges(column, shape[0])
    assert np.sqrt(ridges) == pytest.approx(0.2 * 40.0, rel=1e-5)


def test_an_empty_matrix_is_refused():
    with pytest.raises(ModelError, match="nothing to learn from"):
        factorize(csr_array((3, 3), dtype=np.float32), CONFIG)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dimensions", 0),
        ("epochs", 0),
        ("reg", -1.0),
        ("unobserved", 0.0),
        ("cg_steps", -1),
        ("last_cg_steps", -1),
    ],
)
def test_an_impossible_configuration_is_refused(field, value):
    with pytest.raises(InputError, match=field):
        AlsConfig(**{field: value})


def test_the_model_scores_what_its_vectors_say():
    data, model = dataset(), ListensAls(ListensConfig(dimensions=6, epochs=4))
    model.fit(data)
    users = np.array([3, 0])
    expected = model.vectors.users[users] @ model.vectors.artists.T
    np.testing.assert_array_equal(model.score(users), expected)
    assert model.vectors.tags is None
    assert model.training_loss > 0


def test_a_model_that_was_not_trained_says_so():
    assert ListensAls().vectors is None
    with pytest.raises(ModelError, match="Train it first"):
        ListensAls().score(np.array([0]))


def test_progress_counts_sweeps():
    done = []

    class Bar:
        def __init__(self, label, total):
            done.append((label, total))

        def __enter__(self):
            return done.append

        def __exit__(self, *_):
            pass

    ListensAls(ListensConfig(dimensions=2, epochs=3)).fit(dataset(), progress=Bar)
    assert done == [("als", 3), 1, 1, 1]


def test_only_training_imports_tensorflow():
    modules = ("algorithms.collective_als", "algorithms.als", "solver.dual", "evaluation.metrics")
    imports = ", ".join(f"tastegraph.models.{module}" for module in modules)
    code = f"import sys, {imports}; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_training_writes_nothing_to_stderr():
    code = (
        "import numpy as np; from scipy.sparse import csr_array; "
        "from tastegraph.models.solver.als import AlsConfig, factorize; "
        "factorize(csr_array(np.eye(3, dtype=np.float32)), AlsConfig(dimensions=2))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stderr == ""


def test_a_start_of_more_directions_than_the_rank_leaves_the_rest_to_chance():
    """All 30 people hear the same 5 artists: one direction, where four are asked for."""
    matrix = csr_array(np.ones((30, 5), dtype=np.float32))
    start = _initial(matrix, replace(CONFIG, power_steps=2), seed=1)
    assert start.shape == (30, 4)
    assert np.linalg.matrix_rank(start) == 4
    # The one direction there is: the same for everybody.
    assert np.ptp(start[:, 0]) < 1e-5 < abs(start[0, 0])
    factors = factorize(matrix, replace(CONFIG, power_steps=2))
    assert factors.rows @ factors.columns.T == pytest.approx(np.ones((30, 5)), abs=0.1)
