"""The best scores that are known for the whole graph: the sum of two linear models.

A factorisation (collective iALS) and a full-rank item-item model (collective EASE) of the same
matrix err differently, so that their sum ranks better than either; so do factorisations that begin
elsewhere, of which p_u.q_a may be the mean:

    t_ua = (p_u.q_a + b e_ua) / (1 + b) * g_a,    g_a = max(1, listeners of a)^-x

Where rows are too many for EASE to be solved whole, it is solved for the heaviest columns, and
e_ua is 0 for all others: there the factorisation alone tells artists apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.algorithms.collective_ease import EaseConfig
from tastegraph.models.algorithms.whole_graph import collective_matrix, learned_tags
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.recency import Decay
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.solver.als import AlsConfig, Factors, factorize, typical_weight
from tastegraph.models.solver.ease import Ease
from tastegraph.models.solver.ease_columns import ColumnEase
from tastegraph.models.solver.fold_in import FixedSide, Penalty
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
    starts: int = setting(1, above=0)
    """How many factorisations, each from vectors of its own, are averaged for it."""
    epochs: int = 12
    """How often each side of it is solved."""
    unobserved: float = 0.06
    """Its weight a0 of a pair without an entry."""
    reg: float = 0.07
    """Strength of its regularisation, beside the listens of an average user."""
    ease_share: float = 3.4
    """b: what EASE's scores weigh beside the factorisation's; 0 leaves it out, inf leaves the
    factorisation out."""
    popularity_discount: float = 0.07
    """x: how far an artist's listeners count against it."""
    most_rows: int = setting(8_000, above=0)
    """Users and tags up to which EASE is solved whole; above, it is solved for as many of the
    heaviest columns. Its time grows with their third power, its memory with their square: 8,000
    take some 10 seconds of a core and 0.8 GB."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.ease_share >= 0:
            raise InputError(f"ease_share must be 0 or more, not {self.ease_share}.")
        self.als  # noqa: B018 - its own checks

    @property
    def shares(self) -> tuple[np.float32, np.float32]:
        """What the factorisation and EASE weigh: 1 / (1 + b) and b / (1 + b)."""
        return shares_of(self.ease_share)

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
    factors   the factorisation; of several, the vectors side by side, the rows' as short as it
              takes for dot products to be the mean
    ease      the full-rank model, or None where it has no say
    scale     (artists,)   g
    shares    1 / (1 + b) and b / (1 + b)
    decay     how listens weigh less with time, or None
    """

    tags: NDArray[np.intp]
    matrix: csr_array
    factors: Factors
    ease: Ease | ColumnEase | None
    scale: NDArray[np.float32]
    shares: tuple[np.float32, np.float32]
    decay: Decay | None = None

    @classmethod
    def fit(
        cls, data: Dataset, config: TeacherConfig, seed: int, progress: Progress, label: str
    ) -> "Teacher":
        """Fit both to ``data``.

        ModelError if there is nothing to learn from, or a fit leaves the range of numbers.
        """
        tags = learned_tags(data.tag_counts, config.tag_artists)
        matrix = collective_matrix(data, tags, config)
        typical = typical_weight(config.weights(data))
        if config.shares[0]:
            factors = _averaged(matrix, config, seed, progress, label, typical=typical)
        else:
            factors = _no_factors(matrix, config.als.penalty(matrix, typical))
        ease = None
        if config.shares[1]:
            with progress(f"{label}: full rank", 1) as advance:
                ease = solved_ease(matrix, config)
                advance(1)
        discount = np.maximum(data.listeners, 1.0) ** -config.popularity_discount
        scale, decay = discount.astype(np.float32), config.decay(data)
        return cls(tags, matrix, factors, ease, scale, config.shares, decay)

    def scores(self, rows: NDArray[np.intp] | slice, artists: slice = slice(None)) -> Matrix:
        """T at ``rows`` and ``artists``, dense."""
        columns = slice(*artists.indices(len(self.scale)))
        vectors: Matrix = self.shares[0] * self.factors.rows[rows]
        scores: Matrix = vectors @ self.factors.columns[columns].T
        if self.ease is not None:
            scores += self.shares[1] * self.ease.block(rows, columns)
        scores *= self.scale[columns]
        return scores

    def times(self, right: Matrix, rows: slice = slice(None)) -> Matrix:
        """T at ``rows`` times ``right`` (artists, k), without forming T; shape (rows, k)."""
        scaled = self._scaled(right)
        inner = self.factors.columns.T @ (self.shares[0] * scaled)
        product: Matrix = self.factors.rows[rows] @ inner
        if self.ease is not None:
            product += self.shares[1] * self.ease.times(scaled, rows)
        return product

    def across(self, left: Matrix) -> Matrix:
        """T' times ``left`` (users, k), over the users' rows; shape (artists, k)."""
        users, artists = slice(0, len(left)), len(self.scale)
        inner = self.shares[0] * (self.factors.rows[users].T @ left)
        product: Matrix = self.factors.columns[:artists] @ inner
        if self.ease is not None:
            product += self.shares[1] * self.ease.across(left, users)[:artists]
        return self.scale[:, None] * product

    def fold_in(self, basis: Matrix, config: TeacherConfig) -> FoldIn:
        """What each listen and friend adds to the rows of T ``basis``, basis (artists, d)."""
        artists = len(self.scale)
        scaled = self._scaled(basis)
        direct = np.zeros_like(scaled)
        if self.ease is not None:
            direct = self.shares[1] * self.ease.weights_times(scaled)
        columns = np.hstack([self.factors.columns, direct])
        share = self.shares[0] / np.float32(config.starts)
        fold_in_model = FoldInModel(
            FixedSide.of(self.factors.columns, self.factors.penalty, config.starts),
            mapping=self.factors.columns.T @ (share * scaled),
            friend_weight=config.friend_weight,
            self_weight=config.self_weight,
            scaling=config.scaling,
            decay=self.decay,
        )
        return FoldIn(fold_in_model, columns[:artists], columns[artists:])

    def _scaled(self, right: Matrix) -> Matrix:
        """``right`` (artists, k) times ``scale``, and zeros for the friends: (columns, k)."""
        scaled = np.zeros((self.matrix.shape[1], right.shape[1]), dtype=np.float32)
        scaled[: len(self.scale)] = self.scale[:, None] * right
        return scaled


