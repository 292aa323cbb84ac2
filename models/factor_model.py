"""What all models that end in factors share: scores are dot products."""

import numpy as np
from numpy.typing import NDArray

from graph.errors import ModelError
from models.base import Matrix, Vectors
from models.foldin import FixedSide


class FactorModel:
    """A model that ``fit`` of a subclass has filled in through ``_learned``.

    After ``fit``, beside ``vectors``:

    for_users    what folding in a user needs of the columns
    for_artists  what folding in an artist needs of the rows
    """

    for_users: FixedSide
    for_artists: FixedSide

    def __init__(self) -> None:
        self._vectors: Vectors | None = None
        self._loss: float | None = None

    def _learned(self, vectors: Vectors, loss: float) -> None:
        self._vectors, self._loss = vectors, loss

    def score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists).

        ModelError before ``fit``.
        """
        if self._vectors is None:
            raise ModelError("The model has not been trained yet. Train it first.")
        return np.asarray(self._vectors.users[users] @ self._vectors.artists.T)

    @property
    def vectors(self) -> Vectors | None:
        """Vectors of users, artists and, where they are learned, tags; None before ``fit``."""
        return self._vectors

    @property
    def training_loss(self) -> float | None:
        """Value of the objective after the last sweep; None before ``fit``."""
        return self._loss
