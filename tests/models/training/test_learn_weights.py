"""Weights of the signals: what is found when one signal tells all, and when none does."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.split import Split
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.signals import Signals
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.models.ranking.weights import EMBEDDING_ALONE, SIGNALS, SignalWeights
from tastegraph.models.training import learn_weights
from tastegraph.models.training.learn_weights import blend_for, blended_ndcg, learn_blend
from tests.models.cases import dataset

USERS, ARTISTS = 30, 60


def split_and_vectors(embedding, friends):
    """Pairs of friends; whom the embedding knows hears k, whom friends know what the friend hears.

    Each user listens to two artists of their own in train and has one held out.
    """
    rng = np.random.default_rng(4)
    plays, held = np.zeros((USERS, ARTISTS)), np.zeros((USERS, ARTISTS))
    for user in range(USERS):
        plays[user, [2 * (user // 2) % ARTISTS, (2 * (user // 2) + 1) % ARTISTS]] = 3
        held[user, 40 + user // 2 % 20] = 1
    if friends:
        for user in range(USERS):
            plays[user ^ 1, 40 + user // 2 % 20] = 1 if user % 2 else 0
        held[plays > 0] = 0
    held[~held.any(axis=1), 59] = 1
    near = np.zeros((USERS, USERS))
    near[np.arange(USERS), np.arange(USERS) ^ 1] = 1
    data = Dataset(
        IdMap.of(range(USERS)),
        IdMap.of(range(ARTISTS)),
        IdMap.of(range(2)),
        csr_array(plays),
        csr_array(near),
        csr_array(np.ones((ARTISTS, 2))),
    )
    users = np.ones((USERS, 1)) if not embedding else held
    artists = rng.random((ARTISTS, 1)) if not embedding else np.eye(ARTISTS)
    split = Split(data, csr_array(held))
    return split, Vectors(users.astype(np.float32), artists.astype(np.float32))


def test_an_embedding_that_knows_all_stands_alone():
    blend = blend_for(*split_and_vectors(embedding=True, friends=False))
    assert blend.weights == EMBEDDING_ALONE
    assert dict(blend.found)["blend"] == pytest.approx(1.0)
    assert blend.gain == 0.0
    assert "better than embedding alone" in blend.notes[0]


def test_friends_who_know_more_are_listened_to():
    blend = blend_for(*split_and_vectors(embedding=False, friends=True))
    assert blend.weights[1] > 0
    assert blend.notes == []
    found = dict(blend.found)
    assert found["blend"] > found["embedding"]
    assert blend.gain == pytest.approx(found["blend"] - found["embedding"])


def test_what_may_be_luck_does_not_count():
    """Friends lift user 0's artist to the top and lower user 2's; all others' is first anyway."""
    plays, held = np.zeros((USERS, ARTISTS)), np.zeros((USERS, ARTISTS))
    plays[:, 0], held[:, 50] = 1, 1
    plays[1], plays[3] = np.eye(ARTISTS)[51], np.eye(ARTISTS)[52]
    held[[0, 2]] = np.eye(ARTISTS)[51]
    near = np.zeros((USERS, USERS))
    near[[0, 1, 2, 3], [1, 0, 3, 2]] = 1
    data = replace(
        split_and_vectors(embedding=True, friends=False)[0].data,
        plays=csr_array(plays),
        friends=csr_array(near),
    )
    artists = np.zeros((ARTISTS, 1), dtype=np.float32)
    artists[[50, 51, 52], 0] = 3, 2, 1
    users = np.ones((USERS, 1), dtype=np.float32)
    split = Split(data, csr_array(held))
    signals = Signals(data, Vectors(users, artists))
    scores = signals.embedding(split.users) + np.float32(1.5) * signals.friends(split.users)
    scores[plays > 0] = -np.inf
    blend = blend_for(split, Vectors(users, artists))
    assert ndcg(top_rows(scores, 10), split.held).mean() > dict(blend.found)["embedding"]
    assert blend.weights == EMBEDDING_ALONE


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_blend_is_behind_its_parts_on_the_slice_by_no_more_than_a_standard_error(seed):
    data = dataset(users=40, artists=80, tags=8, seed=seed)
    rng = np.random.default_rng(seed)
    held = (rng.random(data.plays.shape) < 0.05) & (data.plays.toarray() == 0)
    held[:, 0] |= ~held.any(axis=1)
    held[data.plays.toarray() > 0] = False
    split = Split(data, csr_array(held.astype(float)))
    model = create("als", {"dimensions": "4", "epochs": "2"})
    model.fit(data)
    blend = blend_for(split, model.vectors)
    found = dict(blend.found)
    blended = blended_ndcg(split, model.vectors, blend.weights)
    for signal in SIGNALS:
        alone = SignalWeights(0.0)._replace(**{signal: 1.0})
        behind = blended_ndcg(split, model.vectors, alone) - blended
        assert behind.mean() <= behind.std() / np.sqrt(len(behind)) + 1e-12
    names = np.array([str(artist) for artist in data.artists.ids], dtype=object)
    recommender = Recommender(data, model.vectors, names)
    frame = recommender.recommend(split.users, RecommendOptions(10, blend.weights))
    top = frame["artist"].to_numpy().reshape(len(split.users), 10)
    again = ndcg(data.artists.rows(top.ravel()).reshape(top.shape), split.held[split.users]).mean()
    assert again == pytest.approx(found["blend"], abs=1e-6)


def test_without_friends_and_tags_nothing_is_learned():
    data = dataset()
    bare = replace(
        data,
        friends=csr_array(data.friends.shape),
        tag_counts=csr_array(data.tag_counts.shape),
    )
    model = create("als", {})
    blend = learn_blend(bare, model, 0)
    assert (blend.weights, blend.users, blend.gain) == (EMBEDDING_ALONE, 0, None)
    assert blend.notes == []
    assert model.vectors is None


def test_a_crowd_is_a_sample_of_it(monkeypatch):
    monkeypatch.setattr(learn_weights, "MOST", 12)
    data, model = dataset(users=40), create("als", {"dimensions": "4", "epochs": "2"})
    data = replace(data, tag_counts=csr_array(data.tag_counts.shape))
    found = [learn_blend(data, model, seed) for seed in (1, 1, 2)]
    assert [blend.users for blend in found] == [12, 12, 12]
    assert found[0] == found[1]
