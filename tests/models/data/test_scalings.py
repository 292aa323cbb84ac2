"""Scalings of plays, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.data.scalings import CAP, SCALINGS, ListenConfig, cut, scaled
from tests.models.cases import dataset

PLAYS = csr_array(np.array([[10.0, 0, 30], [0, 5000, 0], [20, 40, 0]]))


def values(name):
    return scaled(PLAYS, name).data.tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("binary", [1, 1, 1, 1, 1]),
        ("max", [0.002, 0.006, 1, 0.004, 0.008]),
        ("user-max", [1 / 3, 1, 1, 0.5, 1]),
        ("min-max", [0, 20 / 4990, 1, 10 / 4990, 30 / 4990]),
        # Quartiles of 10, 20, 30, 40, 5000 are 20, 30, 40.
        ("robust", [-1, 0, 248.5, -0.5, 0.5]),
        ("cap", [10, 30, CAP, 20, 40]),
    ],
)
def test_by_hand(name, expected):
    assert values(name) == pytest.approx(expected)


def test_the_average_listen_of_a_user_weighs_one():
    weights = scaled(PLAYS, "log-user-mean")
    assert weights.toarray().sum(axis=1) == pytest.approx([2, 1, 2])
    assert weights[0, 2] / weights[0, 0] == pytest.approx(np.log(31) / np.log(11))


@given(st.sampled_from(list(SCALINGS)), st.lists(st.integers(0, 10**6), max_size=6))
def test_every_scaling_keeps_the_entries_and_gives_numbers(name, plays):
    rows = np.arange(len(plays)) % 2
    matrix = csr_array((np.array(plays, float), (rows, np.arange(len(plays)))), shape=(3, 6))
    found = scaled(matrix, name)
    assert np.isfinite(found.data).all()
    np.testing.assert_array_equal(found.indices, matrix.indices)
    np.testing.assert_array_equal(found.indptr, matrix.indptr)


def test_the_cut_leaves_out_what_is_above_the_percentile():
    assert cut(PLAYS, 99).toarray().tolist() == [[10, 0, 30], [0, 0, 0], [20, 40, 0]]
    assert cut(PLAYS, 100) is PLAYS


def test_unknown_scalings_and_percentiles_are_refused():
    with pytest.raises(InputError, match="did you mean 'binary'"):
        ListenConfig(scaling="binery")
    with pytest.raises(InputError, match="cut"):
        ListenConfig(cut=0)


def test_negative_weights_are_no_confidence():
    data = replace(dataset(*PLAYS.shape), plays=PLAYS)
    with pytest.raises(InputError, match="'robust' gives some a weight below 0"):
        ListenConfig(scaling="robust").weights(data)
    assert ListenConfig(scaling="robust").values(data).data.min() == -1
