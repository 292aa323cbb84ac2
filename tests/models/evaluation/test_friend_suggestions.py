"""Suggestions measured on hidden friendships, by hand and on the real data."""

import re
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from bench.public_split import evidence
from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.evaluation.friend_suggestions import (
    WEIGHTS,
    Closeness,
    Split,
    auc,
    evaluate,
    pair_scores,
    precision_at,
    split_friendships,
)
from tastegraph.models.serving.suggested_friends import SIMILARITY_WEIGHT
from tests.models.cases import dataset
from tests.neo4j_packages import ROOT


def symmetric(users: int, *pairs: tuple[int, int]) -> csr_array:
    matrix = np.zeros((users, users))
    for one, other in pairs:
        matrix[one, other] = matrix[other, one] = 1
    return csr_array(matrix)


# 0 and 3 have 1 and 2 in common, of whom 1 has two friends, 2 three; 4 has one friend.
FRIENDS = symmetric(6, (0, 1), (1, 3), (0, 2), (2, 3), (2, 4))
VECTORS = np.array([[2, 0], [0, 1], [1, 1], [3, 0], [-1, 0], [0, 0]], dtype=np.float32)


@pytest.fixture
def closeness() -> Closeness:
    return Closeness(FRIENDS, VECTORS)


def test_closeness_by_hand(closeness: Closeness) -> None:
    rows = np.array([0, 4])
    adamic = closeness.adamic(rows)
    assert adamic[0, 3] == pytest.approx(1 / log(2) + 1 / log(3))
    assert adamic[1].tolist() == pytest.approx([1 / log(3), 0, 0, 1 / log(3), 1 / log(3), 0])
    taste = closeness.similarity(rows)
    assert taste[0].tolist() == pytest.approx([1, 0, 0.5**0.5, 1, 0, 0])
    assert closeness.popularity(rows).tolist() == [[4, 4, 6, 4, 2, 0], [2, 2, 3, 2, 1, 0]]
    a = 1 / log(2) + 1 / log(3)
    assert closeness.suggested(rows, 0.5)[0, 3] == pytest.approx(a / (1 + a) + 0.5)


def test_auc_by_hand() -> None:
    # Of the six pairs of pairs 3 > 1, 3 > 2 (twice), 2 > 1 are right, 2 = 2 (twice) are half.
    assert auc(np.array([3, 2]), np.array([1, 2, 2])) == pytest.approx((4 + 2 * 0.5) / 6)
    assert auc(np.array([1.0]), np.array([2.0])) == 0.0


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auc_is_the_share_of_right_comparisons(friends: list[int], others: list[int]) -> None:
    right = sum((one > other) + 0.5 * (one == other) for one in friends for other in others)
    assert auc(np.array(friends), np.array(others)) == pytest.approx(
        right / len(friends) / len(others)
    )


def test_pair_scores_are_in_the_order_of_the_pairs(closeness: Closeness) -> None:
    pairs = np.array([[2, 3], [0, 3], [2, 5]])
    assert pair_scores(closeness.popularity, pairs).tolist() == [6, 4, 0]


def test_precision_leaves_out_oneself_and_the_friends_that_are_known() -> None:
    nobody = np.empty((0, 2), dtype=np.intp)
    split = Split(symmetric(5, (0, 1)), np.array([[0, 2]]), nobody, np.array([[0, 3]]), nobody)
    # Everybody likes 0, then 1, 2, 3, 4: 0 gets 3, 4 and 3 gets 0, 1.
    scores = np.tile(np.arange(5, 0, -1, dtype=np.float32), (5, 1))
    assert precision_at(lambda rows: scores[rows].copy(), split, 1).tolist() == [1.0, 1.0]
    assert precision_at(lambda rows: scores[rows].copy(), split, 2).tolist() == [0.5, 0.5]
    assert precision_at(lambda rows: -scores[rows], split, 1).tolist() == [0.0, 0.0]


