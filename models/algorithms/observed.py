"""What the models that fit the value of each observed listen have in common.

They learn how much a listen weighs, and see nothing of the pairs without one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import ModelError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.settings import setting
from tastegraph.models.data.sparse_rows import entry_rows
from tastegraph.models.data.vectors import Matrix

# A stream of its own, so that holding listens out leaves the first vectors as they are.
_HOLD_OUT = 1


@dataclass(frozen=True)
class ObservedConfig(ListenConfig):
    """How observed listens are gone through."""

    scaling: str = "user-max"
    """What a listen weighs: one of log-user-mean, binary, max, user-max, min-max, robust, cap."""
    dimensions: int = setting(5, above=0)
    """Length d of a vector."""
    epochs: int = setting(5, above=0)
    """How often the listens are gone through."""
    learning_rate: float = setting(0.001, above=0)
    """Size of a step."""
    holdout: float = setting(0.0, least=0, below=1)
    """Share of the listens, after scaling, that only measures the error: they are not learned."""


@dataclass(frozen=True)
class Observed:
    """Scaled listens as matrices (users, artists); an entry that is 0 is a listen, too.

    learned  what the model learns
    held     what only measures its error; without entries where nothing is held out
    """

    learned: csr_array
    held: csr_array

    @classmethod
    def of(cls, data: Dataset, config: ObservedConfig, seed: int) -> "Observed":
        """Scale the listens of ``data`` and draw those that are held out.

        ModelError if none are left to learn.
        """
        listens = config.values(data)
        order = np.random.default_rng((seed, _HOLD_OUT)).permutation(listens.nnz)
        held = round(config.holdout * listens.nnz)
        if held == listens.nnz:
            raise ModelError("There is nothing to learn from: no listens. Load some first.")
        return cls(_entries(listens, order[held:]), _entries(listens, order[:held]))

    def without_unseen(self, users: Matrix, artists: Matrix) -> tuple[Matrix, Matrix]:
        """The vectors, with zeros where a user or an artist has no listen that was learned.

        Nothing moved those from where chance put them, so that they would rank by chance.
        """
        matrix = self.learned
        heard = np.bincount(matrix.indices, minlength=matrix.shape[1]) > 0
        return users * (np.diff(matrix.indptr) > 0)[:, None], artists * heard[:, None]


def diverged(epoch: int, learning_rate: float) -> ModelError:
    """What a loss that is no number raises."""
    return ModelError(
        f"training left the range of numbers in epoch {epoch} with learning_rate {learning_rate}: "
        "try a smaller one (--set learning_rate=...)"
    )


def _entries(matrix: csr_array, chosen: NDArray[np.intp]) -> csr_array:
    """The entries with the numbers ``chosen``, in the order of the matrix."""
    kept = np.sort(chosen)
    entries = (
        matrix.data[kept].astype(np.float32),
        (entry_rows(matrix)[kept], matrix.indices[kept]),
    )
    return csr_array(entries, shape=matrix.shape)
