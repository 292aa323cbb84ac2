"""Maximal marginal relevance: by hand, and what always holds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from tastegraph.models.ranking.diversity import Likeness, diversified, pool_size

# Two artists of one tag, one of another, and one without tags whose vector is the second's.
TAGS = csr_array(np.array([[1.0, 0], [1, 0], [0, 1], [0, 0]]))
VECTORS = np.array([[0, 1], [2, 0], [0, 3], [1, 0]], dtype=np.float32)


def test_likeness_is_of_tags_or_else_of_vectors() -> None:
    alike = Likeness(TAGS, VECTORS)
    assert alike.to(0).tolist() == [1, 1, 0, 0]
    assert alike.to(3).tolist() == [0, 1, 0, 1]
    opposite = Likeness(TAGS[[3, 3]], np.array([[1, 0], [-1, 0]], dtype=np.float32))
    assert opposite.to(0).tolist() == [1, 0]


def test_by_hand() -> None:
    scores = np.array([5.0, 4.0, 3.0, 1.0])
    alike = Likeness(TAGS, VECTORS)
    # Relevance 1, 3/4, 1/2, 0; beside the first the second loses its likeness of 1.
    assert diversified(scores, alike, 3, 0.5).tolist() == [0, 2, 3]
    assert diversified(scores, alike, 3, 0.1).tolist() == [0, 1, 2]
    assert diversified(scores, alike, 9, 0.5).tolist() == [0, 2, 3, 1]


@given(
    scores=arrays(float, st.integers(0, 12), elements=st.floats(-2, 2)),
    k=st.integers(1, 15),
    diversity=st.floats(0, 1),
)
def test_exactly_k_each_once_the_best_first(scores: np.ndarray, k: int, diversity: float) -> None:
    scores = -np.sort(-scores)
    rng = np.random.default_rng(0)
    alike = Likeness(
        csr_array(np.zeros((len(scores), 0))), rng.normal(size=(len(scores), 3)).astype(np.float32)
    )
    chosen = diversified(scores, alike, k, diversity).tolist()
    assert len(chosen) == min(k, len(scores))
    assert len(set(chosen)) == len(chosen)
    assert not chosen or chosen[0] == 0
    assert diversified(scores, alike, k, 0.0).tolist() == list(range(len(chosen)))


def test_pools_hold_enough() -> None:
    assert pool_size(10, 17_632) == 100
    assert pool_size(20, 17_632) == 200
    assert pool_size(10, 60) == 60
