"""Listens weigh less with time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.algorithms.bpr import BprConfig
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.recency import Decay
from tastegraph.models.data.scalings import ListenConfig
from tests.models.cases import dataset
from tests.models.drift import DAY, listens_over_time

NEWEST = 1_000 * DAY
DECAY = Decay(30, NEWEST)


def test_weights_halve_with_every_half_life() -> None:
    heard = NEWEST - np.array([0, 15, 30, 90, 30_000]) * DAY
    expected = [1, 0.5**0.5, 0.5, 0.125, 0.5**1_000]
    assert DECAY.factors(heard).tolist() == pytest.approx(expected)


def test_what_is_newer_or_of_no_time_weighs_one() -> None:
    assert DECAY.factors(np.array([NEWEST + DAY, np.nan])).tolist() == [1, 1]


@given(st.floats(5e-324, 1e6), st.lists(st.floats(0, 4e9), min_size=2))
def test_weights_are_shares_that_fall_with_age(half_life: float, heard: list[float]) -> None:
    factors = Decay(half_life, max(heard)).factors(np.sort(heard))
    assert factors[-1] == 1
    assert factors.min() >= 0
    assert (np.diff(factors) >= 0).all()


def test_listens_are_scaled_first_and_then_weigh_less() -> None:
    data = replace(
        dataset(2, 3),
        plays=csr_array(np.array([[10.0, 0, 5000], [20, 30, 0]])),
        heard=NEWEST - np.array([30, 0, np.nan, 60]) * DAY,
    )
    config = ListenConfig(scaling="user-max", half_life=30)
    assert config.values(data).toarray().tolist() == [[0.001, 0, 1], [20 / 30, 0.25, 0]]
    # What the cut takes away takes its time along.
    cut = replace(config, cut=99)
    assert cut.values(data).toarray().tolist() == [[0.5, 0, 0], [20 / 30, 0.25, 0]]


def test_without_a_half_life_times_change_nothing() -> None:
    data = listens_over_time(8, drift=True, seed=0)
    config = ListenConfig()
    expected = config.weights(replace(data, heard=np.empty(0)))
    assert (config.weights(data) != expected).nnz == 0


@pytest.mark.parametrize("heard", [np.empty(0), np.full(256, np.nan)])
def test_without_any_time_a_half_life_is_refused(heard: np.ndarray) -> None:
    data = replace(listens_over_time(8, drift=True, seed=0), heard=heard)
    with pytest.raises(InputError, match="no listen has a time"):
        create("popularity", {"half_life": "30"}).fit(data)


def test_listens_without_a_time_are_counted() -> None:
    data = listens_over_time(8, drift=True, seed=0)
    data.heard[:3] = np.nan
    for name in ("popularity", "als", "hybrid"):
        model = create(name, {"half_life": "30"})
        model.fit(data)
        assert "3 of 256 listens have no time: they weigh as new ones" in model.notes
        model.fit(data)
        assert sum("no time" in note for note in model.notes) == 1


def test_what_sees_no_weights_takes_no_half_life() -> None:
    with pytest.raises(InputError, match="bpr sees whether an artist is heard, not when"):
        BprConfig(half_life=30)


@pytest.mark.parametrize("half_life", [-1.0, float("nan"), float("inf")])
def test_what_is_no_half_life_is_refused(half_life: float) -> None:
    with pytest.raises(InputError, match="half_life must be 0 or more"):
        ListenConfig(half_life=half_life)
