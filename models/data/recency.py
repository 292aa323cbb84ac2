"""How much less a listen weighs that was last heard long ago."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.data.dataset import Dataset

_DAY = 86_400.0


@dataclass(frozen=True)
class Decay:
    """Weights that halve with time.

    half_life  days after which a listen weighs half
    newest     when the latest listen of a training was last heard, in seconds since 1970
    """

    half_life: float
    newest: float

    @classmethod
    def of(cls, data: Dataset, half_life: float) -> "Decay":
        """By ``half_life`` before the latest listen of ``data``.

        InputError where no listen of it has a time.
        """
        if not len(data.heard) or np.isnan(data.heard).all():
            raise InputError(
                "no listen has a time, so none is older than another: load a history that says "
                "when each play was (see docs/data.md), or leave the half-life out"
            )
        return cls(half_life, float(np.nanmax(data.heard)))

    def factors(self, heard: NDArray[np.float64]) -> NDArray[np.float64]:
        """0.5 ^ (age in days / half_life) of listens last ``heard`` then, seconds since 1970.

        A listen without a time (NaN), or newer than a training knows, weighs 1.
        """
        ages = np.maximum(self.newest - heard, 0.0) / _DAY
        # Of what is older than numbers reach, nothing is left.
        with np.errstate(over="ignore"):
            factors = np.exp2(-ages / self.half_life)
        return np.where(np.isnan(heard), 1.0, factors)

    def applied(self, weights: csr_array, heard: NDArray[np.float64]) -> csr_array:
        """``weights`` times the factors of their entries, last ``heard`` (entries,) then."""
        entries = (weights.data * self.factors(heard), weights.indices, weights.indptr)
        return csr_array(entries, shape=weights.shape)
