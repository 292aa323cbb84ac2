"""``als``: users and artists from the listens alone."""

from dataclasses import dataclass
from typing import ClassVar

from tastegraph.models.algorithms.base import FactorModel
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.solver.als import AlsConfig, factorize
from tastegraph.models.solver.fold_in import FixedSide
from tastegraph.models.solver.fold_in_model import FoldIn, FoldInModel, can_fold_in
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True, kw_only=True)
class ListensConfig(AlsConfig):
    """What shapes the factorisation of the listens; the defaults were chosen on slices of train."""

    power_steps: int = 1
    """Steps of subspace iteration before the first sweep: on listens alone one of them is worth
    two sweeps, and costs less than one."""
    cg_steps: int = 2
    """Steps of conjugate gradients that a long row takes in a half-sweep, except in the last: a
    second one is worth more than two sweeps, and costs less than a third of one."""


class ListensAls(FactorModel[ListensConfig]):
    """Factorises the listens, weighted as in the matrix of the whole graph.

    A user's entries are artists, an artist's are listeners. After ``fit``, beside ``vectors``:

    for_users    what folding in a user needs of the artists
    for_artists  what folding in an artist needs of the users
    """

    name: ClassVar[str] = "als"

    for_users: FixedSide
    for_artists: FixedSide

    def __init__(self, config: ListensConfig | None = None) -> None:
        super().__init__(config or ListensConfig())

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model."""
        weights = self.config.weights(data)
        factors = factorize(weights, self.config, seed, progress, self.name)
        self.vectors, self.training_loss = Vectors(factors.rows, factors.columns), factors.loss
        self.for_users = FixedSide.of(factors.columns, factors.penalty)
        self.for_artists = FixedSide.of(factors.rows, factors.penalty)
        if can_fold_in(self.config) and not self.config.last_cg_steps:
            fold_in_model = FoldInModel(
                self.for_users,
                scaling=self.config.scaling,
                artists=self.for_artists,
                decay=self.config.decay(data),
            )
            self.fold_in = FoldIn(fold_in_model, factors.columns)
