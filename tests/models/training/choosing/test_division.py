"""Two slices: nobody in both, nobody without a listen left, no tag that tells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.errors import InputError
from tastegraph.models.training.choosing.division import divide, few
from tests.models.training.choosing.worlds import graph, noise


@given(st.integers(0, 99), st.sampled_from([0.05, 0.2, 0.7]), st.sampled_from([5, 40]))
def test_slices_and_training_part_are_the_listens(seed, share, most):
    plays = noise(30, 20, share, seed) * 7
    plays[0, :2] = 7
    data = graph(plays)
    division = divide(data, seed, most)
    chosen, reported = division.choosing, division.reported
    assert not set(chosen.users) & set(reported.users)
    assert 1 <= len(chosen.users) + len(reported.users) <= most
    assert chosen.data is reported.data
    together = 7 * (chosen.held + reported.held) + chosen.data.plays
    assert np.array_equal(together.toarray(), plays)
    left = np.diff(chosen.data.plays.indptr)
    assert (left[np.flatnonzero(plays.any(axis=1))] > 0).all()


def test_tags_of_held_out_listens_are_gone():
    plays = noise(40, 15, 0.5, 1)
    users, artists = np.nonzero(plays)
    taggings = np.column_stack([users, artists, np.zeros(len(users), dtype=np.intp)])
    division = divide(graph(plays, taggings=taggings, tags=1), 0)
    held = division.choosing.held + division.reported.held
    seen = division.choosing.data
    assert held.nnz
    assert not held.toarray()[seen.taggings[:, 0], seen.taggings[:, 1]].any()
    assert seen.tag_counts.sum() == len(taggings) - held.nnz


def test_a_listen_without_plays_is_never_held_out():
    data = graph(noise(30, 20, 0.4))
    data.plays.data[::2] = 0
    division = divide(data, 0)
    held = (division.choosing.held + division.reported.held).toarray() > 0
    assert held.any()
    assert (data.plays.toarray()[held] > 0).all()


def test_nobody_with_two_listens_is_said():
    with pytest.raises(InputError, match="nobody listens to two artists"):
        divide(graph(np.eye(12)), 0)


def test_the_seed_decides():
    data = graph(noise(50, 30, 0.3))
    first, again, other = (divide(data, seed).choosing.fingerprint for seed in (1, 1, 2))
    assert first == again != other


def test_few_are_the_first_users_of_whom_so_many_listens_are_held_out():
    choosing = divide(graph(noise(60, 30, 0.4)), 0).choosing
    some = few(choosing, 20)
    assert list(some.users) == list(choosing.users[: len(some.users)])
    assert some.held.nnz >= 20 > few(choosing, 20).held[some.users[:-1]].nnz
    assert few(choosing, 10**6).held.nnz == choosing.held.nnz
