"""The relationships of one type, told apart by what they lead from and to."""

from collections.abc import ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.columns import NONE, Codes, Column, Lists, Numbering, Places
from tastegraph.graph.frames import Id

Pair = tuple[Id, Id]
Keys = NDArray[np.int64]
Part = tuple[Keys, tuple[Column | Lists, ...]]

_BITS = 32
_MASK = 2**_BITS - 1

# Pairs that are made of numbers at once.
_PAIRS = 100_000


def keys_of(starts: NDArray[np.integer], ends: NDArray[np.integer]) -> Keys:
    """One number for each pair of numbers of ids."""
    return (starts.astype(np.int64) << _BITS) | ends


@dataclass(frozen=True, eq=False)
class Relations(Mapping[Pair, tuple[Any, ...]]):
    """Relationships by their pair of ids, each with its properties in the order of the schema.

    codes  ``keys_of`` the numbers that ``start_ids`` and ``end_ids`` give the ids, sorted, each
           once

    To look one up is slow; ``blocks`` or ``items`` is the way through all of it.
    """

    start_ids: Numbering
    end_ids: Numbering
    codes: Keys
    columns: tuple[Column | Lists, ...] = ()

    @classmethod
    def of(
        cls,
        ids: tuple[Numbering, Numbering],
        keys: Keys,
        columns: tuple[Column | Lists, ...] = (),
    ) -> tuple["Relations", Keys]:
        """The relationships ``keys`` in any order, of which the last of several with one key is
        taken, and the keys that are there several times.
        """
        order = np.argsort(keys, kind="stable")
        in_order = keys[order]
        again = in_order[1:] == in_order[:-1]
        doubled = np.unique(in_order[1:][again])
        last = order[np.append(~again, True)] if len(order) else order
        return cls(*ids, keys[last], tuple(column.take(last) for column in columns)), doubled

    @property
    def part(self) -> Part:
        """Keys and columns."""
        return self.codes, self.columns

    @property
    def starts(self) -> Codes:
        """The numbers of the ids at the start."""
        return (self.codes >> np.int64(_BITS)).astype(np.int32)

    @property
    def ends(self) -> Codes:
        """The numbers of the ids at the end."""
        return (self.codes & np.int64(_MASK)).astype(np.int32)

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[Pair]:
        for starts, ends, _ in self.blocks(_PAIRS):
            yield from zip(starts, ends, strict=True)

    def __getitem__(self, pair: Pair) -> tuple[Any, ...]:
        start, end = self.start_ids.code(pair[0]), self.end_ids.code(pair[1])
        at = self.places_of(keys_of(np.array([start]), np.array([end])))[0]
        if NONE in (start, end, at):
            raise KeyError(pair)
        return tuple(column.tolist(at, at + 1)[0] for column in self.columns)

    def items(self) -> ItemsView[Pair, tuple[Any, ...]]:
        """All of them, without looking each of them up."""
        return _Items(self)

    def blocks(self, most: int) -> Iterator[tuple[list[Id], list[Id], list[list[Any]]]]:
        """All of them in order, at most so many at a time: ids at the start, ids at the end, and
        the values of each property.
        """
        for at in range(0, len(self), most):
            keys = self.codes[at : at + most]
            starts, ends = self.start_ids.of(keys >> _BITS), self.end_ids.of(keys & _MASK)
            yield starts, ends, [column.tolist(at, at + len(keys)) for column in self.columns]

    def take(self, places: Places | NDArray[np.bool_]) -> "Relations":
        """Those at ``places``, in this order, or where it is True."""
        at: Places = np.flatnonzero(places) if places.dtype == bool else places.astype(np.intp)
        columns = tuple(column.take(at) for column in self.columns)
        return Relations(self.start_ids, self.end_ids, self.codes[at], columns)

    def places_of(self, keys: Keys) -> Places:
        """Where the relationships ``keys`` are, NONE for those that are not."""
        if not len(self):
            return np.full(len(keys), NONE, dtype=np.intp)
        at = np.searchsorted(self.codes, keys)
        at[at == len(self)] = 0
        return np.where(self.codes[at] == keys, at, NONE)

    def updated(self, other: "Relations") -> "Relations":
        """These and those of ``other``, which takes the place of what both have."""
        if not len(other) or not len(self):
            return self if len(self) else other
        return Relations.of((self.start_ids, self.end_ids), *joined([self.part, other.part]))[0]

    def differs(self, other: "Relations") -> NDArray[np.bool_]:
        """Where ``other``, as long, has other properties."""
        differs = np.zeros(len(self), dtype=bool)
        for mine, theirs in zip(self.columns, other.columns, strict=True):
            differs |= mine.differs(theirs)  # type: ignore[arg-type]
        return differs

    def sorted_by_ids(self) -> Places:
        """The places in the order of ids, whole numbers before text."""
        of_starts, of_ends = self.start_ids.ranks, self.end_ids.ranks
        return np.lexsort((of_ends[self.ends], of_starts[self.starts]))


class _Items(ItemsView[Pair, tuple[Any, ...]]):
    _mapping: Relations

    def __iter__(self) -> Iterator[tuple[Pair, tuple[Any, ...]]]:
        for starts, ends, values in self._mapping.blocks(_PAIRS):
            rows = zip(*values, strict=True) if values else repeat((), len(starts))
            yield from zip(zip(starts, ends, strict=True), rows, strict=True)


def joined(parts: Sequence[Part]) -> Part:
    """Keys and columns of all parts, one after the other."""
    columns = zip(*(columns for _, columns in parts), strict=True)
    return (
        np.concatenate([keys for keys, _ in parts]),
        tuple(first.joined(others) for first, *others in columns),
    )
