"""The best columns of each row, ties included."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tastegraph.models.ranking.top_k import top_rows

# Few distinct values, so that ties are the rule.
SCORES = hnp.arrays(
    np.float32,
    st.tuples(st.integers(0, 6), st.integers(1, 12)),
    elements=st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 2.0]),
)


@given(SCORES, st.integers(1, 15))
def test_equals_a_full_sort_by_score_and_column(scores: np.ndarray, k: int) -> None:
    expected = np.full((len(scores), k), -1)
    for row, values in enumerate(scores):
        ranked = sorted(np.flatnonzero(values > -np.inf), key=lambda at: (-values[at], at))[:k]
        expected[row, : len(ranked)] = ranked
    assert top_rows(scores, k).tolist() == expected.tolist()


def test_ties_across_the_cut_go_to_the_smaller_column() -> None:
    scores = np.array([[1, 2, 1, 1, 2, 1]], dtype=np.float32)
    assert top_rows(scores, 4).tolist() == [[1, 4, 0, 2]]


@given(
    st.integers(0, 999),
    st.sampled_from([1, 511, 512, 1_025, 5_000]),
    st.sampled_from([1, 10, 300]),
    st.sampled_from([2, 50, 1_000_000]),
    st.sampled_from([0.0, 0.01, 0.999, 1.0]),
)
@settings(max_examples=60, deadline=None)
def test_many_columns_are_sorted_as_few(
    seed: int, columns: int, k: int, levels: int, missing: float
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(levels, size=(3, columns)).astype(np.float32)
    scores[rng.random(scores.shape) < missing] = -np.inf
    scores[rng.random(scores.shape) < missing / 2] = np.nan
    behind = np.where(scores > -np.inf, scores, -np.inf)
    expected = np.full((3, k), -1)
    ranked = np.lexsort((np.broadcast_to(np.arange(columns), behind.shape), -behind), axis=1)[:, :k]
    left = np.take_along_axis(behind, ranked, axis=1) > -np.inf
    expected[:, : ranked.shape[1]] = np.where(left, ranked, -1)
    assert top_rows(scores, k).tolist() == expected.tolist()


def test_more_scores_than_are_looked_at_together_give_the_same() -> None:
    scores = np.random.default_rng(0).standard_normal((300, 7_001)).astype(np.float32)
    one_by_one = np.concatenate([top_rows(scores[at : at + 1], 7) for at in range(300)])
    assert (top_rows(scores, 7) == one_by_one).all()