@given(st.integers(0, 50), st.sampled_from([0.1, 0.2, 0.5]))
def test_split_hides_each_friendship_once(seed: int, holdout: float) -> None:
    friends = dataset(users=30, seed=seed).friends
    split = split_friendships(friends, holdout, seed)
    everybody = {tuple(pair) for pair in np.argwhere(np.triu(friends.toarray())).tolist()}
    train = {tuple(pair) for pair in np.argwhere(np.triu(split.train.toarray())).tolist()}
    parts = [
        train,
        *({tuple(pair) for pair in each.tolist()} for each in (split.slice, split.held)),
    ]
    assert set.union(*parts) == everybody
    assert sum(map(len, parts)) == len(everybody)
    assert len(parts[2]) == round(holdout * len(everybody))
    others = [
        tuple(pair) for each in (split.held_others, split.slice_others) for pair in each.tolist()
    ]
    assert len(set(others)) == len(others) == len(parts[1]) + len(parts[2])
    assert not set(others) & everybody
    assert all(one < other for one, other in others)
    assert (split.train != split.train.T).nnz == 0


def test_same_seed_hides_the_same() -> None:
    friends = dataset(users=30).friends
    one, other, third = (split_friendships(friends, 0.2, seed) for seed in (1, 1, 2))
    assert one.held.tolist() == other.held.tolist() != third.held.tolist()
    assert one.held_others.tolist() == other.held_others.tolist()


def test_too_little_to_measure() -> None:
    with pytest.raises(InputError, match="5 friendships are too few"):
        split_friendships(FRIENDS, 0.2, 0)
    crowd = csr_array(1.0 - np.eye(20))
    with pytest.raises(InputError, match="nobody is left to compare"):
        split_friendships(crowd, 0.2, 0)


class Spy:
    """A model that keeps what it was shown; vectors that tell nothing, or none."""

    name = "spy"
    config = None
    training_loss = None

    def __init__(self, has_vectors: bool = True) -> None:
        self.vectors = None
        self.has_vectors = has_vectors

    def fit(self, data, seed=0, progress=None) -> None:
        self.data = data
        if self.has_vectors:
            self.vectors = Vectors(np.ones((len(data.users), 2), np.float32), np.ones((1, 2)))


def test_the_model_never_sees_what_is_hidden() -> None:
    data, model = dataset(users=40), Spy()
    found = evaluate(data, model, holdout=0.3, seed=4, k=3)
    split = split_friendships(data.friends, 0.3, 4)
    assert (model.data.friends != split.train).nnz == 0
    for one, other in [*split.held.tolist(), *split.slice.tolist()]:
        assert model.data.friends[one, other] == model.data.friends[other, one] == 0
    assert (model.data.plays != data.plays).nnz == 0
    frame = found.frame.set_index("method")
    assert frame.loc["similarity", "auc"] == 0.5
    assert frame["friendships"].tolist() == [len(split.held)] * 4
    assert frame["k"].tolist() == [3] * 4


def test_a_model_without_vectors_is_said() -> None:
    with pytest.raises(ModelError, match="spy has no vectors"):
        evaluate(dataset(users=40), Spy(has_vectors=False))


@pytest.mark.slow
def test_on_the_real_data_both_together_tell_more_than_either(real_data) -> None:
    data = evidence(real_data)
    found = {name: evaluate(data, create(name, {})) for name in ("collective-als", "als")}
    for each in found.values():
        frame = each.frame.set_index("method")
        assert frame["friendships"].tolist() == [2543] * 4
        suggested, rest = frame.loc["suggest-friends"], frame.drop("suggest-friends")
        assert suggested["auc"] > rest["auc"].max() + 0.02
        assert suggested["precision"] > rest["precision"].max()
        # The weight in use is as good on the slice as the best that was tried.
        assert each.slice_auc[SIMILARITY_WEIGHT] > max(each.slice_auc.values()) - 0.005
    assert SIMILARITY_WEIGHT in WEIGHTS
    page = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| ([a-z-]+) \| (0\.\d+) \| (0\.\d+) \|$", page, re.MULTILINE)
    measured = found["collective-als"].frame
    assert [name for name, *_ in told] == measured["method"].tolist()
    for column, at in (("auc", 1), ("precision", 2)):
        assert [float(row[at]) for row in told] == pytest.approx(
            measured[column].tolist(), abs=0.005
        )
