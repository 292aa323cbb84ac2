"""Times as programs write them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.moments import moments
from tastegraph.loaders.files.times import seconds_of

HALF_PAST_NOON = "2021-01-31T12:34:56Z"


@pytest.mark.parametrize(
    "cell",
    [
        "1612096496",
        "1612096496.9",
        "1612096496000",
        "1612096496000000",
        HALF_PAST_NOON,
        "2021-01-31 12:34:56",
        "2021-01-31T12:34:56.789+00:00",
        "2021-01-31T14:34:56+02:00",
        "31 Jan 2021 12:34:56",
        "31 Jan 2021, 12:34:56",
    ],
)
def test_a_time_is_read(cell: str) -> None:
    assert moments(seconds_of([cell])) == [HALF_PAST_NOON]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2021-01-31", "2021-01-31T00:00:00Z"),
        ("20210131", "2021-01-31T00:00:00Z"),
        ("2021-01-31 12:34", "2021-01-31T12:34:00Z"),
        ("31 Jan 2021, 12:34", "2021-01-31T12:34:00Z"),
    ],
)
def test_what_is_less_exact_begins_it(cell: str, moment: str) -> None:
    assert moments(seconds_of([cell])) == [moment]


@pytest.mark.parametrize(
    "cell",
    [
        *("", "x", "0", "12", "nan", "inf", "-1612096496", "99999999999999999"),
        *("2021-02-30", "2021-13-01", "31 Foo 2021 1:00", "01 Jan 1970, 00:00"),
        *("1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z"),
    ],
)
def test_what_can_not_have_been_is_none(cell: str) -> None:
    assert moments(seconds_of([cell])) == [None]


def test_forms_may_be_mixed() -> None:
    cells = ["1612096496", "", "31 Jan 2021, 12:34", HALF_PAST_NOON, "?"]
    found = moments(seconds_of(cells))
    assert found == [HALF_PAST_NOON, None, "2021-01-31T12:34:00Z", HALF_PAST_NOON, None]


def test_nothing_gives_nothing() -> None:
    assert moments(seconds_of([])) == []


@given(st.lists(st.integers(2 * 86_400, 1_700_000_000)))
def test_moments_are_read_back(seconds: list[int]) -> None:
    texts = moments(np.array(seconds, dtype=np.float64))
    assert seconds_of([text or "" for text in texts]).tolist() == seconds
