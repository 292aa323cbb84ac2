"""``friends``: what a user's friends listen to, on average."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True)
class FriendsConfig(ListenConfig):
    """What a friend's listen weighs."""


class Friends(Model[FriendsConfig]):
    """Scores an artist by the mean of what the friends' listens to it weigh.

    A friend who does not listen counts 0; who has no friends scores every artist 0.
    """

    name: ClassVar[str] = "friends"

    def __init__(self, config: FriendsConfig | None = None) -> None:
        super().__init__(config or FriendsConfig())
        self._friends: csr_array | None = None
        self._listens: csr_array | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Keep the friendships and what the listens weigh."""
        self._friends = csr_array(data.friends.astype(np.float32))
        self._listens = self.config.values(data).astype(np.float32)

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Mean weight of the friends' listens, shape (len(users), artists)."""
        assert self._friends is not None
        assert self._listens is not None
        friends = self._friends[users]
        counts = np.maximum(np.diff(friends.indptr), 1).astype(np.float32)
        scores: Matrix = (friends @ self._listens).toarray()
        scores /= counts[:, None]
        return scores
