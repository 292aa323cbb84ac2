"""Peers are drawn alike every time, tuned on the slice alone, and set beside our default."""

import numpy as np
import pytest

from bench.peer_tables import peer_table
from bench.peers import PEERS, Peer, Tuned, drawn, ease, tuned
from tastegraph.models.data.search_space import Range
from tastegraph.models.evaluation.split import split_at_random
from tests.models.cases import dataset


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_settings_are_drawn_from_the_space(peer: Peer) -> None:
    settings = drawn(peer, 12, 0)
    assert len(settings) == 12
    assert settings[0] == peer.first
    assert settings == drawn(peer, 12, 0)
    for each in settings[1:]:
        assert all(peer.space[name].low <= each[name] <= peer.space[name].high for name in each)


def test_the_best_on_the_slice_is_fitted_to_the_test() -> None:
    test = split_at_random(dataset(users=40), 0.2, 0)
    slice_ = split_at_random(test.data, 0.2, 1)
    seen = []

    def fit(data, settings):
        seen.append((data, dict(settings)))
        held = slice_.held.toarray()
        return lambda users: (settings["x"] * held[users]).astype(np.float32)

    found = tuned(Peer("one", fit, {"x": Range(1.0, 3.0, log=True)}, {"x": -1.0}), slice_, test, 4)
    assert all(data is slice_.data for data, _ in seen[:-1])
    assert seen[-1][0] is test.data
    assert found.settings["x"] > 0
    assert len(found.by_user) == len(test.users)


def test_ease_is_the_inverse_of_the_gram_matrix() -> None:
    split = split_at_random(dataset(users=25), 0.2, 0)
    binary = (split.data.plays.toarray() > 0).astype(float)
    inverse = np.linalg.inv(binary.T @ binary + 5.0 * np.eye(binary.shape[1]))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    rows = np.arange(25)
    assert ease(split.data, {"reg": 5.0})(rows) == pytest.approx(binary @ weights, abs=1e-4)


def test_the_table_has_the_best_first_and_p_against_ours() -> None:
    rng = np.random.default_rng(0)
    ours, other = rng.random(200) + 0.1, rng.random(200)
    text = peer_table([Tuned("ours", {}, ours), Tuned("other", {"reg": 2.0}, other)])
    lines = text.splitlines()
    assert lines[2].startswith("| ours |")
    assert lines[2].count("|") == lines[3].count("|") == 6
    assert "reg=2" in lines[3]
