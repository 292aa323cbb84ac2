"""Numbers that are shown add up, and bars are as long as their scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.web.pages.bars import bars
from tastegraph.web.pages.words import adding_up, lines, number

PARTS = st.lists(st.floats(-2, 2), min_size=1, max_size=80)


@given(PARTS)
def test_shown_values_add_up_to_the_shown_total(values: list[float]) -> None:
    total = sum(values)
    shown = adding_up(values, total)
    assert round(sum(shown), 3) == pytest.approx(round(total * 1000) / 1000, abs=1e-9)
    assert all(abs(one - other) < 1e-3 + 1e-9 for one, other in zip(values, shown, strict=True))


@given(PARTS)
def test_lines_of_a_score_add_up_to_it(values: list[float]) -> None:
    parts = [{"kind": "listen", "id": at, "name": "x", "value": v} for at, v in enumerate(values)]
    shown = lines(parts, sum(values))
    assert len(shown) <= 11
    together = sum(float(line.value.replace("−", "-")) for line in shown)
    assert number(together) == number(round(sum(values) * 1000) / 1000)


def test_lines_name_the_weightiest_and_sum_up_the_rest() -> None:
    parts = [{"kind": "tag", "id": at, "name": f"t{at}", "value": at / 100} for at in range(12)]
    shown = lines(parts, 0.66)
    assert [line.name for line in shown[:2]] == ["t11", "t10"]
    assert shown[-1].words == "2 smaller parts"
    assert [line.value for line in shown[-2:]] == ["0.020", "0.010"]
    assert lines([], 0.0) == []


def test_a_bar_is_split_and_to_one_scale() -> None:
    long = {"embedding": 0.6, "friends": 0.2, "tags": 0.2}
    short = {"embedding": 0.5, "friends": 0.0, "tags": -0.25}
    first, second = bars([long, short])
    # From -0.25 to 1.0: the scores begin at a fifth.
    assert [(each.signal, each.start, each.width) for each in first] == [
        ("embedding", 20.0, 48.0),
        ("friends", 68.0, 16.0),
        ("tags", 84.0, 16.0),
    ]
    assert [(each.signal, each.start, each.width) for each in second] == [
        ("embedding", 20.0, 40.0),
        ("tags", 0.0, 20.0),
    ]
    assert bars([]) == []
    assert bars([dict.fromkeys(long, 0.0)]) == [[]]


def test_numbers_have_no_minus_before_nothing() -> None:
    assert number(-0.0001) == "0.000"
    assert number(-0.25) == "−0.250"
