"""``collective``: the best vectors of a given length for the best scores that are known.

The teacher's scores T (users, artists) are approximated by their d largest singular triplets,
which no other d vectors do better (Eckart and Young 1936): T T' = U S^2 U', V = T' U / S. Both
sides get S^(1/2), so that artists near each other are alike in who listens to them:

    artists  V S^(1/2)
    rows     T V S^(-1/2)    which for users is U S^(1/2)
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from tastegraph.errors import InputError
from tastegraph.models.algorithms.base import FactorModel
from tastegraph.models.algorithms.collective_als import CollectiveAls, CollectiveAlsConfig
from tastegraph.models.algorithms.teacher import Teacher, TeacherConfig
from tastegraph.models.algorithms.whole_graph import learned_tags
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.solver.fold_in_model import can_fold_in
from tastegraph.runtime.progress import Progress, silent

# Scores held at once while T T' is summed up.
_BLOCK_FLOATS = 20_000_000

# Singular values below this share of the largest are rounding.
_ROUNDING = 1e-3


@dataclass(frozen=True, kw_only=True)
class CollectiveConfig(TeacherConfig):
    """What shapes the teacher, and how long its student's vectors are."""

    dimensions: int = 256
    """Length d of a vector; fewer where the scores have a smaller rank."""
    most_rows: int = 20_000
    """Users and tags up to which the full-rank model is solved: its time grows with their third
    power, its memory with their square. Above, collective-als learns the vectors."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("dimensions", "most_rows"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} must be above 0, not {getattr(self, name)}.")


class Collective(FactorModel[CollectiveConfig]):
    """Users, artists and tags as the best approximation of ``collective-exact``."""

    name: ClassVar[str] = "collective"

    def __init__(self, config: CollectiveConfig | None = None) -> None:
        super().__init__(config or CollectiveConfig())

    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ``training_loss`` is the sum of squared differences between the teacher's scores of
        users and these vectors' dot products.
        """
        tags = learned_tags(data.tag_counts, self.config.tag_artists)
        if len(data.users) + len(tags) > self.config.most_rows:
            self._factorize(data, len(tags), seed, progress)
            return
        teacher = Teacher.fit(data, self.config, seed, progress, self.name)
        users = len(data.users)
        with progress(f"{self.name}: student", 1) as advance:
            squares, left, total = _largest(teacher, users, self.config.dimensions)
            # V S^(-1/2), which turns a row of scores into its vector.
            basis = teacher.across(left) / squares**0.75
            rows = teacher.times(basis)
            advance(1)
        tag_vectors = np.zeros((len(data.tags), len(squares)), dtype=np.float32)
        tag_vectors[tags] = rows[users:]
        self.vectors = Vectors(rows[:users], basis * np.sqrt(squares), tag_vectors)
        if can_fold_in(self.config):
            self.fold_in = teacher.fold_in(basis, self.config)
        self.training_loss = max(0.0, total - float(squares.sum(dtype=np.float64)))

    def _factorize(self, data: Dataset, tags: int, seed: int, progress: Progress) -> None:
        """Learn the vectors by the factorisation alone."""
        self.notes.append(
            f"{len(data.users):,} users and {tags:,} tags are more rows than the full-rank model "
            f"is solved for ({self.config.most_rows:,}; --set most_rows=...): collective-als "
            "learned the vectors"
        )
        model = CollectiveAls(CollectiveAlsConfig(dimensions=self.config.dimensions))
        model.fit(data, seed, progress)
        self.vectors, self.fold_in = model.vectors, model.fold_in
        self.training_loss = model.training_loss


def _largest(teacher: Teacher, users: int, count: int) -> tuple[NDArray[np.float32], Matrix, float]:
    """The largest ``count`` of S^2 and their columns of U, and the sum of all S^2.

    A column's largest entry is positive, since the sign is free.
    """
    gram = np.zeros((users, users))
    artists, width = len(teacher.scale), max(1, _BLOCK_FLOATS // users)
    for start in range(0, artists, width):
        scores = teacher.scores(slice(0, users), slice(start, start + width))
        gram += scores @ scores.T
    squares, left = eigh(gram, subset_by_index=(max(0, users - count), users - 1))
    kept = np.flatnonzero(squares > _ROUNDING**2 * squares[-1])[::-1]
    squares, left = squares[kept], left[:, kept]
    highest = left[np.abs(left).argmax(axis=0), np.arange(len(kept))]
    return (
        squares.astype(np.float32),
        (left * np.sign(highest)).astype(np.float32),
        float(np.trace(gram)),
    )
