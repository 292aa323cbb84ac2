"""Gradient descent on observed listens, against the dense formulas and the study's figures."""

import dataclasses
from contextlib import contextmanager

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.mf import MatrixFactorization, MfConfig
from tastegraph.models.algorithms.observed import Observed
from tastegraph.models.solver.descent import PARTS, Descent, Penalties
from tastegraph.models.solver.tensorflow_quiet import tf
from tests.models.cases import dataset, random_matrix

SMALL = MfConfig(dimensions=4, epochs=120, learning_rate=1.0, init_stddev=0.3)
UNPENALISED = {"l2": 0.0, "gravity": 0.0}


def fitted(config, data=None, seed=3):
    model = MatrixFactorization(config)
    model.fit(data or dataset(), seed)
    return model


def dense_parts(matrix, users, artists, penalties):
    """Observed, l2, gravity and the gradients, with all M x N products, in float64."""
    present = np.zeros(matrix.shape)
    present[matrix.tocoo().row, matrix.tocoo().col] = 1.0
    scores = users @ artists.T
    errors = present * (scores - matrix.toarray())
    observed = (errors**2).sum() / matrix.nnz
    l2 = penalties.l2 * ((users**2).sum(1).mean() + (artists**2).sum(1).mean())
    gravity = penalties.gravity * (scores**2).mean()
    pull = 2 * errors / matrix.nnz + 2 * penalties.gravity * scores / scores.size
    return (
        (observed, l2, gravity),
        pull @ artists + 2 * penalties.l2 * users / len(users),
        pull.T @ users + 2 * penalties.l2 * artists / len(artists),
    )


