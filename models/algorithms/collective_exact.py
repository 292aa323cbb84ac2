"""``collective-exact``: the teacher itself, at full rank, as the yardstick of ``collective``."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.teacher import Teacher, TeacherConfig
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress


class CollectiveExact(Model[TeacherConfig]):
    """Scores by the sum of collective iALS and collective EASE, which no vectors hold."""

    name: ClassVar[str] = "collective-exact"

    def __init__(self, config: TeacherConfig | None = None) -> None:
        super().__init__(config or TeacherConfig())
        self._teacher: Teacher | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model."""
        self._teacher = Teacher.fit(data, self.config, seed, progress, self.name)

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists)."""
        assert self._teacher is not None
        return self._teacher.scores(users)
