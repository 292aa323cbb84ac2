"""The best columns of each row, ties included."""

import numpy as np
from hypothesis import given
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
