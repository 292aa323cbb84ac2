"""Baselines on graphs small enough to score by hand.

Users 1, 2, 3 and artists 10, 20, 30; 1 is a friend of 2 and of 3. Tag 7 is on artists 10 and
20, tag 8 on 20 and 30.
"""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms import ease, item_knn
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.ranking.signals import Signals
from tests.models.cases import dataset, matrices

BASELINES = ("popularity", "random", "friends", "tags", "item-knn", "ease")

TINY = Dataset(
    users=IdMap([1, 2, 3]),
    artists=IdMap([10, 20, 30]),
    tags=IdMap([7, 8]),
    plays=csr_array([[5.0, 0, 0], [3, 4, 0], [0, 0, 9]]),
    friends=csr_array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]]),
    tag_counts=csr_array([[2.0, 0], [1, 1], [0, 3]]),
)


def of_listens(plays):
    """A dataset without friends and tags."""
    users, artists = plays.shape
    return Dataset(
        IdMap(range(users)),
        IdMap(range(artists)),
        IdMap([]),
        plays,
        csr_array((users, users)),
        csr_array((artists, 0)),
    )


def scores(algorithm, data, seed=0, **options):
    model = create(algorithm, {name: str(value) for name, value in options.items()})
    model.fit(data, seed)
    found = model.score(np.arange(len(data.users)))
    assert found.dtype == np.float32
    assert found.shape == data.plays.shape
    return found


@pytest.mark.parametrize("name", BASELINES)
def test_nothing_can_be_asked_before_training(name):
    with pytest.raises(ModelError, match="not been trained"):
        create(name, {}).score(np.array([0]))


@pytest.mark.parametrize("name", BASELINES)
def test_users_score_the_same_alone_and_in_any_company(name):
    data = dataset()
    model = create(name, {})
    model.fit(data, seed=4)
    together = model.score(np.arange(20))
    assert np.isfinite(together).all()
    np.testing.assert_allclose(model.score(np.array([7, 3])), together[[7, 3]], rtol=1e-5)
    assert model.score(np.array([], dtype=np.intp)).shape == (0, 30)
    assert model.vectors is None


def test_popularity_counts_listeners():
    assert scores("popularity", TINY).tolist() == [[2, 1, 1]] * 3
    assert scores("popularity", TINY, scaling="cap").tolist() == [[8, 4, 9]] * 3


def test_random_goes_by_seed_and_user():
    data = dataset()
    first = scores("random", data, seed=1)
    np.testing.assert_array_equal(first, scores("random", data, seed=1))
    assert not np.isin(first, scores("random", data, seed=2)).any()
    assert len(np.unique(first)) == first.size
    assert first.min() >= 0
    assert first.max() < 1


def test_friends_average_what_friends_listen_to():
    found = scores("friends", TINY, scaling="user-max")
    assert found == pytest.approx(np.array([[0.375, 0.5, 0.5], [1, 0, 0], [1, 0, 0]]))


def test_without_friends_every_artist_scores_0():
    alone = dataclasses.replace(TINY, friends=csr_array((3, 3)))
    assert not scores("friends", alone).any()


def test_tags_are_the_tags_signal():
    assert scores("tags", TINY)[0] == pytest.approx([1.0, 1 / math.sqrt(2), 0.0])
    data = dataset()
    signals = Signals(data, Vectors(np.ones((20, 1), np.float32), np.ones((30, 1), np.float32)))
    np.testing.assert_array_equal(scores("tags", data), signals.tags(np.arange(20)))


# Artists 0 and 2 are both heard with artist 1 twice, and with each other once.
COMMON = of_listens(csr_array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
NEAR, FAR = 2 / (math.sqrt(6) + 1), 1 / (2 + 1)


def test_item_knn_sums_similarities_to_what_is_heard():
    found = scores("item-knn", COMMON, scaling="binary", shrinkage=1)
    assert found[0] == pytest.approx([NEAR, NEAR, FAR + NEAR])
    assert found[1] == pytest.approx([NEAR + FAR, 2 * NEAR, FAR + NEAR])


def test_item_knn_keeps_the_nearest_and_of_equal_ones_the_first():
    found = scores("item-knn", COMMON, scaling="binary", shrinkage=1, neighbours=1)
    # Artist 1 is as near to 0 as to 2; user 2 does not listen to 0.
    assert found == pytest.approx(
        np.array([[NEAR, NEAR, NEAR], [NEAR, NEAR, NEAR], [NEAR, 0, NEAR]])
    )


@given(matrices().filter(lambda plays: plays.nnz), st.integers(1, 5), st.sampled_from([0.0, 2.0]))
@settings(max_examples=40)
def test_item_knn_is_what_the_dense_formula_gives(plays, neighbours, shrinkage):
    x = plays.toarray().astype(np.float64)
    norms = np.linalg.norm(x, axis=0)
    scale = np.outer(norms, norms) + shrinkage
    similar = np.divide(x.T @ x, scale, out=np.zeros_like(scale), where=scale > 0)
    np.fill_diagonal(similar, 0)
    similar[np.argsort(np.argsort(-similar, axis=0, kind="stable"), axis=0) >= neighbours] = 0
    found = scores(
        "item-knn", of_listens(plays), scaling="cap", neighbours=neighbours, shrinkage=shrinkage
    )
    np.testing.assert_allclose(found, x @ similar, rtol=1e-4, atol=1e-5)


def test_ease_by_hand():
    """X'X + I = [[2, 1], [1, 3]], P = [[3, -1], [-1, 2]] / 5, W = [[0, 1/2], [1/3, 0]]."""
    found = scores("ease", of_listens(csr_array([[1.0, 1], [0, 1]])), scaling="binary", reg=1)
    assert found == pytest.approx(np.array([[1 / 3, 1 / 2], [1 / 3, 0]]), abs=1e-6)


@given(matrices().filter(lambda plays: plays.nnz), st.sampled_from([5.0, 80.0]))
@settings(max_examples=40)
def test_ease_by_users_is_ease_by_artists(plays, reg):
    x = plays.toarray().astype(np.float64)
    inverse = np.linalg.inv(x.T @ x + reg * np.eye(x.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    found = scores("ease", of_listens(plays), scaling="cap", reg=reg)
    np.testing.assert_allclose(found, x @ weights, rtol=1e-3, atol=1e-4)


def test_blocks_of_artists_change_nothing(monkeypatch):
    data = dataset()
    whole = scores("item-knn", data)
    monkeypatch.setattr(item_knn, "BLOCK", 7)
    np.testing.assert_allclose(scores("item-knn", data), whole, rtol=1e-5, atol=1e-6)


def test_ease_says_when_there_are_too_many_users(monkeypatch):
    monkeypatch.setattr(ease, "MOST_USERS", 2)
    with pytest.raises(ModelError, match="3 are more than the 2"):
        scores("ease", TINY)


def test_ease_says_when_nothing_is_left_to_divide_by():
    with pytest.raises(ModelError, match="larger one"):
        scores("ease", of_listens(csr_array([[1.0]])), reg=1e-12)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("item-knn", {"neighbours": "0"}),
        ("item-knn", {"shrinkage": "-1"}),
        ("item-knn", {"shrinkage": "nan"}),
        ("ease", {"reg": "0"}),
        ("ease", {"reg": "inf"}),
        ("friends", {"scaling": "loud"}),
    ],
)
def test_settings_out_of_range_are_refused(name, setting):
    with pytest.raises(InputError, match=next(iter(setting))):
        create(name, setting)
