"""Conditions on an artist's properties, as in ``--where listeners>=100``."""

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.popularity_bands import BANDS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.nearest_names import did_you_mean

Value = str | int | float | bool

_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}

_WRITTEN = re.compile(
    r"\s*(?P<property>[^=<>!]+?)\s*(?P<sign>!=|>=|<=|==|=|>|<)\s*(?P<value>.*?)\s*"
)

_LARGEST = 2**63 - 1

# Fewest and most listeners where nobody asks for any, and where a condition asks for some.
_ANY = (0, 2**31 - 1)
_BOUNDS: dict[str, Callable[[int], tuple[int, int]]] = {
    "=": lambda value: (value, value),
    ">=": lambda value: (value, _ANY[1]),
    "<=": lambda value: (_ANY[0], value),
    ">": lambda value: (value + 1, _ANY[1]),
    "<": lambda value: (_ANY[0], value - 1),
}

# Vectors, and what is kept beside them and beside names: no person compares these.
_NOT_COMPARED = ("embedding", "norm", "nameKey", "tagNorm")


@dataclass(frozen=True)
class Condition:
    """What one property of an artist must be; an artist without the property fails.

    ``value`` has the property's own type in the graph: numbers compare as numbers, text
    letter by letter.
    """

    property: str
    sign: str
    value: Value

    def __str__(self) -> str:
        return f"{self.property}{self.sign}{self.value}"

    def holds(self, values: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Which of an artists' property ``values``, None where there is none, fulfil it."""
        compare = _SIGNS[self.sign]
        return np.array(
            [value is not None and compare(value, self.value) for value in values], dtype=bool
        )

    def as_parameter(self) -> dict[str, Value]:
        """The condition as the queries take it."""
        return asdict(self)


def as_ranges(conditions: Sequence[Condition]) -> dict[str, Value | None] | None:
    """The same as parameters of recommend-fast: fewest and most listeners, and the band.

    None where they can't say it.
    """
    fewest, most = _ANY
    band: Value | None = None
    for each in conditions:
        if each.property == "listeners" and each.sign in _BOUNDS and type(each.value) is int:
            low, high = _BOUNDS[each.sign](each.value)
            fewest, most = max(fewest, low), min(most, high)
        elif each.property == "band" and each.sign == "=" and band is None and each.value in BANDS:
            band = each.value
        else:
            return None
    return {"fewest": fewest, "most": most, "band": band}


def read_conditions(store: GraphStore, texts: Sequence[str]) -> list[Condition]:
    """The conditions that ``texts`` write, each ``property``, a sign and a value; == is =.

    NotFoundError for a property that no artist of the graph has, InputError for text that is
    no condition and for a value of another type than the property's.
    """
    if not texts:
        return []
    types = property_types(store)
    return [_condition(text, types) for text in texts]


def property_types(store: GraphStore) -> dict[str, type]:
    """The properties of artists that a person may compare, by name, and their values' type."""
    rows = store.values(
        "MATCH (a:Artist) UNWIND keys(a) AS key WITH key, a WHERE NOT key IN $left_out "
        "WITH key, collect(a[key])[0] AS example RETURN key, example ORDER BY key",
        {"left_out": list(_NOT_COMPARED)},
    )
    return {name: type(example) for name, example in rows}


def _condition(text: str, types: dict[str, type]) -> Condition:
    written = _WRITTEN.fullmatch(text)
    if not written:
        raise InputError(
            f"{text!r} is no condition: write property, one of {' '.join(_SIGNS)} and a value, "
            "such as listeners>=100"
        )
    name, value = written["property"], written["value"]
    sign = "=" if written["sign"] == "==" else written["sign"]
    if name not in types:
        raise NotFoundError(
            f"artists have no property {name!r}{did_you_mean(name, types)}; "
            f"they have {', '.join(types) or 'none: the graph is empty'}"
        )
    return Condition(name, sign, _value(name, value, types[name]))


def _whole_or_real(text: str, number: float) -> Value:
    """``text`` as a whole number where it is one that databases hold, else ``number``."""
    try:
        whole = int(text)
    except ValueError:
        return number
    return whole if abs(whole) <= _LARGEST else number


def _value(name: str, text: str, kind: type) -> Value:
    if kind is str:
        return text
    if kind is bool and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind in (int, float):
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if np.isfinite(number):
            return _whole_or_real(text, number)
    if kind not in (int, float, bool):
        raise InputError(f"{name} of an artist is a list, which can't be compared")
    wanted = "true or false" if kind is bool else "a number"
    raise InputError(f"{name} of an artist is {wanted}, not {text!r}")
