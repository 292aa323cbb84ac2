"""What millions of relationships say, in columns of numbers: 24 bytes a listen, not 227."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Places = NDArray[np.intp]
Codes = NDArray[np.int32]

NONE = -1
"""The code of None."""


class Numbering:
    """Ids of one label, or texts, each with a number; more can come, and none goes."""

    def __init__(self, values: Iterable[Any] = ()) -> None:
        self._codes: dict[Any, int] = {}
        for value in values:
            self._codes.setdefault(value, len(self._codes))
        self._values: list[Any] = []

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def values(self) -> list[Any]:
        """All of them, in the order of their numbers; None at the end, for the code NONE."""
        if len(self._values) != len(self) + 1:
            self._values = [*self._codes, None]
        return self._values

    def code(self, value: Any) -> int:
        """The number of ``value``, NONE where it has none."""
        return self._codes.get(value, NONE)

    def codes(self, values: "Sequence[Any] | pd.Series[Any]") -> Codes:
        """The numbers of ``values``, which get one where they have none yet."""
        given, distinct = pd.factorize(_column(values))
        known = self._codes
        own = [known.setdefault(value, len(known)) for value in distinct.tolist()]
        return np.array([*own, NONE], dtype=np.int32)[given]

    def of(self, codes: NDArray[Any]) -> list[Any]:
        """What has these numbers."""
        values = self.values
        return [values[code] for code in codes.tolist()]

    @property
    def ranks(self) -> NDArray[np.intp]:
        """The place of each in order, whole numbers before text; 0 for NONE, at the end."""
        values = [*self._codes]
        order = sorted(range(len(values)), key=lambda at: (isinstance(values[at], str), values[at]))
        ranks = np.zeros(len(values) + 1, dtype=np.intp)
        ranks[order] = np.arange(1, len(values) + 1)
        return ranks

    def as_text(self) -> "Numbering":
        """The same numbers for the ids as text."""
        return Numbering(map(str, self._codes))


def _column(values: "Sequence[Any] | pd.Series[Any]") -> NDArray[Any]:
    if isinstance(values, pd.Series):
        return values.to_numpy()
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


@dataclass(frozen=True)
class Column:
    """One property of many relationships: numbers as they are, or codes of what ``names`` has."""

    values: NDArray[Any]
    names: Numbering | None = None

    @classmethod
    def of(cls, values: Sequence[Any], names: Numbering | None = None) -> Self:
        """The column that has ``values``."""
        if names is not None:
            return cls(names.codes(values), names)
        whole = all(type(value) is int for value in values)
        return cls(np.array(values, dtype=np.int64) if whole else _column(values))

    def __len__(self) -> int:
        return len(self.values)

    def take(self, places: Places) -> Self:
        """The values at ``places``."""
        return type(self)(self.values[places], self.names)

    def joined(self, others: Sequence[Self]) -> Self:
        """These values and then those of ``others``, which have the same names."""
        return type(self)(np.concatenate([self.values, *(e.values for e in others)]), self.names)

    def differs(self, other: Self) -> NDArray[np.bool_]:
        """Where ``other``, as long and of the same names, has another value."""
        return np.asarray(self.values != other.values, dtype=bool)

    def tolist(self, start: int = 0, end: int | None = None) -> list[Any]:
        """The values from ``start`` to ``end`` as they were given."""
        some = self.values[start:end]
        return some.tolist() if self.names is None else self.names.of(some)

    def renamed(self, names: Numbering) -> Self:
        """The same codes of other ``names``."""
        return type(self)(self.values, names)


@dataclass(frozen=True)
class Lists:
    """One property of many relationships of which each value is a list.

    offsets  where each list begins in ``flat``, and the end of the last
    """

    offsets: NDArray[np.int64]
    flat: Column

    @classmethod
    def of(cls, values: Sequence[Sequence[Any]], names: Numbering | None = None) -> Self:
        """The column that has the lists ``values``."""
        flat = [each for value in values for each in value]
        return cls.cut(np.array([len(value) for value in values]), Column.of(flat, names))

    @classmethod
    def cut(cls, lengths: NDArray[Any], flat: Column) -> Self:
        """The column whose lists have these lengths, one after the other in ``flat``."""
        return cls(_offsets(lengths), flat)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """How long each list is."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def owners(self) -> Places:
        """Of each value in ``flat`` the place of its list."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def take(self, places: Places) -> Self:
        """The lists at ``places``."""
        lengths = self.lengths[places]
        offsets = _offsets(lengths)
        inside = np.repeat(self.offsets[:-1][places] - offsets[:-1], lengths)
        return type(self)(offsets, self.flat.take(inside + np.arange(offsets[-1])))

    def joined(self, others: Sequence[Self]) -> Self:
        """These lists and then those of ``others``."""
        lengths = np.concatenate([self.lengths, *(each.lengths for each in others)])
        return type(self)(_offsets(lengths), self.flat.joined([each.flat for each in others]))

    def differs(self, other: Self) -> NDArray[np.bool_]:
        """Where ``other``, of as many lists, has another one."""
        differs: NDArray[np.bool_] = self.lengths != other.lengths
        alike = np.flatnonzero(~differs)
        mine, theirs = self.take(alike), other.take(alike)
        at = mine.owners[mine.flat.differs(theirs.flat)]
        differs[alike[at]] = True
        return differs

    def tolist(self, start: int = 0, end: int | None = None) -> list[list[Any]]:
        """The lists from ``start`` to ``end``."""
        offsets = self.offsets[start : None if end is None else end + 1].tolist()
        flat = self.flat.tolist(offsets[0], offsets[-1])
        bounds = pairwise(offsets)
        return [flat[one - offsets[0] : other - offsets[0]] for one, other in bounds]

    def renamed(self, names: Numbering) -> Self:
        """The same codes of other ``names``."""
        return type(self)(self.offsets, self.flat.renamed(names))


def _offsets(lengths: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