def shares_of(ease_share: float) -> tuple[np.float32, np.float32]:
    """1 / (1 + b) and b / (1 + b) for b = ``ease_share``, which may be inf."""
    ease = 1.0 if np.isinf(ease_share) else ease_share / (1.0 + ease_share)
    return np.float32(1.0 - ease), np.float32(ease)


def solved_ease(matrix: csr_array, config: TeacherConfig) -> Ease | ColumnEase:
    """EASE of ``matrix`` (rows, columns): whole, or of the heaviest columns above ``most_rows``."""
    ridges = config.ridges(matrix)
    if matrix.shape[0] <= config.most_rows:
        return Ease.solve(matrix, ridges, config.exponent)
    return ColumnEase.solve(matrix, ridges, config.exponent, config.most_rows)


def _averaged(
    matrix: csr_array,
    config: TeacherConfig,
    seed: int,
    progress: Progress,
    label: str,
    *,
    typical: float,
) -> Factors:
    """The mean of as many factorisations as ``config`` has, as one; ``seed`` begins the first."""
    seeds = [seed, *np.random.SeedSequence(seed).generate_state(config.starts - 1).tolist()]
    fitted = [
        factorize(matrix, config.als, start, progress, label, typical=typical) for start in seeds
    ]
    rows = np.hstack([each.rows for each in fitted]) / np.float32(config.starts)
    columns = np.hstack([each.columns for each in fitted])
    return Factors(rows, columns, None, fitted[0].penalty)


def _no_factors(matrix: csr_array, penalty: Penalty) -> Factors:
    """A factorisation that has no say: vectors of one zero."""
    rows, columns = (np.zeros((size, 1), dtype=np.float32) for size in matrix.shape)
    return Factors(rows, columns, None, penalty)
