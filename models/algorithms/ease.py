"""``ease``: each artist predicted from all others, in closed form."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from graph.errors import InputError, ModelError
from graph.progress import Progress, silent
from models.base import Matrix, Model, untrained
from models.dataset import Dataset
from models.scalings import ListenConfig

# Artists whose columns of users are in memory at once.
BLOCK = 2_048

# A matrix of users by users is inverted: about 8 GB for as many.
MOST_USERS = 20_000

# 1 - h below this has too few digits left to divide by.
_LEAST = 1e-9


@dataclass(frozen=True)
class EaseConfig(ListenConfig):
    """What shapes EASE; the defaults were chosen on slices of train."""

    reg: float = 75.0
    """lambda: strength of the regularisation."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.reg < np.inf:
            raise InputError(f"reg must be a number above 0, not {self.reg}.")


class Ease(Model[EaseConfig]):
    """Embarrassingly shallow autoencoder (Steck 2019), solved by users instead of by artists.

    Least squares |X - X W|^2 + lambda |W|^2 with a zero diagonal: W_ij = -P_ij / P_jj for
    i != j, P = (X'X + lambda I)^-1. By Woodbury, with G = (I + X X' / lambda)^-1, which is
    users by users,

        X P = G X / lambda,   P_jj = (1 - h_j) / lambda,   h_j = (X' G X)_jj / lambda,

    so that the scores are X W = X - G X / (1 - h). Kept are G and X: the scores of a user are
    that user's row of G times the sparse X, computed when they are asked for.
    """

    name: ClassVar[str] = "ease"

    def __init__(self, config: EaseConfig | None = None) -> None:
        super().__init__(config or EaseConfig())
        self._listens: csr_array | None = None
        self._inverse: Matrix
        self._scale: Matrix

    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Invert the matrix of users; ModelError where there are too many of them."""
        users, artists = data.plays.shape
        if users > MOST_USERS:
            raise ModelError(
                f"ease inverts a matrix of users by users, and {users:,} are more than the "
                f"{MOST_USERS:,} it is made for: take another model, 'als' for one"
            )
        listens = self.config.values(data.plays)
        with progress(self.name, artists + 1) as advance:
            system = np.eye(users) + (listens @ listens.T).toarray() / self.config.reg
            inverse = cho_solve(
                cho_factor(system, lower=True, overwrite_a=True), np.eye(users), overwrite_b=True
            )
            advance(1)
            leverages = np.empty(artists)
            for start in range(0, artists, BLOCK):
                part = listens[:, start : start + BLOCK].T
                leverages[start : start + BLOCK] = part.multiply(part @ inverse).sum(axis=1)
                advance(part.shape[0])
        left = 1.0 - leverages / self.config.reg
        if left.min(initial=1.0) < _LEAST:
            raise ModelError(
                f"ease can't be solved with reg={self.config.reg}, which is too small beside the "
                "weights of the listens: give a larger one (--set reg=...)"
            )
        self._scale = (1.0 / left).astype(np.float32)
        self._inverse = inverse.astype(np.float32)
        self._listens = listens.astype(np.float32)

    def score(self, users: NDArray[np.intp]) -> Matrix:
        """Rows of X W, shape (len(users), artists)."""
        if self._listens is None:
            raise untrained()
        scores = np.ascontiguousarray((self._listens.T @ self._inverse[users].T).T)
        scores *= -self._scale
        heard = self._listens[users].tocoo()
        scores[heard.row, heard.col] += heard.data
        return scores
