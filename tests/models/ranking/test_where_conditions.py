"""Conditions on listeners and band as the vector index takes them."""

import pytest

from tastegraph.models.ranking.where_conditions import Condition, Value, as_ranges

ANY = {"fewest": 0, "most": 2**31 - 1, "band": None}


def of(*written: tuple[str, str, Value]) -> dict[str, Value | None] | None:
    return as_ranges([Condition(*each) for each in written])


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        ("=", 7, {"fewest": 7, "most": 7}),
        (">=", 7, {"fewest": 7}),
        (">", 7, {"fewest": 8}),
        ("<=", 7, {"most": 7}),
        ("<", 7, {"most": 6}),
    ],
)
def test_a_bound_of_listeners(sign: str, value: int, expected: dict[str, int]) -> None:
    assert of(("listeners", sign, value)) == ANY | expected


def test_several_hold_together() -> None:
    assert of() == ANY
    assert of(
        ("listeners", ">", 2), ("listeners", "<=", 9), ("listeners", ">=", 5), ("band", "=", "tail")
    ) == {"fewest": 5, "most": 9, "band": "tail"}


@pytest.mark.parametrize(
    "written",
    [
        ("listeners", "!=", 7),
        ("listeners", ">=", 2.5),
        ("band", "!=", "tail"),
        ("band", "=", "none"),
        ("plays", ">=", 7),
    ],
)
def test_what_the_index_cannot_say(written: tuple[str, str, Value]) -> None:
    assert of(written) is None
    assert of(("listeners", ">=", 1), written) is None


def test_two_bands_are_left_to_the_exact_query() -> None:
    assert of(("band", "=", "tail"), ("band", "=", "head")) is None
