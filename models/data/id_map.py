"""Between the data's own ids and the contiguous rows of a matrix."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import Id

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class IdMap:
    """Ids in ascending order; the row of an id is its place in that order.

    Rows ascend with ids, so that breaking ties by row breaks them by id.
    """

    ids: Sequence[Id]

    @classmethod
    def of(cls, ids: Iterable[Id]) -> "IdMap":
        """Map the distinct ``ids``, sorted."""
        return cls(sorted(set(ids)))

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.ids)

    @cached_property
    def array(self) -> NDArray[Any]:
        """The ids as an array, which rows pick from."""
        return np.asarray(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, ids: Iterable[Id]) -> Rows:
        """Rows of ``ids``, in their order; -1 for an id that is not in the map."""
        return np.asarray(self._index.get_indexer(pd.Index(list(ids))), dtype=np.intp)

    def row(self, id_: Id) -> int:
        """Row of one id; -1 when it is not in the map."""
        try:
            place = self._index.get_loc(id_)
        except KeyError:
            return -1
        return place if isinstance(place, int) else -1

    def few_rows(self, ids: Iterable[Id]) -> Rows:
        """What ``rows`` gives, sooner for the few ids that one person names."""
        return np.asarray([self.row(id_) for id_ in ids], dtype=np.intp)
