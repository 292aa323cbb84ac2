"""Values of somebody else's properties, of whatever type they are."""

import numpy as np
import pandas as pd
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.readers.mapped_values import IdValues, counted, seconds, texts


def test_whole_numbers_stay_numbers() -> None:
    ids = IdValues("user")
    assert ids.read([3, 2**62, -1]) == [3, 2**62, -1]
    # As floating point writes them.
    assert ids.read([4.0, 3]) == [4, 3]
    assert not ids.are_text
    assert ids.settled(pd.Series([3, 4], dtype=object)).tolist() == [3, 4]


def test_text_makes_all_of_a_kind_text() -> None:
    ids = IdValues("user")
    assert ids.read([3, " Zoë ", None, "", "Zoe\u0308"]) == [3, "Zoë", "", "", "Zoë"]
    assert ids.are_text
    assert ids.settled(pd.Series([3, "Zoë", ""], dtype=object)).tolist() == ["3", "Zoë", ""]


def test_missing_ids_leave_numbers_numbers() -> None:
    ids = IdValues("user")
    ids.read([3, None])
    assert not ids.are_text
    assert ids.settled(pd.Series([3, ""], dtype=object)).tolist() == ["3", ""]


@pytest.mark.parametrize("value", [True, 1.5, float("nan"), 2.0**60, [1], b"x"])
def test_what_is_no_id_is_refused(value: object) -> None:
    with pytest.raises(InputError, match="user are to be whole numbers or text"):
        IdValues("user").read([1, value])


def test_an_id_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="1,001 letters"):
        IdValues("user").read(["x" * 1001])


def test_plays() -> None:
    found = counted([3, None, 0, 4.2, "7", "many", -1, float("inf"), 10**9])
    expected = [3, 1, 0, 5, 7, np.nan, np.nan, np.nan, np.nan]
    assert np.array_equal(found, np.array(expected, dtype=float), equal_nan=True)


def test_names() -> None:
    assert texts([" a ", 3, None, "", True]) == ["a", "3", None, None, "True"]
    with pytest.raises(InputError, match="a name has 10,001 letters"):
        texts(["x" * 10_001])


def test_times() -> None:
    found = seconds(
        ["2021-01-31T12:34:56Z", "2021-01-31T13:34:56+01:00[Europe/Berlin]", 1612096496, None, "?"]
    )
    assert found[:3].tolist() == [1612096496.0] * 3
    assert np.isnan(found[3:]).all()
