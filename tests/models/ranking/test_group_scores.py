"""One score for several people: by hand, and what always holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tastegraph.models.ranking.group_scores import AGGREGATIONS, group_scores

# Between 0 and 1: 0, 1/4, 1 and 1, 1/2, 0.
TWO = np.array([[1.0, 2.0, 5.0], [0.3, 0.2, 0.1]])

some_scores = arrays(
    float,
    st.tuples(st.integers(1, 5), st.integers(1, 12)),
    elements=st.floats(-2, 2).map(lambda value: round(value, 3)),
)
ways = st.sampled_from(list(AGGREGATIONS))


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("mean", [1 / 2, 3 / 8, 1 / 2]),
        ("least-misery", [0, 1 / 4, 0]),
        ("most-pleasure", [1, 1 / 2, 1]),
    ],
)
def test_by_hand(aggregation: str, expected: list[float]) -> None:
    assert group_scores(TWO, aggregation).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_a_member_who_cannot_tell_artists_apart_has_no_say(aggregation: str) -> None:
    nothing = np.full((1, 3), 0.7)
    assert (
        group_scores(np.vstack([TWO, nothing]), aggregation).tolist()
        == group_scores(TWO, aggregation).tolist()
    )
    # With one left, the scores are theirs.
    assert group_scores(np.vstack([nothing, TWO[:1]]), aggregation).tolist() == TWO[0].tolist()
    assert group_scores(np.vstack([nothing, nothing]), aggregation).tolist() == [0.7] * 3


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_no_artists_have_no_scores(aggregation: str) -> None:
    assert group_scores(np.zeros((2, 0)), aggregation).shape == (0,)


@given(scores=some_scores, aggregation=ways)
def test_alone_the_scores_are_ones_own(scores: np.ndarray, aggregation: str) -> None:
    assert group_scores(scores[:1], aggregation).tolist() == scores[0].tolist()


@given(scores=some_scores, aggregation=ways, seed=st.integers(0, 99))
def test_nobody_is_louder_and_nobody_comes_first(
    scores: np.ndarray, aggregation: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    members = len(scores)
    louder = scores * 2.0 ** rng.integers(-3, 4, (members, 1)) + rng.integers(-3, 4, (members, 1))
    expected = group_scores(scores, aggregation)
    if np.count_nonzero(np.ptp(scores, axis=1)) > 1:
        assert group_scores(louder, aggregation) == pytest.approx(expected, abs=1e-9)
        assert expected.min() >= 0
        assert expected.max() <= 1
    assert group_scores(rng.permutation(scores), aggregation).tolist() == expected.tolist()


@given(scores=some_scores)
def test_the_mean_lies_between_misery_and_pleasure(scores: np.ndarray) -> None:
    mean, misery, pleasure = (
        group_scores(scores, way) for way in ("mean", "least-misery", "most-pleasure")
    )
    assert (misery <= mean + 1e-12).all()
    assert (mean <= pleasure + 1e-12).all()
