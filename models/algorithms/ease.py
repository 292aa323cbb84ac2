"""``ease``: each artist predicted from all others, in closed form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.ease import Ease as Solved
from tastegraph.runtime.progress import Progress

# A matrix of users by users is inverted: some 5 GB for as many.
MOST_USERS = 20_000


@dataclass(frozen=True)
class EaseConfig(ListenConfig):
    """What shapes EASE; the defaults were chosen on slices of train."""

    search: ClassVar[Mapping[str, Range]] = {"reg": Range(10.0, 1_000.0, log=True)}

    reg: float = setting(75.0, above=0)
    """lambda: strength of the regularisation."""


class Ease(Model[EaseConfig]):
    """Embarrassingly shallow autoencoder (Steck 2019) of the listens X.

    Least squares |X - X W|^2 + lambda |W|^2 over W with a zero diagonal, solved by users
    instead of by artists (``tastegraph.models.solver.ease``). Scores are X W, computed from X
    and the inverse of users by users when they are asked for; no dense matrix of artists is kept.
    """

    name: ClassVar[str] = "ease"

    def __init__(self, config: EaseConfig | None = None) -> None:
        super().__init__(config or EaseConfig())
        self._solved: Solved | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; nothing here is random. ModelError for too many users."""
        users, artists = data.plays.shape
        if users > MOST_USERS:
            raise ModelError(
                f"ease inverts a matrix of users by users, and {users:,} are more than the "
                f"{MOST_USERS:,} it is made for: take another model, 'als' for one"
            )
        listens = self.config.values(data)
        with progress(self.name, 1) as advance:
            solved = Solved.solve(listens, np.full(artists, self.config.reg))
            advance(1)
        # 1 - h is lambda / (lambda + sum of the artist's squares) at least.
        if solved.left.min(initial=1.0) <= np.finfo(np.float32).eps:
            raise ModelError(
                f"ease can't be solved with reg={self.config.reg}, which is too small beside the "
                "weights of the listens: give a larger one (--set reg=...)"
            )
        self._solved = solved

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Rows of X W, shape (len(users), artists)."""
        assert self._solved is not None
        return self._solved.block(users, slice(None))
