"""Which known name is nearest to each of many, by the letters that they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Groups of letters, and how alike two names must be for one to be a slip of the other.
_GROUP = 3
_ALIKE = 0.6

# A letter takes so many bits at most, and a whole number has place for a group of them.
_LETTER = 21

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def near_names(names: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """For each of ``names`` the place of the nearest of ``known``, None where none is near.

    Likeness is the cosine of the counts of three letters in a row, with a blank at either end; of
    equals the first is taken. Both are compared as they are: fold case and accents before.
    """
    if not names or not known:
        return [None] * len(names)
    rows, groups = _groups([*known, *names])
    counted = _Counts.of(rows, groups)
    there = counted.only(counted.rows < len(known)).by_group()
    asked = counted.only(counted.rows >= len(known))
    bounds = np.searchsorted(asked.rows, len(known) + np.arange(len(names) + 1))
    return [
        _best(there, asked.groups[start:end], asked.shares[start:end], len(known))
        for start, end in pairwise(bounds.tolist())
    ]


@dataclass(frozen=True)
class _Counts:
    """How much of a name a group of letters is: entries of a matrix (names, groups) that are not 0,
    each row of which has length 1.
    """

    rows: Ints
    groups: Ints
    shares: Floats

    @classmethod
    def of(cls, rows: Ints, groups: Ints) -> "_Counts":
        """One entry a row and group, sorted by these; they may be given many times."""
        width = int(groups.max(initial=0)) + 1
        cells, times = np.unique(rows * width + groups, return_counts=True)
        rows, groups = np.divmod(cells, width)
        lengths = np.sqrt(np.bincount(rows, times.astype(np.float64) ** 2))
        return cls(rows, groups, times / lengths[rows])

    def only(self, mask: NDArray[np.bool_]) -> "_Counts":
        """The entries of ``mask``."""
        return _Counts(self.rows[mask], self.groups[mask], self.shares[mask])

    def by_group(self) -> "_Counts":
        """The same, sorted by group."""
        order = np.argsort(self.groups, kind="stable")
        return _Counts(self.rows[order], self.groups[order], self.shares[order])


def _best(there: _Counts, groups: Ints, shares: Floats, count: int) -> int | None:
    """The row that is most alike to a name of these ``groups``, of those that are like it."""
    starts, ends = (np.searchsorted(there.groups, groups, side) for side in ("left", "right"))
    each = ends - starts
    if not each.any():
        return None
    places = np.repeat(starts - np.cumsum(each) + each, each) + np.arange(each.sum())
    alike = np.bincount(
        there.rows[places], there.shares[places] * np.repeat(shares, each), minlength=count
    )
    best = int(alike.argmax())
    return best if alike[best] >= _ALIKE else None


def _groups(names: Sequence[str]) -> tuple[Ints, Ints]:
    """Name and group of all groups of letters in ``names``, as numbers from 0."""
    text = "".join(f" {name} " for name in names).encode("utf-32-le", "surrogatepass")
    letters = np.frombuffer(text, dtype="<u4").astype(np.int64)
    packed = letters[: 1 - _GROUP] << 2 * _LETTER | letters[1:-1] << _LETTER | letters[2:]
    lengths = np.fromiter(map(len, names), dtype=np.int64, count=len(names)) + 2
    rows = np.repeat(np.arange(len(names)), lengths)
    # A group that begins at one of the last two letters of a name is none.
    inside = np.ones(len(rows), dtype=bool)
    ends = np.cumsum(lengths)
    inside[ends - 1] = inside[ends - 2] = False
    found = inside[: len(packed)]
    groups = np.unique(packed[found], return_inverse=True)[1]
    return rows[: len(packed)][found], groups.astype(np.int64)