@pytest.mark.parametrize(
    ("dimensions", "penalties"),
    [(5, Penalties(0.3, 0.7)), (40, Penalties(0.3, 0.7)), (5, Penalties(0.0, 0.0))],
)
def test_loss_and_gradient_are_those_of_the_dense_formulas(dimensions, penalties):
    matrix = random_matrix(12, 17, 0.3, 5)
    matrix.data[0] = 0.0
    rng = np.random.default_rng(1)
    start = [rng.normal(0, 0.5, (count, dimensions)).astype(np.float32) for count in matrix.shape]
    rate = 0.05
    descent = Descent(matrix, matrix, start, penalties, tf.keras.optimizers.SGD(rate))
    users, artists = (vectors.astype(np.float64) for vectors in start)
    _, by_users, by_artists = dense_parts(matrix, users, artists, penalties)
    for found, exact in zip(descent.gradients(), (by_users, by_artists), strict=True):
        np.testing.assert_allclose(found, exact, rtol=1e-4, atol=1e-6)

    (parts,) = descent.run(1)
    users, artists = users - rate * by_users, artists - rate * by_artists
    np.testing.assert_allclose(descent.users, users, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(descent.artists, artists, rtol=1e-4, atol=1e-6)
    (observed, l2, gravity), _, _ = dense_parts(matrix, users, artists, penalties)
    expected = (observed + l2 + gravity, observed, l2, gravity, observed)
    np.testing.assert_allclose(parts, expected, rtol=1e-5)
    assert len(parts) == len(PARTS)


def test_momentum_takes_a_share_of_the_last_step_again():
    matrix = random_matrix(6, 7, 0.5, 2)
    start = [np.full((count, 2), 0.3, np.float32) for count in matrix.shape]
    optimizer = tf.keras.optimizers.SGD(0.1, 0.5)
    descent = Descent(matrix, matrix, start, Penalties(0.0, 0.0), optimizer)
    descent.run(1)
    first = descent.users.numpy() - start[0]
    by_users = np.asarray(descent.gradients()[0])
    before = descent.users.numpy()
    descent.run(1)
    np.testing.assert_allclose(
        descent.users.numpy() - before, 0.5 * first - 0.1 * by_users, rtol=1e-4, atol=1e-7
    )


def test_the_history_has_each_part_of_the_loss_by_epoch():
    model = fitted(SMALL)
    history = model.history
    assert list(history) == ["epoch", "loss", "observed", "l2", "gravity"]
    assert history["epoch"].tolist() == list(range(1, 121))
    parts = history[["observed", "l2", "gravity"]]
    np.testing.assert_allclose(parts.sum(axis=1), history["loss"], rtol=1e-5)
    assert (parts > 0).all(axis=None)
    assert history["loss"].iloc[-1] < history["loss"].iloc[0] / 2
    assert model.training_loss == history["loss"].iloc[-1]


@pytest.mark.parametrize(
    "settings",
    [{"momentum": 0.9, "learning_rate": 0.3}, {"optimizer": "adam", "learning_rate": 0.05}],
)
def test_other_optimizers_lower_the_loss(settings):
    config = dataclasses.replace(SMALL, **settings)
    losses = fitted(config).history["loss"]
    assert losses.iloc[-1] < losses.iloc[0] / 2


def test_the_same_seed_gives_the_same_model():
    first, again, other = (fitted(SMALL, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.vectors.users, again.vectors.users)
    np.testing.assert_array_equal(first.vectors.artists, again.vectors.artists)
    assert not np.array_equal(first.vectors.users, other.vectors.users)


def test_what_is_held_out_is_measured_and_not_learned():
    config = dataclasses.replace(SMALL, holdout=0.25, scaling="cap")
    config = dataclasses.replace(config, learning_rate=1e-4, epochs=60)
    data = dataset()
    held = Observed.of(data, config, 3).held
    assert held.nnz == round(0.25 * data.plays.nnz)
    changed = data.plays.copy()
    pairs = set(zip(*held.nonzero(), strict=True))
    coordinates = zip(*changed.nonzero(), strict=True)
    changed.data[[pair in pairs for pair in coordinates]] = 7.0

    model = fitted(config, data)
    other = fitted(config, dataclasses.replace(data, plays=changed))
    np.testing.assert_array_equal(model.vectors.users, other.vectors.users)
    np.testing.assert_array_equal(model.vectors.artists, other.vectors.artists)
    assert model.training_loss == other.training_loss
    test = model.history["test"].iloc[-1]
    assert test != other.history["test"].iloc[-1]
    users, artists = held.nonzero()
    products = np.sum(model.vectors.users[users] * model.vectors.artists[artists], axis=1)
    assert test == pytest.approx(np.mean((products - held.data) ** 2), rel=1e-4)


def test_who_has_no_listens_has_a_vector_of_zeros():
    data = dataset()
    plays = data.plays.toarray()
    plays[2, :], plays[:, 5] = 0, 0
    model = fitted(SMALL, dataclasses.replace(data, plays=csr_array(plays)))
    for vectors, heard in ((model.vectors.users, plays), (model.vectors.artists, plays.T)):
        np.testing.assert_array_equal(vectors.any(axis=1), heard.any(axis=1))


def test_training_that_diverges_stops_and_says_where():
    advanced = []

    @contextmanager
    def progress(label, total):
        yield advanced.append

    config = dataclasses.replace(SMALL, learning_rate=1e4, epochs=2_000)
    with pytest.raises(ModelError, match=r"epoch \d+ with learning_rate 10000\.0") as error:
        MatrixFactorization(config).fit(dataset(), progress=progress)
    epoch = int(str(error.value).split("epoch ")[1].split()[0])
    assert sum(advanced) < epoch <= sum(advanced) + 50
    steady = dataclasses.replace(config, epochs=epoch - 1)
    assert np.isfinite(fitted(steady, seed=0).training_loss)


def test_a_graph_without_listens_is_refused():
    data = dataset()
    nothing = dataclasses.replace(data, plays=csr_array(data.plays.shape))
    with pytest.raises(ModelError, match="no listens"):
        MatrixFactorization(SMALL).fit(nothing)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dimensions": 0},
        {"epochs": 0},
        {"learning_rate": float("nan")},
        {"learning_rate": float("inf")},
        {"init_stddev": 0.0},
        {"l2": -0.1},
        {"gravity": float("nan")},
        {"optimizer": "sdg"},
        {"momentum": 1.0},
        {"momentum": 0.5, "optimizer": "adam"},
        {"holdout": 1.0},
        {"holdout": -0.1},
        {"cut": 0.0},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        MfConfig(**wrong)


@pytest.mark.slow
def test_the_study_is_reproduced_with_both_penalties(real_listens):
    """Reported: train 0.0324, test 0.0505, L2 0.0172, gravity 0.00068."""
    last = fitted(MfConfig(holdout=0.3), real_listens).history.iloc[-1]
    assert last["observed"] == pytest.approx(0.0325, abs=0.0005)
    assert last["l2"] == pytest.approx(0.0171, abs=0.0003)
    assert last["gravity"] == pytest.approx(0.00075, abs=0.0001)
    assert 0.049 <= last["test"] <= 0.052


@pytest.mark.slow
def test_the_study_is_reproduced_without_penalties(real_listens):
    """Reported: train 0.0315, test 0.677."""
    config = MfConfig(
        dimensions=30, init_stddev=0.5, epochs=1_000, learning_rate=10.0, holdout=0.3, **UNPENALISED
    )
    last = fitted(config, real_listens).history.iloc[-1]
    assert last["observed"] == pytest.approx(0.0318, abs=0.0006)
    assert 0.66 <= last["test"] <= 0.72
