"""``collective-als``: users, artists, friends and tags in one space."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tastegraph.models.algorithms.base import FactorModel
from tastegraph.models.algorithms.whole_graph import GraphConfig, collective_matrix, learned_tags
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.search_space import Range
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.solver.als import AlsConfig, factorize, typical_weight
from tastegraph.models.solver.fold_in import FixedSide
from tastegraph.models.solver.fold_in_model import FoldIn, FoldInModel, can_fold_in
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True, kw_only=True)
class CollectiveAlsConfig(AlsConfig, GraphConfig):
    """What shapes the factorisation of the whole graph."""

    search: ClassVar[Mapping[str, Range]] = {
        **AlsConfig.search,
        "friend_weight": Range(0.1, 2.0, log=True),
        "tag_weight": Range(0.1, 2.0, log=True),
    }

    dimensions: int = 256
    """Length d of a vector."""
    epochs: int = 12
    """How often each side is solved."""
    friend_weight: float = 0.71
    """w_f: what a friendship weighs; an average listen weighs 1."""
    self_weight: float = 0.0
    """s: how many friendships everybody has with themselves."""
    tag_weight: float = 0.49
    """w_t: what an artist's tag weighs, times log(1 + times given)."""
    tag_artists: int = 3
    """Artists that a tag needs to be learned."""


class CollectiveAls(FactorModel[CollectiveAlsConfig]):
    """Factorises listens, friendships and tags together.

    A user's entries are artists and friends, an artist's are listeners and tags. After ``fit``,
    beside ``vectors``:

    friends      (users, d)  column vectors of the users: what a friend of theirs gains
    for_users    what folding in a user needs of the columns
    for_artists  what folding in an artist needs of the rows
    """

    name: ClassVar[str] = "collective-als"

    friends: Matrix
    for_users: FixedSide
    for_artists: FixedSide

    def __init__(self, config: CollectiveAlsConfig | None = None) -> None:
        super().__init__(config or CollectiveAlsConfig())

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model."""
        users, artists = len(data.users), len(data.artists)
        tags = learned_tags(data.tag_counts, self.config.tag_artists)
        matrix = collective_matrix(data, tags, self.config)
        typical = typical_weight(self.config.weights(data))
        factors = factorize(matrix, self.config, seed, progress, self.name, typical=typical)
        tag_vectors = np.zeros((len(data.tags), self.config.dimensions), dtype=np.float32)
        tag_vectors[tags] = factors.rows[users:]
        self.vectors = Vectors(factors.rows[:users], factors.columns[:artists], tag_vectors)
        self.training_loss = factors.loss
        self.friends = factors.columns[artists:]
        self.for_users = FixedSide.of(factors.columns, factors.penalty)
        self.for_artists = FixedSide.of(factors.rows, factors.penalty)
        if can_fold_in(self.config) and not self.config.last_cg_steps:
            fold_in_model = FoldInModel(
                self.for_users,
                friend_weight=self.config.friend_weight,
                self_weight=self.config.self_weight,
                scaling=self.config.scaling,
                artists=self.for_artists,
                tag_weight=self.config.tag_weight,
                decay=self.config.decay(data),
            )
            self.fold_in = FoldIn(fold_in_model, factors.columns[:artists], self.friends)
