"""Values of somebody else's properties to ids, names, plays and times."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.errors import InputError
from tastegraph.graph.frames import Id
from tastegraph.loaders.files.limits import MOST_LETTERS_OF_ID, MOST_LETTERS_OF_NAME, MOST_PLAYS
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.files.times import seconds_of

# Beyond it, whole numbers that have come through floating point may be others than they were.
_EXACT = 2**53

# As Neo4j writes the name of a zone behind its offset.
_ZONE = re.compile(r"\[[^\]]*\]$")

_PLAIN = {int, str, type(None)}


class IdValues:
    """The ids of one kind as a graph gives them: whole numbers and text, "" for none."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._read: dict[Any, Id] = {}

    def read(self, values: Sequence[Any]) -> list[Id]:
        """Each value as an id; InputError for one that can be none."""
        if set(map(type, values)) - _PLAIN:
            values = [self._whole(value) for value in values]
        for value in set(values) - self._read.keys():
            self._read[value] = self._clean(value)
        return [self._read[value] for value in values]

    @property
    def are_text(self) -> bool:
        """Whether any id that has been read is text, so that all are."""
        return any(isinstance(id_, str) and id_ for id_ in self._read.values())

    def settled(self, ids: "pd.Series[Any]") -> "pd.Series[Any]":
        """A column of ids in the one form that all columns get, now that all have been read."""
        if not any(isinstance(id_, str) for id_ in self._read.values()):
            return ids.astype(np.int64)
        # Much quicker than to iterate over text that pandas keeps as Arrow does.
        plain = ids.to_numpy(dtype=object).tolist()
        return pd.Series(list(map(str, plain)), index=ids.index, dtype=object)

    def __contains__(self, id_: Id) -> bool:
        return id_ in self._read.values()

    def _whole(self, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
            return int(value)
        if type(value) in _PLAIN:
            return value
        raise self._error(f"{str(value)[:40]!r} ({type(value).__name__}) is neither")

    def _clean(self, value: Any) -> Id:
        if value is None:
            return ""
        if isinstance(value, int):
            return value
        id_ = bare(str(value))
        if len(id_) > MOST_LETTERS_OF_ID:
            raise self._error(f"one has {len(id_):,} letters, more than {MOST_LETTERS_OF_ID:,}")
        return id_

    def _error(self, problem: str) -> InputError:
        return InputError(
            f"ids of the kind {self._kind} are to be whole numbers or text, and {problem}: name "
            "another property in the mapping"
        )


def texts(values: Iterable[Any]) -> list[str | None]:
    """Each value as text without outer blanks, None for none; InputError for one without end."""
    found = [None if value is None else bare(str(value)) or None for value in values]
    longest = max((len(text) for text in found if text), default=0)
    if longest > MOST_LETTERS_OF_NAME:
        raise InputError(
            f"a name has {longest:,} letters, more than the {MOST_LETTERS_OF_NAME:,} that it may "
            "have: name another property in the mapping"
        )
    return found


def counted(values: Sequence[Any]) -> NDArray[np.float64]:
    """Each value as plays: 1 where there is none, fractions rounded up, NaN for what is no number
    from 0 to ``MOST_PLAYS``.
    """
    there = np.array([value is not None for value in values], dtype=bool)
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce")
    plays = np.ceil(np.where(there, numbers.to_numpy(dtype=np.float64, na_value=np.nan), 1.0))
    return np.where((plays >= 0) & (plays <= MOST_PLAYS), plays, np.nan)


def seconds(values: Iterable[Any]) -> NDArray[np.float64]:
    """Each time as seconds since 1970, NaN where it is none."""
    return seconds_of([_ZONE.sub("", str(value)) if value is not None else "" for value in values])
