"""NDCG by ranks is that of the sorted lists, ties and all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.models.evaluation.held_out_ranks import ndcg_by_ranks
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.split import Split
from tastegraph.models.ranking.top_k import top_rows
from tests.models.cases import dataset


@given(st.integers(0, 999), st.sampled_from([1, 3, 10, 30]), st.sampled_from([2, 100]))
def test_it_is_what_the_lists_give(seed, k, levels):
    data = dataset(seed=seed)
    rng = np.random.default_rng(seed)
    held = (rng.random(data.plays.shape) < 0.2) & (data.plays.toarray() == 0)
    split = Split(data, csr_array(held.astype(float)))
    scores = rng.integers(levels, size=data.plays.shape).astype(np.float32)
    ranked = np.where(data.plays.toarray() > 0, -np.inf, scores)
    expected = ndcg(top_rows(ranked[split.users], k), split.held[split.users])
    assert ndcg_by_ranks(lambda users: scores[users], split, k) == pytest.approx(expected)


def test_what_is_no_number_is_behind_all_others():
    data = dataset()
    held = (data.plays.toarray() == 0).astype(float)
    split = Split(data, csr_array(held * (held.cumsum(axis=1) == 1)))
    nothing = np.full(data.plays.shape, np.nan, dtype=np.float32)
    assert not ndcg_by_ranks(lambda users: nothing[users], split, 3).any()
