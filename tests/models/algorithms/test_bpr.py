"""Pairwise ranking: what it learns, that its bias is in the vectors, and what it refuses."""

import dataclasses

import numpy as np
import pytest
from implicit.cpu.bpr import BayesianPersonalizedRanking
from scipy.sparse import csr_array, csr_matrix

from bench.public_split import figures, public_split
from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.bpr import Bpr, BprConfig
from tests.models.cases import dataset

SMALL = BprConfig(dimensions=4, epochs=40, learning_rate=0.1)


def fitted(config, data, seed=3):
    model = Bpr(config)
    model.fit(data, seed)
    return model


def two_tastes(users=60, artists=80, seed=0):
    """Half of the users listen to the first half of the artists, the others to the second.

    Gives train data and the held-out listens.
    """
    rng = np.random.default_rng(seed)
    same = (np.arange(users) % 2)[:, None] == (np.arange(artists) < artists // 2)[None, :]
    heard = same & (rng.random(same.shape) < 0.5)
    held = heard & (rng.random(same.shape) < 0.2)
    plays = csr_array((heard & ~held).astype(np.float32))
    return dataclasses.replace(dataset(users, artists), plays=plays), held


def auc(scores, data, held):
    """Share of pairs (held-out artist, artist never heard) in the right order, ties half."""
    never = ~held & (data.plays.toarray() == 0)
    shares = []
    for row, good, bad in zip(scores, held, never, strict=True):
        gaps = row[good][:, None] - row[bad][None, :]
        shares.append(((gaps > 0) + (gaps == 0) / 2).ravel())
    return np.concatenate(shares).mean()


def test_it_finds_tastes_that_popularity_cannot():
    data, held = two_tastes()
    scores = fitted(SMALL, data).score(np.arange(len(data.users)))
    popularity = np.tile(data.listeners, (len(data.users), 1))
    # No better order is possible within a half, where what is held out is drawn by chance.
    assert auc(popularity, data, held) < 0.6
    assert auc(scores, data, held) > 0.75


def test_dot_products_are_the_package_s_scores_and_popularity():
    data, _ = two_tastes()
    learner = BayesianPersonalizedRanking(
        factors=4, learning_rate=0.05, regularization=0.01, iterations=40, num_threads=1,
        random_state=3,
    )  # fmt: skip
    learner.fit(csr_matrix(data.plays), show_progress=False)
    users = np.arange(len(data.users))
    artists, scores = learner.recommend(
        users, csr_matrix(data.plays), N=7, filter_already_liked_items=False
    )
    config = dataclasses.replace(SMALL, learning_rate=0.05, reg=0.01, popularity=0.0)
    own = fitted(config, data).score(users)
    np.testing.assert_allclose(np.take_along_axis(own, artists, axis=1), scores, rtol=1e-5)

    whole = fitted(dataclasses.replace(config, popularity=0.5), data).score(users)
    expected = own + 0.5 * np.log(data.listeners)
    np.testing.assert_allclose(whole, expected, rtol=1e-4, atol=1e-5)


def test_the_same_seed_gives_the_same_model_and_nothing_is_printed(capfd):
    data, _ = two_tastes()
    first, again, other = (fitted(SMALL, data, seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.vectors.users, again.vectors.users)
    np.testing.assert_array_equal(first.vectors.artists, again.vectors.artists)
    assert not np.array_equal(first.vectors.users, other.vectors.users)
    assert list(first.history) == ["epoch", "auc"]
    assert first.history["auc"].iloc[-1] > first.history["auc"].iloc[0]
    assert capfd.readouterr() == ("", "")


def test_who_has_no_listens_has_a_vector_of_zeros():
    data, _ = two_tastes()
    plays = data.plays.toarray()
    plays[2, :], plays[:, 5] = 0, 0
    vectors = fitted(SMALL, dataclasses.replace(data, plays=csr_array(plays))).vectors
    np.testing.assert_array_equal(vectors.users.any(axis=1), plays.any(axis=1))
    np.testing.assert_array_equal(vectors.artists.any(axis=1), plays.any(axis=0))


def test_training_that_diverges_says_where():
    config = dataclasses.replace(SMALL, learning_rate=1e30)
    with pytest.raises(ModelError, match=r"epoch \d+ with learning_rate 1e\+30"):
        fitted(config, two_tastes()[0])


def test_a_graph_without_listens_is_refused():
    data = dataset()
    with pytest.raises(ModelError, match="no listens"):
        fitted(SMALL, dataclasses.replace(data, plays=csr_array(data.plays.shape)))


@pytest.mark.parametrize(
    "wrong",
    [{"scaling": "user-max"}, {"dimensions": 0}, {"learning_rate": 0.0}, {"reg": -1.0}],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        BprConfig(**wrong)


@pytest.mark.slow
def test_popularity_put_back_lifts_the_public_split(real_data):
    """A fit of a second or two; the defaults take some more to NDCG@10 0.248."""
    split = public_split(real_data)
    data, held = split.data, split.held
    quick = BprConfig(learning_rate=0.05, reg=0.02, epochs=150)
    scores = fitted(quick, data).score(np.arange(len(data.users)))
    plain = scores - quick.popularity * np.log(np.maximum(data.listeners, 1)).astype(np.float32)
    lifted, own = (figures(each, data, held)["NDCG"] for each in (scores, plain))
    assert lifted >= 0.23
    assert lifted >= own + 0.05
