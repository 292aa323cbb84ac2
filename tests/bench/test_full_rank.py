"""What a full-rank model would add to the factorisation that was chosen."""

import numpy as np
import pytest

from bench.full_rank import beside_the_factorisation
from bench.peers import listens_alone
from tastegraph.models.evaluation.split import Split, split_at_random
from tastegraph.models.ranking.weights import EMBEDDING_ALONE
from tastegraph.models.training.choosing.choice import SettingsChoice
from tastegraph.models.training.learn_weights import Blend
from tests.models.cases import dataset

ALS = SettingsChoice(
    "als", {"reg": 0.07, "unobserved": 0.06, "dimensions": 4}, Blend(EMBEDDING_ALONE)
)


def splits() -> tuple[Split, Split]:
    """Listens of 80 users and 30 artists: a test, and a slice of its training part."""
    test = listens_alone(split_at_random(dataset(users=80), 0.2, 0))
    return test, split_at_random(test.data, 0.2, 1)


def test_all_columns_and_all_rows_give_the_same_model() -> None:
    test, slice_ = splits()
    columns, whole = beside_the_factorisation(test, slice_, ALS, most=len(test.data.artists))
    assert len(test.data.artists) < len(test.data.users)
    assert columns.settings == whole.settings
    assert columns.by_user == pytest.approx(whole.by_user, abs=1e-6)
    assert np.mean(whole.by_user) > 0


def test_fewer_columns_know_less() -> None:
    test, slice_ = splits()
    columns, whole = beside_the_factorisation(test, slice_, ALS, most=3)
    assert "3 heaviest columns" in columns.name
    assert not np.array_equal(columns.by_user, whole.by_user)
