"""``collective-als``: users, artists, friends and tags in one space."""

from typing import ClassVar

import numpy as np

from graph.progress import Progress, silent
from models.als import factorize
from models.base import Matrix, Vectors
from models.collective import CollectiveConfig, collective_matrix, learned_tags
from models.dataset import Dataset
from models.factor_model import FactorModel
from models.foldin import FixedSide


class CollectiveAls(FactorModel):
    """Factorises listens, friendships and tags together.

    A user's entries are artists and friends, an artist's are listeners and tags. After ``fit``,
    beside what every factor model has:

    friends  (users, d)  column vectors of the users: what a friend of theirs gains
    """

    name: ClassVar[str] = "collective-als"

    friends: Matrix

    def __init__(self, config: CollectiveConfig | None = None) -> None:
        super().__init__()
        self.config = config or CollectiveConfig()

    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError if there is nothing to learn from or the objective is no number any more.
        """
        users, artists = len(data.users), len(data.artists)
        tags = learned_tags(data.tag_counts, self.config.tag_artists)
        matrix = collective_matrix(data, tags, self.config)
        factors = factorize(matrix, self.config, seed, progress, self.name)
        tag_vectors = np.zeros((len(data.tags), self.config.dimensions), dtype=np.float32)
        tag_vectors[tags] = factors.rows[users:]
        self._learned(
            Vectors(factors.rows[:users], factors.columns[:artists], tag_vectors), factors.loss
        )
        self.friends = factors.columns[artists:]
        self.for_users = FixedSide.of(factors.columns, self.config.penalty)
        self.for_artists = FixedSide.of(factors.rows, self.config.penalty)
