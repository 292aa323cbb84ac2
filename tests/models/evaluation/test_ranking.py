"""NDCG from scores is that of the lists, without what the user listens to."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.models.algorithms.factory import create
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.ranking import ndcg_of_scores, rank
from tastegraph.models.evaluation.split import Split, split_at_random
from tests.models.cases import dataset


def test_it_is_the_lists_ndcg() -> None:
    split = split_at_random(dataset(), 0.3, 0)
    model = create("als", {"dimensions": "2"})
    model.fit(split.data)
    expected = ndcg(rank(model, split, 3).top, split.held[split.users])
    assert expected.any()
    assert ndcg_of_scores(model.score, split, 3) == pytest.approx(expected)


def test_what_is_listened_to_and_what_is_no_number_stand_in_no_list() -> None:
    data = dataset()
    held = (data.plays.toarray() == 0).astype(float)
    first = csr_array(held * (held.cumsum(axis=1) == 1))
    split = Split(data, first)
    best = np.where(data.plays.toarray() > 0, 2.0, first.toarray())
    assert (ndcg_of_scores(lambda users: best[users], split, 1) == 1).all()
    nothing = np.full(data.plays.shape, np.nan)
    assert not ndcg_of_scores(lambda users: nothing[users], split, 3).any()
