"""Baselines on the public split: each gives the figure that is known of it, or a better one."""

import numpy as np
import pytest

from bench.public_split import figures, public_split
from tastegraph.models.algorithms.factory import create


@pytest.fixture(scope="module")
def split(real_data):
    split = public_split(real_data)
    return split.data, split.held


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "settings", "low", "high"),
    [
        # Known as 0.0829: artists of as many listeners stand at the edge of the lists.
        ("popularity", {}, 0.082, 0.084),
        ("random", {}, 0.0, 0.002),
        # Known as 0.142, for shares of the plays of each friend's favourite.
        ("friends", {"scaling": "user-max"}, 0.141, 0.143),
        ("friends", {}, 0.160, 0.162),
        ("tags", {}, 0.075, 0.077),
        # Known as 0.234.
        ("item-knn", {"scaling": "binary", "neighbours": "100", "shrinkage": "10"}, 0.231, 0.236),
        ("item-knn", {}, 0.242, 0.244),
        # Known as 0.2476.
        ("ease", {"scaling": "binary", "reg": "100"}, 0.247, 0.249),
        ("ease", {}, 0.252, 0.255),
    ],
    ids=str,
)
def test_ndcg_is_the_known_one(split, name, settings, low, high):
    data, held = split
    model = create(name, settings)
    model.fit(data)
    assert low <= figures(model.score(np.arange(len(data.users))), data, held)["NDCG"] <= high
