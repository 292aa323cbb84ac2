"""``random``: artists by lot, the floor under every other model."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True)
class RandomConfig(ListenConfig):
    """Nothing to set: listens are not looked at."""


class Random(Model[RandomConfig]):
    """Scores drawn evenly from 0 to 1, by user row and seed."""

    name: ClassVar[str] = "random"

    def __init__(self, config: RandomConfig | None = None) -> None:
        super().__init__(config or RandomConfig())
        self._artists = -1
        self._seed = 0

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Keep the number of artists and the seed."""
        self._artists, self._seed = len(data.artists), seed

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Random scores, shape (len(users), artists).

        A user has the same ones whoever else is asked for.
        """
        scores = np.empty((len(users), self._artists), dtype=np.float32)
        for row, user in zip(scores, users, strict=True):
            np.random.default_rng([self._seed, user]).random(out=row, dtype=np.float32)
        return scores
