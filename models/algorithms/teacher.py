"""The best scores that are known for the whole graph: the sum of two linear models.

A factorisation (collective iALS) and a full-rank item-item model (collective EASE) of the same
matrix err differently, so that their sum ranks better than either:

    t_ua = (p_u.q_a + b e_ua) / (1 + b) * g_a,    g_a = max(1, listeners of a)^-x
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.collective_ease import EaseConfig
from tastegraph.models.algorithms.whole_graph import collective_matrix, learned_tags
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.als import AlsConfig, Factors, factorize, typical_weight
from tastegraph.models.solver.ease import Ease
from tastegraph.models.solver.fold_in import FixedSide
from tastegraph.models.solver.fold_in_model import FoldIn, FoldInModel
from tastegraph.runtime.progress import Progress

_POWER_STEPS = 4
_CG_STEPS = 2


@dataclass(frozen=True, kw_only=True)
class TeacherConfig(EaseConfig):
    """What shapes the two models and their sum."""

    search: ClassVar[Mapping[str, Range]] = {
        **EaseConfig.search,
        "unobserved": Range(0.02, 0.5, log=True),
        "reg": Range(0.02, 0.6, log=True),
        "ease_share": Range(0.5, 8.0, log=True),
        "popularity_discount": Range(0.0, 0.2),
    }

    als_dimensions: int = 64
    """Length of a vector of the factorisation that is summed with EASE."""
    epochs: int = 8
    """How often each side of it is solved."""
    unobserved: float = 0.06
    """Its weight a0 of a pair without an entry."""
    reg: float = 0.07
    """Strength of its regularisation, beside the listens of an average user."""
    ease_share: float = 3.4
    """b: what EASE's scores weigh beside the factorisation's."""
    popularity_discount: float = 0.07
    """x: how far an artist's listeners count against it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.ease_share >= 0:
            raise InputError(f"ease_share must be 0 or more, not {self.ease_share}.")
        self.als  # noqa: B018 - its own checks

    @property
    def als(self) -> AlsConfig:
        """Settings of the factorisation; starts that lie where the matrix does differ less in
        where they end, and two steps a half-sweep end where exact ones do.
        """
        return AlsConfig(
            dimensions=self.als_dimensions,
            epochs=self.epochs,
            unobserved=self.unobserved,
            reg=self.reg,
            power_steps=_POWER_STEPS,
            cg_steps=_CG_STEPS,
        )


@dataclass(frozen=True)
class Teacher:
    """Both models, fitted; rows are users then ``tags``, columns artists then friends.

    tags      (n,)         tag rows that were learned
    matrix    (rows, columns)
    factors   the factorisation
    ease      the full-rank model
    scale     (artists,)   g / (1 + b)
    """

    tags: NDArray[np.intp]
    matrix: csr_array
    factors: Factors
    ease: Ease
    scale: NDArray[np.float32]
    ease_share: float

    @classmethod
    def fit(
        cls, data: Dataset, config: TeacherConfig, seed: int, progress: Progress, label: str
    ) -> "Teacher":
        """Fit both to ``data``.

        ModelError if there is nothing to learn from, or a fit leaves the range of numbers.
        """
        tags = learned_tags(data.tag_counts, config.tag_artists)
        matrix = collective_matrix(data, tags, config)
        if not data.plays.nnz:
            raise ModelError("There is nothing to learn from: no listens. Load some first.")
        typical = typical_weight(config.weights(data.plays))
        factors = factorize(matrix, config.als, seed, progress, label, typical=typical)
        with progress(f"{label}: full rank", 1) as advance:
            ease = Ease.solve(matrix, config.ridges(matrix), config.exponent)
            advance(1)
        discount = np.maximum(data.listeners, 1.0) ** -config.popularity_discount
        scale = (discount / (1.0 + config.ease_share)).astype(np.float32)
        return cls(tags, matrix, factors, ease, scale, config.ease_share)

    def scores(self, rows: NDArray[np.intp] | slice, artists: slice = slice(None)) -> Matrix:
        """T at ``rows`` and ``artists``, dense."""
        columns = slice(*artists.indices(len(self.scale)))
        scores: Matrix = self.factors.rows[rows] @ self.factors.columns[columns].T
        scores += np.float32(self.ease_share) * self.ease.block(rows, columns)
        scores *= self.scale[columns]
        return scores

    def times(self, right: Matrix, rows: slice = slice(None)) -> Matrix:
        """T at ``rows`` times ``right`` (artists, k), without forming T; shape (rows, k)."""
        scaled = self._scaled(right)
        product: Matrix = self.factors.rows[rows] @ (self.factors.columns.T @ scaled)
        product += np.float32(self.ease_share) * self.ease.times(scaled, rows)
        return product

    def fold_in(self, basis: Matrix, config: TeacherConfig) -> FoldIn:
        """What each listen and friend adds to the rows of T ``basis``, basis (artists, d)."""
        artists = len(self.scale)
        scaled = self._scaled(basis)
        direct = np.float32(self.ease_share) * self.ease.weights_times(scaled)
        columns = np.hstack([self.factors.columns, direct])
        fold_in_model = FoldInModel(
            FixedSide.of(self.factors.columns, self.factors.penalty),
            mapping=self.factors.columns.T @ scaled,
            friend_weight=config.friend_weight,
            self_weight=config.self_weight,
            scaling=config.scaling,
        )
        return FoldIn(fold_in_model, columns[:artists], columns[artists:])

    def across(self, left: Matrix) -> Matrix:
        """T' times ``left`` (users, k), over the users' rows; shape (artists, k)."""
        users, artists = slice(0, len(left)), len(self.scale)
        product: Matrix = self.factors.columns[:artists] @ (self.factors.rows[users].T @ left)
        product += np.float32(self.ease_share) * self.ease.across(left, users)[:artists]
        return self.scale[:, None] * product

    def _scaled(self, right: Matrix) -> Matrix:
        """``right`` (artists, k) times ``scale``, and zeros for the friends: (columns, k)."""
        scaled = np.zeros((self.matrix.shape[1], right.shape[1]), dtype=np.float32)
        scaled[: len(self.scale)] = self.scale[:, None] * right
        return scaled
