"""What every model is: fitted on a dataset, it scores users, and may have vectors."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from graph.progress import Progress, silent
from models.dataset import Dataset

Matrix = NDArray[np.float32]


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


class Model(Protocol):
    """A way to score artists for users, learned from listens, friendships and tags.

    Each model has a configuration dataclass with a docstring a field, which is what
    ``train --set name=value`` sets.
    """

    name: ClassVar[str]

    @property
    def config(self) -> Any:
        """The configuration, a dataclass of numbers."""

    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Learn from ``data``; the same data and seed give the same model."""

    def score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists)."""

    @property
    def vectors(self) -> Vectors | None:
        """The model as one vector a user and one an artist, where it has that form."""

    @property
    def training_loss(self) -> float | None:
        """Value of the objective after the last sweep, where the model has one."""
