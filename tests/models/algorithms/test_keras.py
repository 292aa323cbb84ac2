"""The study's Keras models: what they score, what they leave alone, and the figures."""

import dataclasses
import random

import numpy as np
import pytest

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.keras_dense import KerasDense
from tastegraph.models.algorithms.keras_dot import KerasDot
from tastegraph.models.algorithms.observed import Observed
from tastegraph.models.algorithms.two_embeddings import EmbeddingsConfig
from tests.models.cases import dataset

SMALL = EmbeddingsConfig(dimensions=3, epochs=3, learning_rate=0.05, holdout=0.2)
MODELS = [KerasDot, KerasDense]


@pytest.fixture(scope="module", params=MODELS, ids=lambda kind: kind.name)
def trained(request):
    data, model = dataset(), request.param(SMALL)
    model.fit(data, seed=3)
    return data, model


def test_scores_are_those_of_the_network(trained):
    data, model = trained
    users, artists = np.indices((len(data.users), len(data.artists))).reshape(2, -1)
    scores = model.score(np.arange(len(data.users)))
    predicted = model.network.predict([users, artists], verbose=0)[:, 0]
    heard = np.isin(np.arange(len(data.artists)), Observed.of(data, SMALL, 3).learned.indices)
    np.testing.assert_allclose(
        scores[:, heard], predicted.reshape(scores.shape)[:, heard], rtol=1e-4, atol=1e-6
    )
    assert scores.std() > 0.01
    np.testing.assert_array_equal(model.score(np.array([5, 0])), scores[[5, 0]])


def test_the_history_has_both_errors_by_epoch(trained):
    data, model = trained
    history = model.history
    assert list(history) == ["epoch", "loss", "test"]
    assert history["epoch"].tolist() == [1, 2, 3]
    assert history["loss"].iloc[-1] < history["loss"].iloc[0]
    held = Observed.of(data, SMALL, 3).held
    scores = model.network.predict(list(map(np.asarray, held.nonzero())), verbose=0)[:, 0]
    assert history["test"].iloc[-1] == pytest.approx(np.mean((scores - held.data) ** 2), rel=1e-4)


def test_a_fit_is_silent_and_draws_on_nobodys_random_state(trained, capfd):
    data, model = trained
    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist()
    again = type(model)(SMALL)
    again.fit(data, seed=3)
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    np.testing.assert_array_equal(again.score(np.arange(9)), model.score(np.arange(9)))
    assert capfd.readouterr() == ("", "")


def test_other_seeds_give_other_models(trained):
    data, model = trained
    other = type(model)(SMALL)
    other.fit(data, seed=4)
    assert not np.array_equal(other.score(np.arange(9)), model.score(np.arange(9)))


def test_only_the_dot_product_has_vectors(trained):
    _, model = trained
    assert model.has_vectors == (model.vectors is not None) == (model.name == "keras-dot")


@pytest.mark.parametrize("kind", MODELS)
def test_training_that_diverges_says_where(kind):
    config = dataclasses.replace(SMALL, learning_rate=1e25)
    with pytest.raises(ModelError, match=r"epoch \d+ with learning_rate 1e\+25"):
        kind(config).fit(dataset())


@pytest.mark.parametrize("kind", MODELS)
def test_an_untrained_model_says_so(kind):
    with pytest.raises(ModelError, match="not been trained"):
        kind().score(np.array([0]))


@pytest.mark.parametrize("wrong", [{"batch": 0}, {"holdout": 1.5}, {"dimensions": -1}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        EmbeddingsConfig(**wrong)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "lowest", "highest"), [(KerasDot, 0.04, 0.045), (KerasDense, 0.03, 0.035)]
)
def test_contiguous_ids_and_scaled_plays_bring_the_error_down(real_listens, kind, lowest, highest):
    """The study fed ids and plays as they are, and reports 11.7 and 1,868,465."""
    model = kind(EmbeddingsConfig(holdout=0.3))
    model.fit(real_listens, seed=3)
    assert lowest <= model.history["test"].iloc[-1] <= highest
