"""What a listen weighs: plays on a scale, as named functions that every model can take.

Each takes plays (users, artists), sparse, and gives the same entries with other values as
float64; an entry may become an explicit 0, and stays an entry. An empty matrix stays empty.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.recency import Decay
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.settings import check_settings, setting
from tastegraph.models.data.sparse_rows import entry_rows
from tastegraph.runtime.nearest_names import did_you_mean

CAP = 2_000
"""Plays above which ``cap`` tells listens no longer apart."""

_PERCENT = 100.0


def over_max(plays: csr_array) -> csr_array:
    """Plays / the most plays of any listen."""
    return _with_values(plays, _shares(plays.data, np.max(plays.data, initial=0.0)))


def over_user_max(plays: csr_array) -> csr_array:
    """Plays / the most plays of the user's own listens."""
    users = entry_rows(plays)
    most = np.zeros(plays.shape[0])
    np.maximum.at(most, users, plays.data)
    return _with_values(plays, _shares(plays.data, most[users]))


def min_max(plays: csr_array) -> csr_array:
    """(plays - least) / (most - least), least and most over all listens."""
    if not plays.nnz:
        return _with_values(plays, plays.data)
    least, most = plays.data.min(), plays.data.max()
    return _with_values(plays, _shares(plays.data - least, most - least))


def robust(plays: csr_array) -> csr_array:
    """(plays - median) / (third quartile - first quartile); below the median negative."""
    if not plays.nnz:
        return _with_values(plays, plays.data)
    first, median, third = np.percentile(plays.data, [25, 50, 75])
    return _with_values(plays, _shares(plays.data - median, third - first))


def capped(plays: csr_array) -> csr_array:
    """Plays, and CAP for all that is above."""
    return _with_values(plays, np.minimum(plays.data, CAP))


def log_user_mean(plays: csr_array) -> csr_array:
    """log(1 + plays) over the mean of the user's own log(1 + plays).

    1 is a user's average listen; a user whose listens have no plays at all weighs 0.
    """
    logs, users = np.log1p(plays.data, dtype=np.float64), entry_rows(plays)
    counts = np.diff(plays.indptr).astype(np.float64)
    sums = np.bincount(users, logs, minlength=len(counts))
    return _with_values(plays, logs * _shares(counts, sums)[users])


def binary(plays: csr_array) -> csr_array:
    """1 for every listen."""
    return _with_values(plays, np.ones(plays.nnz))


SCALINGS: dict[str, Callable[[csr_array], csr_array]] = {
    "log-user-mean": log_user_mean,
    "binary": binary,
    "max": over_max,
    "user-max": over_user_max,
    "min-max": min_max,
    "robust": robust,
    "cap": capped,
}


def scaled(plays: csr_array, name: str) -> csr_array:
    """``plays`` by the scaling ``name``; InputError for a name that is not in SCALINGS."""
    if name not in SCALINGS:
        raise InputError(
            f"there is no scaling {name!r}{did_you_mean(name, SCALINGS)}; "
            f"known are {', '.join(SCALINGS)}"
        )
    return SCALINGS[name](plays)


def cut(plays: csr_array, percentile: float) -> csr_array:
    """``plays`` without the listens whose plays are above ``percentile`` (0 to 100) of all."""
    kept = _within(plays, percentile)
    if kept.all():
        return plays
    entries = (plays.data[kept], (entry_rows(plays)[kept], plays.indices[kept]))
    return csr_array(entries, shape=plays.shape)


def _within(plays: csr_array, percentile: float) -> NDArray[np.bool_]:
    """Which listens (listens,) ``cut`` leaves."""
    if percentile >= _PERCENT or not plays.nnz:
        return np.ones(plays.nnz, dtype=bool)
    values = plays.data.astype(np.float64)
    return np.asarray(values <= np.percentile(values, percentile), dtype=bool)


@dataclass(frozen=True, kw_only=True)
class ListenConfig:
    """How a model takes listens; all models have these settings.

    ``search`` says where good settings of a model are to be looked for.
    """

    search: ClassVar[Mapping[str, Range]] = {}

    scaling: str = "log-user-mean"
    """What a listen weighs: one of log-user-mean, binary, max, user-max, min-max, robust, cap."""
    cut: float = setting(_PERCENT, above=0, most=_PERCENT)
    """Percentile of plays above which a listen is not learned from; 100 learns from all."""
    half_life: float = setting(0.0, least=0)
    """Days after which a listen weighs half, counted back from the latest listen of all to when
    each was last heard; 0 weighs old and new alike."""

    def __post_init__(self) -> None:
        check_settings(self)
        scaled(csr_array((0, 0)), self.scaling)

    def decay(self, data: Dataset) -> Decay | None:
        """How listens of ``data`` weigh less with time; None where old and new weigh alike.

        InputError where they are to, and none has a time.
        """
        return Decay.of(data, self.half_life) if self.half_life else None

    def values(self, data: Dataset) -> csr_array:
        """The listens of ``data`` to learn from: scaled, then less by their age.

        InputError for a half-life where no listen has a time.
        """
        values, decay = scaled(cut(data.plays, self.cut), self.scaling), self.decay(data)
        return decay.applied(values, data.heard[_within(data.plays, self.cut)]) if decay else values

    def weights(self, data: Dataset) -> csr_array:
        """The same as float32 weights of a listen's confidence, which can't be below 0.

        InputError for a scaling that gives negative ones, and as for ``values``.
        """
        weights = self.values(data)
        if weights.data.min(initial=0.0) < 0:
            raise InputError(
                f"this model weighs listens, and the scaling {self.scaling!r} gives some a weight "
                "below 0: choose another one"
            )
        return weights.astype(np.float32)


def _shares(values: ArrayLike, totals: ArrayLike) -> NDArray[np.float64]:
    """``values`` / ``totals``, 0 where the total is 0."""
    parts, wholes = np.broadcast_arrays(
        np.asarray(values, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    )
    shares: NDArray[np.float64] = np.divide(
        parts, wholes, out=np.zeros_like(parts), where=wholes > 0
    )
    return shares


def _with_values(plays: csr_array, values: NDArray[np.float64]) -> csr_array:
    entries = (np.asarray(values, dtype=np.float64), plays.indices, plays.indptr)
    return csr_array(entries, shape=plays.shape)
