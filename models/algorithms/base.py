"""What every model is: fitted on a dataset, it scores users, and may have vectors."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.errors import ModelError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.runtime.progress import Progress, silent

if TYPE_CHECKING:
    from tastegraph.models.data.evidence import Evidence
    from tastegraph.models.solver.fold_in_model import Influence

Matrix = NDArray[np.float32]

Config = TypeVar("Config", bound=ListenConfig)

EPOCH = "epoch"
LOSS = "loss"


@dataclass(frozen=True)
class Vectors:
    """A user's score for an artist is the dot product of their vectors.

    users    (users, d)
    artists  (artists, d)
    tags     (tags, d), or None where the model has none; a row of zeros for a tag that was
             too rare to be learned
    """

    users: Matrix
    artists: Matrix
    tags: Matrix | None = None

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.artists.shape[1])


class Model(ABC, Generic[Config]):
    """A way to score artists for users, learned from listens, friendships and tags.

    Each model has a configuration dataclass with a docstring a field, which is what
    ``train --set name=value`` sets. What ``fit`` leaves beside the scores is None or empty
    where a model has no such thing:

    vectors        one vector a user and one an artist whose dot product is the score
    training_loss  value of the objective at the end
    history        one row an epoch: column epoch (from 1), then loss and what else there is
    notes          sentences for the person who trains
    influence      what each listen and friend adds to a user's vector, where that is known
    """

    name: ClassVar[str]
    has_vectors: ClassVar[bool] = False
    has_history: ClassVar[bool] = False

    def __init__(self, config: Config) -> None:
        self.config = config
        self.vectors: Vectors | None = None
        self.training_loss: float | None = None
        self.history: pd.DataFrame | None = None
        self.notes: list[str] = []
        self.influence: Influence | None = None

    @abstractmethod
    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError if there is nothing to learn from, or training leaves the range of numbers.
        """

    def learn(self, evidence: "Evidence", seed: int = 0, progress: Progress = silent) -> None:
        """Learn from all that is known, for models to which it matters who gave which tag."""
        self.fit(evidence.data, seed, progress)

    @abstractmethod
    def score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists).

        ModelError before ``fit``.
        """


class FactorModel(Model[Config]):
    """A model that ends in ``vectors``: scores are dot products."""

    has_vectors = True

    def score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists)."""
        if self.vectors is None:
            raise untrained()
        return np.asarray(self.vectors.users[users] @ self.vectors.artists.T)


def untrained() -> ModelError:
    """What asking a model before ``fit`` raises."""
    return ModelError("The model has not been trained yet. Train it first.")
