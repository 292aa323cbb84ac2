"""``popularity``: the most listened artists, the same for everybody."""

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
class PopularityConfig(ListenConfig):
    """What counts as heard."""

    scaling: str = "binary"
    """What a listen counts: with binary a score is a number of listeners."""


class Popularity(Model[PopularityConfig]):
    """Scores an artist by its listeners.

    It has no vectors to keep in the graph: in one dimension every artist points the same way,
    so that none would be nearer to another.
    """

    name: ClassVar[str] = "popularity"

    def __init__(self, config: PopularityConfig | None = None) -> None:
        super().__init__(config or PopularityConfig())
        self._scores: Matrix | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Count the listeners of each artist."""
        listens = self.config.values(data)
        self._scores = np.asarray(listens.sum(axis=0), dtype=np.float32)

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """What the listens to an artist sum to, shape (len(users), artists): alike for all."""
        assert self._scores is not None
        return np.tile(self._scores, (len(users), 1))
