"""``collective-ease``: a full-rank linear model of the whole graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.whole_graph import GraphConfig, collective_matrix, learned_tags
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.ease import Ease
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True, kw_only=True)
class EaseConfig(GraphConfig):
    """What shapes EASE on the whole graph."""

    search: ClassVar[Mapping[str, Range]] = {
        "ridge": Range(20.0, 400.0, log=True),
        "ridge_exponent": Range(0.0, 0.8),
        "dropout": Range(0.0, 1.5),
        "exponent": Range(0.0, 1.0),
        "friend_weight": Range(0.1, 2.0, log=True),
        "tag_weight": Range(0.1, 2.0, log=True),
    }

    ridge: float = setting(90.0, above=0)
    """Ridge of a column of average weight."""
    ridge_exponent: float = 0.33
    """How a column's ridge grows with its weight."""
    dropout: float = setting(0.4, least=0)
    """Ridge for each unit of a column's weight: how far entries are taken to be missing by chance
    (Steck 2020)."""
    exponent: float = 0.5
    """x: how much bolder columns are predicted that others explain; 1 is plain EASE."""

    def ridges(self, matrix: csr_array) -> NDArray[np.float64]:
        """Lambda of each column of ``matrix``, from its sum of squares."""
        weights = np.bincount(
            matrix.indices, matrix.data.astype(np.float64) ** 2, minlength=matrix.shape[1]
        )
        relative = (weights + 1.0) / np.mean(weights + 1.0)
        ridges: NDArray[np.float64] = (
            self.ridge * relative**self.ridge_exponent + self.dropout * weights
        )
        return ridges


class CollectiveEase(Model[EaseConfig]):
    """Predicts listens from listens, friendships and tags by one item-item model of full rank."""

    name: ClassVar[str] = "collective-ease"

    def __init__(self, config: EaseConfig | None = None) -> None:
        super().__init__(config or EaseConfig())
        self._solved: Ease | None = None
        self._artists = 0

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; nothing here is random."""
        tags = learned_tags(data.tag_counts, self.config.tag_artists)
        matrix = collective_matrix(data, tags, self.config)
        with progress(self.name, 1) as advance:
            self._solved = Ease.solve(matrix, self.config.ridges(matrix), self.config.exponent)
            advance(1)
        self._artists = len(data.artists)

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists)."""
        assert self._solved is not None
        return self._solved.block(users, slice(0, self._artists))
