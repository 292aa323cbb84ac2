"""Whole numbers in the ways that people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.loaders.files.numbers import reader


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.000"], [None]),
        (["1,000", "5"], [None, 5]),
        (["1.000", "1.234"], [1000, 1234]),
        (["1,000", "12,345"], [1000, 12345]),
        (["1.000", "1234.000"], [1, 1234]),
        (["1.000", "2.0"], [None, 2]),
        (["1.234", "5.0"], [None, 5]),
        (["12.0", "3.00", "7", "5."], [12, 3, 7, 5]),
        (["12,0", "3,00"], [12, 3]),
        (["1 234", "1'234", "1\u00a0234", "1\u202f234"], [1234] * 4),
        (["1.234,0", "1,234.00", "1.234.567"], [1234, 1234, 1234567]),
        (["1e3", "1.5E+03", "1.5e0"], [1000, 1500, None]),
        (["2.5", "0.734", "-1", "nan", "", "1,23", "\u0663", "0x1"], [None] * 8),
        (["+5", " 6 ", "0", "0.0"], [5, 6, 0, 0]),
        (["9" * 5_000, "1" + ",000" * 2_000, "1" + "0" * 5_000 + ".0"], [None] * 3),
    ],
)
def test_a_column_of_cells(cells: list[str], numbers: list[int | None]) -> None:
    read = reader(cells)
    assert [read(cell) for cell in cells] == numbers


@given(st.lists(st.integers(0, 10**9), min_size=1), st.sampled_from(" '\u00a0"))
def test_groups_that_can_be_nothing_else(numbers: list[int], sign: str) -> None:
    cells = [f"{number:,}".replace(",", sign) for number in numbers]
    read = reader(cells)
    assert [read(cell) for cell in cells] == numbers


@given(st.lists(st.integers(0, 10**9), min_size=1), st.sampled_from(".,"))
def test_never_another_number(numbers: list[int], sign: str) -> None:
    cells = [f"{number:,}".replace(",", sign) for number in numbers]
    read = reader(cells)
    assert all(read(cell) in (number, None) for cell, number in zip(cells, numbers, strict=True))
