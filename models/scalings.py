"""Named scalings of plays, and the cut of the most extreme.

Each scaling takes plays (users, artists), one entry a listen, and gives float64 values in the
same places.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.errors import InputError
from models.collective import listen_weights

# Plays above this count as this many, in the scaling "cap".
CAP = 2_000.0

Floats = NDArray[np.float64]


def by_max(plays: csr_array) -> csr_array:
    """Plays / the largest of all."""
    values = _values(plays)
    return _like(plays, _divided(values, values.max(initial=0.0)))


def by_user_max(plays: csr_array) -> csr_array:
    """Plays / the largest of the user's own (the study's playedUserNorm)."""
    values, users = _values(plays), _users(plays)
    largest = np.zeros(plays.shape[0])
    np.maximum.at(largest, users, values)
    return _like(plays, _divided(values, largest[users]))


def min_max(plays: csr_array) -> csr_array:
    """(plays - min) / (max - min), over all listens (the study's playCountScaled)."""
    values = _values(plays)
    least = values.min(initial=np.inf) if len(values) else 0.0
    return _like(plays, _divided(values - least, values.max(initial=0.0) - least))


def robust(plays: csr_array) -> csr_array:
    """(plays - median) / (q3 - q1), over all listens."""
    values = _values(plays)
    if not len(values):
        return _like(plays, values)
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
    return _like(plays, _divided(values - median, high - low))


def cap(plays: csr_array) -> csr_array:
    """min(plays, 2,000), otherwise unscaled."""
    return _like(plays, np.minimum(_values(plays), CAP))


def log_user_mean(plays: csr_array) -> csr_array:
    """log(1 + plays) / the mean of the user's own log(1 + plays)."""
    return _like(plays, _values(listen_weights(plays)))


def binary(plays: csr_array) -> csr_array:
    """1 for every listen."""
    return _like(plays, np.ones(len(plays.data)))


SCALINGS: dict[str, Callable[[csr_array], csr_array]] = {
    "max": by_max,
    "user-max": by_user_max,
    "min-max": min_max,
    "robust": robust,
    "cap": cap,
    "log-user-mean": log_user_mean,
    "binary": binary,
}


def scaled(plays: csr_array, name: str) -> csr_array:
    """``plays`` by the scaling ``name``; raises InputError for a name that is none."""
    if name not in SCALINGS:
        raise InputError(f"there is no scaling {name!r}: choose among {', '.join(SCALINGS)}")
    return SCALINGS[name](plays)


def cut(plays: csr_array, percentile: float) -> csr_array:
    """``plays`` without the listens whose plays are above the percentile (0 to 100)."""
    values = _values(plays)
    if not len(values):
        return plays
    kept = values <= np.percentile(values, percentile)
    entries = (values[kept], (_users(plays)[kept], plays.indices[kept]))
    return csr_array(entries, shape=plays.shape)


def _values(plays: csr_array) -> Floats:
    return np.asarray(plays.data, dtype=np.float64)


def _users(plays: csr_array) -> NDArray[np.intp]:
    """The row of each entry."""
    return np.repeat(np.arange(plays.shape[0]), np.diff(plays.indptr))


def _divided(values: Floats, by: Floats | float) -> Floats:
    """Values / by; 0 where there is nothing to divide by."""
    divisors = np.broadcast_to(np.asarray(by, dtype=np.float64), values.shape)
    return np.divide(values, divisors, out=np.zeros_like(values), where=divisors != 0)


def _like(plays: csr_array, values: Floats) -> csr_array:
    return csr_array((values, plays.indices, plays.indptr), shape=plays.shape)
