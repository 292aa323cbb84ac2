"""Each measure by hand, and beside scikit-learn on random lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.metrics import (
    average_precision_score,
    label_ranking_average_precision_score,
    ndcg_score,
    precision_score,
    recall_score,
)
from sklearn.metrics.pairwise import cosine_similarity

from tastegraph.models.evaluation.metrics import (
    ACCURACY,
    average_precision,
    coverage,
    diversity,
    ndcg,
    novelty,
    precision,
    recall,
    reciprocal_rank,
)

TOP = np.array([[4, 0, 2], [1, 3, -1], [0, 1, 2]])
HELD = csr_array(np.array([[0, 1, 1, 1, 1], [0, 1, 0, 0, 0], [0, 0, 0, 1, 0]], dtype=np.float32))


def test_precision_is_hits_over_k():
    assert precision(TOP, HELD) == pytest.approx([2 / 3, 1 / 3, 0])


def test_recall_is_hits_over_held_out_listens():
    assert recall(TOP, HELD) == pytest.approx([2 / 4, 1, 0])


def test_ndcg_discounts_by_rank_and_by_what_was_possible():
    second, third = 1 / np.log2(3), 1 / np.log2(4)
    assert ndcg(TOP, HELD) == pytest.approx([(1 + third) / (1 + second + third), 1, 0])


def test_average_precision_takes_the_precision_at_each_hit():
    assert average_precision(TOP, HELD) == pytest.approx([(1 + 2 / 3) / 3, 1, 0])


def test_reciprocal_rank_is_that_of_the_first_hit():
    later = np.array([[0, 2, 4], [3, 1, 0], [0, 1, 2]])
    assert reciprocal_rank(later, HELD) == pytest.approx([1 / 2, 1 / 2, 0])


def test_padding_is_never_a_hit():
    held = csr_array(np.array([[0, 0, 1]], dtype=np.float32))
    assert precision(np.array([[-1, -1]]), held).tolist() == [0]


def test_nobody_to_test_gives_no_value():
    empty = csr_array((0, 5), dtype=np.float32)
    assert [len(of(TOP[:0], empty)) for of in ACCURACY.values()] == [0] * 5


def test_coverage_counts_each_artist_once():
    assert coverage(TOP, 10) == pytest.approx(5 / 10)


def test_novelty_is_the_surprise_of_meeting_a_listener():
    listeners = np.array([8.0, 4, 2, 1, 0])
    expected = [(3 + 0 + 2) / 3, (1 + 3) / 2, (0 + 1 + 2) / 3]
    assert novelty(TOP, listeners, 8) == pytest.approx(expected)


def test_an_empty_list_is_neither_novel_nor_diverse():
    nothing = np.array([[-1, -1]])
    assert np.isnan(novelty(nothing, np.ones(3), 3)).all()
    assert np.isnan(diversity(nothing, csr_array(np.eye(3)))).all()


def test_diversity_is_what_pairs_do_not_share():
    half = np.sqrt(0.5)
    tags = csr_array(np.array([[1, 0], [half, half], [0, 1], [0, 0], [1, 0]]))
    # Cosines: 0 and 4 are alike, 0 and 2 have nothing in common, 3 has no tags.
    assert diversity(TOP, tags) == pytest.approx([1 - 1 / 3, 1.0, 1 - (half + half) / 3])


@st.composite
def lists(draw):
    users, artists = draw(st.integers(1, 6)), draw(st.integers(2, 25))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    held = rng.random((users, artists)) < draw(st.sampled_from([0.1, 0.5]))
    held[np.arange(users), rng.integers(artists, size=users)] = True
    order = np.argsort(rng.random((users, artists)), axis=1)
    return order, held, draw(st.integers(1, artists))


@settings(max_examples=60)
@given(lists())
def test_agrees_with_scikit_learn(case):
    order, held, k = case
    top, matrix = order[:, :k], csr_array(held.astype(float))
    found = {name: of(top, matrix) for name, of in ACCURACY.items()}
    for user, (ranking, wanted) in enumerate(zip(order, held, strict=True)):
        listed = np.isin(np.arange(len(wanted)), ranking[:k])
        scores = np.empty(len(wanted))
        scores[ranking] = np.arange(len(wanted), 0, -1)
        hits = wanted[ranking[:k]]
        among = average_precision_score(hits, scores[ranking[:k]]) if hits.any() else 0.0
        first = np.zeros(len(wanted), dtype=bool)
        first[ranking[:k][hits][:1]] = True
        expected = {
            "precision": precision_score(wanted, listed, zero_division=0),
            "recall": recall_score(wanted, listed),
            "ndcg": ndcg_score([wanted], [scores], k=k),
            "map": among * hits.sum() / min(k, wanted.sum()),
            "mrr": label_ranking_average_precision_score([first], [scores]) if hits.any() else 0.0,
        }
        for name, value in expected.items():
            assert found[name][user] == pytest.approx(value, abs=1e-9), name


@settings(max_examples=30)
@given(lists())
def test_diversity_agrees_with_scikit_learn(case):
    order, held, k = case
    k = max(k, 2)
    tags = held.T / np.maximum(np.linalg.norm(held.T, axis=1, keepdims=True), 1e-12)
    found = diversity(order[:, :k], csr_array(tags))
    for value, ranking in zip(found, order[:, :k], strict=True):
        pairs = np.triu_indices(k, 1)
        expected = 1 - cosine_similarity(tags[ranking])[pairs].mean()
        assert value == pytest.approx(expected, abs=1e-9)
