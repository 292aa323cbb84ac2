"""Hashes of what a training learned."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.training_hash import newcomer_hash, training_hashes
from tests.models.cases import dataset


def test_ids_that_become_text_are_the_same_ids() -> None:
    assert newcomer_hash([2, 10, -3], [7]) == newcomer_hash(["2", "10", "-3"], ["7"])
    assert newcomer_hash([7], []) != newcomer_hash(["007"], [])
    assert newcomer_hash(["me"], []) != newcomer_hash(["you"], [])
    assert len(IdMap.of([])) == 0
    assert newcomer_hash([], []) == 0


def test_times_count_where_they_were_read() -> None:
    data = dataset(users=4, artists=5, tags=2)
    users, artists = training_hashes(data)
    untimed = replace(data, heard=np.full(data.plays.nnz, np.nan))
    for found, expected in zip(training_hashes(untimed), (users, artists), strict=True):
        assert found.tolist() == expected.tolist()
    heard = untimed.heard.copy()
    heard[0] = 1e9
    row, column = data.plays.tocoo().coords[0][0], data.plays.indices[0]
    now_users, now_artists = training_hashes(replace(data, heard=heard))
    assert np.flatnonzero(now_users != users).tolist() == [row]
    assert np.flatnonzero(now_artists != artists).tolist() == [column]


def test_a_newcomer_is_a_user_whose_listens_have_no_time() -> None:
    data = dataset(users=1, artists=5, tags=2)
    data = replace(data, plays=csr_array(np.array([[1.0, 0, 1, 0, 0]])), heard=np.full(2, np.nan))
    assert training_hashes(data)[0].tolist() == [newcomer_hash([0, 2], [])]
