"""``collective``: the best vectors of a given length for the best scores that are known.

The teacher's scores T (users, artists) are approximated by their d largest singular triplets,
which no other d vectors do better (Eckart and Young 1936): T = U S V'. They are found by products
with T alone (``models.solver.low_rank``). Both sides get S^(1/2), so that artists near each other
are alike in who listens to them:

    artists  V S^(1/2)
    rows     T V S^(-1/2)    which for users is U S^(1/2)
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from tastegraph.models.algorithms.base import FactorModel
from tastegraph.models.algorithms.teacher import Teacher, TeacherConfig
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.solver.fold_in_model import can_fold_in
from tastegraph.models.solver.low_rank import Triplets, largest, residual
from tastegraph.runtime.progress import Progress, silent

# Directions beyond those that are kept, and steps to turn them: what is lost of the best
# approximation is then far below what another seed changes.
_SPARE = 32
_STEPS = 2


@dataclass(frozen=True, kw_only=True)
class CollectiveConfig(TeacherConfig):
    """What shapes the teacher, and how long its student's vectors are."""

    dimensions: int = setting(256, above=0)
    """Length d of a vector; fewer where the scores have a smaller rank."""


class Collective(FactorModel[CollectiveConfig]):
    """Users, artists and tags as the best approximation of ``collective-exact``."""

    name: ClassVar[str] = "collective"

    def __init__(self, config: CollectiveConfig | None = None) -> None:
        super().__init__(config or CollectiveConfig())

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ``training_loss`` is the sum of squared differences between the teacher's scores of
        users and these vectors' dot products, estimated above a few users (see ``residual``).
        """
        teacher = Teacher.fit(data, self.config, seed, progress, self.name)
        values, right = self.distil(teacher, data, seed, progress)
        if can_fold_in(self.config):
            self.fold_in = teacher.fold_in(_basis(values, right), self.config)
        self.training_loss = residual(teacher.across, right, len(data.users), seed)

    def distil(
        self, teacher: Teacher, data: Dataset, seed: int = 0, progress: Progress = silent
    ) -> Triplets:
        """Learn the vectors from ``teacher``, which was fitted to ``data``; gives S and V."""
        users, tags = len(data.users), teacher.tags
        with progress(f"{self.name}: student", 1) as advance:
            values, right = self._largest(teacher, users, seed)
            basis = _basis(values, right)
            rows = teacher.times(basis)
            advance(1)
        tag_vectors = np.zeros((len(data.tags), len(values)), dtype=np.float32)
        tag_vectors[tags] = rows[users:]
        self.vectors = Vectors(rows[:users], basis * values, tag_vectors)
        return Triplets(values, right)

    def _largest(self, teacher: Teacher, users: int, seed: int) -> Triplets:
        """The largest singular triplets of the users' scores."""
        return largest(
            lambda right: teacher.times(right, slice(0, users)),
            teacher.across,
            _start(teacher, users, self.config.dimensions + _SPARE, seed),
            dimensions=self.config.dimensions,
            steps=_STEPS,
        )


def _basis(values: Matrix, right: Matrix) -> Matrix:
    """V S^(-1/2), which turns a row of scores into its vector."""
    return np.asarray(right * np.reciprocal(np.sqrt(values)))


def _start(teacher: Teacher, users: int, count: int, seed: int) -> Matrix:
    """Directions of users to begin with: random ones, turned to the largest of the listens."""
    listens = csr_array(teacher.matrix[:users, : len(teacher.scale)])
    shape = users, min(users, count)
    start = np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
    return np.asarray(listens @ (listens.T @ start))
