"""What every model is: fitted on a dataset, it scores users, and may have vectors."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.errors import ModelError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.ranking.weights import EMBEDDING_ALONE, SignalWeights
from tastegraph.models.solver.fold_in_model import FoldIn
from tastegraph.runtime.progress import Progress, silent

Config = TypeVar("Config", bound=ListenConfig)

EPOCH = "epoch"
LOSS = "loss"


class Model(ABC, Generic[Config]):
    """A way to score artists for users, learned from listens, friendships and tags.

    Each model has a configuration dataclass with a docstring a field, which is what
    ``train --set name=value`` sets. What ``fit`` leaves beside the scores is None or empty
    where a model has no such thing:

    vectors        one vector a user and one an artist whose dot product is the score
    training_loss  value of the objective at the end
    history        one row an epoch: column epoch (from 1), then loss and what else there is
    notes          sentences for the person who trains
    fold_in        what each listen and friend adds to a user's vector, where that is known
    """

    name: ClassVar[str]
    has_vectors: ClassVar[bool] = False
    has_history: ClassVar[bool] = False
    has_signals: ClassVar[bool] = False
    """Whether scores are the weighted sum of the signals: ``signals`` says of which."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.vectors: Vectors | None = None
        self.training_loss: float | None = None
        self.history: pd.DataFrame | None = None
        self.notes: list[str] = []
        self.fold_in: FoldIn | None = None
        self._is_fitted = False

    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError if there is nothing to learn from, or training leaves the range of numbers.
        InputError for a half-life where no listen has a time.
        """
        if not data.plays.nnz:
            raise nothing_to_learn()
        self.notes = self._untimed(data)
        self._fit(data, seed, progress)
        self._is_fitted = True

    def score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists).

        ModelError before ``fit``.
        """
        if not self._is_fitted:
            raise untrained()
        return self._score(users)

    def _untimed(self, data: Dataset) -> list[str]:
        """How many listens of ``data`` weigh as new ones because nobody knows when they were."""
        untimed = int(np.isnan(data.heard).sum()) if self.config.decay(data) else 0
        if not untimed:
            return []
        return [f"{untimed:,} of {data.plays.nnz:,} listens have no time: they weigh as new ones"]

    @abstractmethod
    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``, which has listens."""

    @abstractmethod
    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores after ``_fit``, shape (len(users), artists)."""

    def signals(self) -> tuple[Vectors, SignalWeights]:
        """The vectors and the weights by which the signals add up to the scores.

        ModelError before ``fit``, and for a model whose scores are made otherwise.
        """
        if self.vectors is None:
            raise untrained()
        return self.vectors, EMBEDDING_ALONE


class FactorModel(Model[Config]):
    """A model that ends in ``vectors``: scores are dot products."""

    has_vectors = True
    has_signals = True

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        assert self.vectors is not None
        return np.asarray(self.vectors.users[users] @ self.vectors.artists.T)


def untrained() -> ModelError:
    """What asking a model before ``fit`` raises."""
    return ModelError("The model has not been trained yet. Train it first.")


def nothing_to_learn() -> ModelError:
    """What fitting a model to no listens raises."""
    return ModelError("There is nothing to learn from: no listens. Load some first.")
