"""Splits: what is held out, what is dropped with it, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.evaluation.split import split_at_random, split_by_pairs

PLAYS = np.array([[5, 3, 0, 0], [0, 2, 9, 1], [4, 0, 0, 0]], dtype=float)
# user, artist, tag rows: user 0 tagged artist 1, user 1 artists 2 and 0, user 2 artist 1.
TAGGINGS = np.array([[0, 1, 0], [0, 1, 1], [1, 2, 0], [1, 0, 1], [2, 1, 1]])


def evidence(plays=PLAYS, taggings=TAGGINGS, ids=(10, 20, 30)):
    users, artists = plays.shape
    counts = np.zeros((artists, 2))
    np.add.at(counts, (taggings[:, 1], taggings[:, 2]), 1)
    return Dataset(
        IdMap.of(ids),
        IdMap.of(range(100, 100 + artists)),
        IdMap.of(["a", "b"]),
        csr_array(plays),
        csr_array((users, users)),
        csr_array(counts),
        taggings,
    )


def pairs(rows, columns=("user", "artist", "plays")):
    return pd.DataFrame(rows, columns=list(columns)).astype({"user": str, "artist": str})


TRAIN = pairs([(10, 100, 5), (20, 102, 9), (20, 103, 1), (30, 100, 4)])
TEST = pairs([(10, 101), (20, 101)], ("user", "artist"))


def test_files_say_what_is_learned_and_what_is_held():
    split = split_by_pairs(evidence(), TRAIN, TEST)
    assert split.data.plays.toarray().tolist() == [[5, 0, 0, 0], [0, 0, 9, 1], [4, 0, 0, 0]]
    assert split.held.toarray().tolist() == [[0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert split.users.tolist() == [0, 1]
    assert split.data.listeners.tolist() == [2, 0, 1, 1]


def test_tags_of_held_out_pairs_are_dropped_and_counted():
    split = split_by_pairs(evidence(), TRAIN, TEST)
    # Both tags that user 10 gave artist 101 go; that of user 30, who is not tested on it, stays.
    assert split.data.tag_counts.toarray().tolist() == [[0, 1], [0, 1], [1, 0], [0, 0]]
    assert any(note.startswith("2 of 5 tag assignments") for note in split.notes)


def test_a_pair_on_both_sides_is_refused():
    with pytest.raises(InputError, match="share 1 pairs"):
        split_by_pairs(evidence(), TRAIN, pairs([(10, 100), (20, 101)], ("user", "artist")))


def test_what_is_not_in_the_graph_is_counted():
    train = pd.concat([TRAIN, pairs([(99, 100, 1)])])
    test = pd.concat([TEST, pairs([(10, 777), (88, 101)], ("user", "artist"))])
    split = split_by_pairs(evidence(), train, test)
    assert split.notes[:2] == [
        "1 training pairs name users or artists that are not in the graph: left out",
        "2 test pairs name users or artists that are not in the graph: left out",
    ]
    assert split.held.nnz == 2


def test_users_without_a_training_listen_are_counted():
    split = split_by_pairs(evidence(), TRAIN[TRAIN.user != "20"], TEST)
    assert split.users.tolist() == [0]
    assert "1 test pairs are of users without a training listen: left out" in split.notes


@pytest.mark.parametrize(
    ("train", "test", "which"),
    [
        (pairs([(9, 9, 1)]), TEST, "train"),
        (TRAIN, pairs([(9, 9)], ("user", "artist")), "test"),
    ],
)
def test_files_of_other_data_are_refused(train, test, which):
    with pytest.raises(InputError, match=f"no pair of {which} is left"):
        split_by_pairs(evidence(), train, test)


@settings(max_examples=50)
@given(st.integers(0, 999), st.sampled_from([0.1, 0.3, 0.6, 0.9]), st.integers(0, 99))
def test_a_random_split_divides_the_listens(shape, share, seed):
    rng = np.random.default_rng(shape)
    plays = np.where(rng.random((6, 9)) < 0.6, rng.integers(1, 50, (6, 9)), 0).astype(float)
    plays[0, :] = 0
    plays[1, :3] = 7
    whole = evidence(plays, ids=range(6))
    split = split_at_random(whole, share, seed)
    learned, held = split.data.plays.toarray(), split.held.toarray()
    assert not (learned * held).any()
    np.testing.assert_array_equal(learned + plays * held, plays)
    assert ((learned > 0).any(axis=1) == (plays > 0).any(axis=1)).all()
    assert 0 < held.sum() <= round(share * np.count_nonzero(plays))
    again = split_at_random(whole, share, seed)
    np.testing.assert_array_equal(again.held.toarray(), held)


def test_a_share_that_holds_nothing_out_is_refused():
    with pytest.raises(InputError, match="holds out none"):
        split_at_random(evidence(np.diag([1.0, 2, 3])[:, :3], TAGGINGS[:0]), 0.9, 0)


def test_what_is_learned_keeps_its_times():
    data = replace(evidence(), heard=np.array([1.0, 2, 3, 4, 5, 6]))
    assert split_by_pairs(data, TRAIN, TEST).data.heard.tolist() == [1, 4, 5, 6]
    # A pair that is no listen of the graph has no time.
    more = pd.concat([TRAIN, pairs([(30, 103, 1)])])
    heard = split_by_pairs(data, more, TEST).data.heard.tolist()
    assert heard[:4] == [1, 4, 5, 6]
    assert np.isnan(heard[4])
    drawn = split_at_random(data, 0.4, 1)
    seen = dict(zip(zip(*data.plays.nonzero(), strict=True), data.heard, strict=True))
    learned = zip(*drawn.data.plays.nonzero(), strict=True)
    assert [seen[pair] for pair in learned] == drawn.data.heard.tolist()
    assert drawn.fingerprint != split_at_random(evidence(), 0.4, 1).fingerprint
