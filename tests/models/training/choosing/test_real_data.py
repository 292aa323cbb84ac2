"""What the default reaches on real data by the settings that it chooses itself."""

from pathlib import Path

import numpy as np
import pytest

from bench.peer_tables import by_default, yelp
from bench.peers import PEERS, listens_alone
from bench.public_split import evidence, public_split
from tastegraph.models.evaluation.ranking import ndcg_of_scores
from tastegraph.models.evaluation.split import split_at_random

LEAST = 0.288
"""NDCG@10 on the public split of HetRec 2011 Last.fm, by which nothing may be lost."""


@pytest.mark.slow
def test_nothing_is_lost_on_the_public_split(real_data: Path) -> None:
    found, _ = by_default(public_split(real_data))
    assert found.by_user.mean() >= LEAST


@pytest.mark.slow
def test_nothing_is_lost_on_another_split(real_data: Path) -> None:
    found, _ = by_default(split_at_random(evidence(real_data), 0.2, 12))
    assert found.by_user.mean() >= 0.281


@pytest.mark.slow
def test_yelp_is_ranked_better_than_by_listens_alone(real_data: Path) -> None:
    if not (real_data / "yelp-diffnet").is_dir():
        pytest.skip("the Yelp data is not beside the repository")
    split = yelp(real_data)
    found, _ = by_default(split)
    implicit = next(peer for peer in PEERS if "implicit" in peer.name)
    settings = {"factors": 64, "alpha": 20.0, "regularization": 0.01}
    score = implicit.fit(listens_alone(split).data, settings)
    theirs = ndcg_of_scores(score, split, 10)
    assert np.mean(found.by_user) >= 1.05 * np.mean(theirs)
