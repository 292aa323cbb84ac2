"""Numbers that are out of their ranges."""

import inspect
import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.runtime.numbers import RANGES, Range, check_numbers, checks_numbers

LONG = pytest.param(10**400, id="long")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, LONG, "1", True, None, 1j])
@pytest.mark.parametrize("name", sorted(RANGES))
def test_what_is_no_number_of_use_is_in_no_range(name: str, value: object) -> None:
    assert not RANGES[name].holds(value)


def test_ends_belong_to_a_range_unless_it_says_otherwise() -> None:
    unit, share = RANGES["novelty"], RANGES["holdout"]
    assert unit.holds(0) and unit.holds(1.0) and unit.holds(np.float32(0.5))
    assert not share.holds(0) and not share.holds(1.0) and share.holds(Fraction(1, 2))
    assert RANGES["k"].holds(np.int64(1)) and not RANGES["k"].holds(1.0)
    assert not RANGES["k"].holds(0) and not RANGES["k"].holds(1_000_001)
    assert str(share) == "a number above 0 below 1"
    assert str(Range(1, 1_000, whole=True)) == "a whole number from 1 to 1,000"


def arguments_of_methods() -> Iterator[tuple[str, str, str]]:
    for name, method in inspect.getmembers(Graph, inspect.isfunction):
        if not name.startswith("_"):
            for parameter in inspect.signature(method).parameters.values():
                yield name, parameter.name, str(parameter.annotation)


@pytest.mark.parametrize(
    ("method", "argument"),
    [
        (method, argument)
        for method, argument, type_ in arguments_of_methods()
        if any(word in type_ for word in ("int", "float")) and "str | int" not in type_
    ],
)
def test_every_number_that_python_gives_has_a_range(method: str, argument: str) -> None:
    assert f"{method}.{argument}" in RANGES or argument in RANGES


NOT_HERE = Graph(Settings("nowhere"), quiet=True)


@pytest.mark.parametrize(
    ("method", "given", "message"),
    [
        ("recommend", {"users": 1, "k": 0}, "k is 0: give a whole number from 1 to 1,000,000"),
        ("recommend", {"users": 1, "novelty": math.nan}, "novelty is nan"),
        ("recommend", {"users": 1, "weights": {"tags": 1e40}}, "weights of tags is 1e"),
        ("communities", {"resolution": math.nan}, "resolution is nan"),
        ("evaluate", {"holdout": math.nan}, "holdout is nan"),
        ("evaluate", {"k": [10, 0]}, "k is 0"),
        ("train", {"minutes": math.nan}, "minutes is nan"),
        ("plot", {"kind": "long-tail", "k": 51}, "k is 51: give a whole number from 1 to 50"),
    ],
    ids=str,
)
def test_python_is_told_before_anything_is_opened(
    method: str, given: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError) as told:
        getattr(NOT_HERE, method)(**given)
    assert str(told.value).startswith(message)


def test_nothing_is_made_up_of_no_users() -> None:
    with pytest.raises(InputError, match="users is 0"):
        generate(users=0)


def test_methods_keep_their_names_and_take_what_has_no_range() -> None:
    @checks_numbers
    class Made:
        def twice(self, k: int | None, other: float = math.nan) -> tuple[int | None, float]:
            """Give both."""
            return k, other

    assert Made().twice(None, 3)[0] is None
    assert Made().twice(k=2, other=math.inf) == (2, math.inf)
    assert Made.twice.__doc__ == "Give both."
    check_numbers("twice", {"other": math.nan})
    with pytest.raises(InputError):
        Made().twice(0)
