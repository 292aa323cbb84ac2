"""Splits by time: nobody's future is learned."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.evaluation.split_by_time import split_by_time

NO = np.nan


def dataset(times, taggings=(), tagged_on=()):
    """Users' listens at ``times`` (users, artists), inf where there is none."""
    times = np.array(times, dtype=float)
    plays = csr_array(np.where(np.isinf(times), 0.0, 1.0))
    users, artists = times.shape
    taggings = np.array(taggings, dtype=np.intp).reshape(-1, 3)
    counts = np.zeros((artists, 1))
    np.add.at(counts, (taggings[:, 1], taggings[:, 2]), 1)
    return replace(
        Dataset(
            IdMap.of(range(users)),
            IdMap.of(range(artists)),
            IdMap.of(["rock"]),
            plays,
            csr_array((users, users)),
            csr_array(counts),
            taggings,
        ),
        heard=times[~np.isinf(times)],
        tagged_on=np.array(tagged_on, dtype=float),
    )


def held(split):
    return [row.nonzero()[0].tolist() for row in split.held.toarray()]


def learned(split):
    return [row.nonzero()[0].tolist() for row in split.data.plays.toarray()]


def test_the_latest_are_held_out():
    split = split_by_time(dataset([[5, 4, 3, 2, 1], [10, 30, 20, np.inf, np.inf]]), 0.4)
    assert held(split) == [[0, 1], [1]]
    assert learned(split) == [[2, 3, 4], [0, 2]]
    assert split.notes == []
    assert split.data.heard.tolist() == [3, 2, 1, 10, 20]


def test_one_at_least_is_held_out_and_one_is_learned():
    few = dataset([[1, 2, np.inf], [1, 2, 3]])
    assert held(split_by_time(few, 0.01)) == [[1], [2]]
    assert learned(split_by_time(few, 0.99)) == [[0], [0]]


def test_listens_of_one_time_stay_together():
    # Two of four are wanted, and the two latest share their time with a third.
    assert held(split_by_time(dataset([[1, 7, 7, 7]]), 0.5)) == [[1, 2, 3]]
    assert held(split_by_time(dataset([[1, 7, 7, 9]]), 0.5)) == [[3]]


def test_users_of_one_time_or_none_learn_and_are_not_tested():
    split = split_by_time(dataset([[1, 2], [5, 5], [NO, NO], [NO, 5]]), 0.5)
    assert held(split) == [[1], [], [], []]
    assert learned(split) == [[0], [0, 1], [0, 1], [0, 1]]
    assert split.users.tolist() == [0]
    assert split.notes == [
        "2 users have listens of one time alone: not tested",
        "1 users have listens without a time: not tested",
    ]


def test_listens_without_a_time_of_who_is_tested_are_left_out():
    split = split_by_time(dataset([[1, 2, NO]]), 0.5)
    assert (held(split), learned(split)) == ([[1]], [[0]])
    assert split.notes == ["1 listens of tested users have no time: left out on both sides"]


def test_tags_of_the_future_are_dropped():
    taggings = [(0, 0, 0), (0, 1, 0), (0, 2, 0), (0, 3, 0), (1, 3, 0)]
    given_on = [15, 5, 15, 25, 99]
    data = dataset([[10, 20, np.inf, np.inf], [7, np.inf, np.inf, np.inf]], taggings, given_on)
    split = split_by_time(data, 0.5)
    # User 0 learns until 10: artist 1 is held out, the other tags came later. User 1 has no cut.
    assert split.data.taggings.tolist() == [[1, 3, 0]]
    assert split.data.tag_counts.toarray().ravel().tolist() == [0, 0, 0, 1]
    early = replace(data, tagged_on=np.array([9.0, 5, NO, 25, 99]))
    assert split_by_time(early, 0.5).data.taggings.tolist() == [[0, 0, 0], [0, 2, 0], [1, 3, 0]]


def test_graphs_without_times_are_refused():
    with pytest.raises(InputError, match="no listen in the graph has a time"):
        split_by_time(dataset([[NO, NO]]), 0.5)
    with pytest.raises(InputError, match="nobody has listens of two different times"):
        split_by_time(dataset([[1, 1], [NO, 3]]), 0.5)


TIMES = st.sampled_from([np.inf, NO, *map(float, range(6))])


@given(
    st.lists(st.lists(TIMES, min_size=6, max_size=6), min_size=1, max_size=5),
    st.floats(0.01, 0.99),
)
def test_nothing_that_is_learned_is_later_than_what_is_held_out(times, share):
    data = dataset(times)
    try:
        split = split_by_time(data, share)
    except InputError:
        for row in times:
            known = {time for time in row if np.isfinite(time)}
            assert len(known) < 2
        return
    for user, row in enumerate(times):
        later, before = held(split)[user], learned(split)[user]
        assert not set(later) & set(before)
        if later:
            assert before
            assert max(row[at] for at in before) < min(row[at] for at in later)
