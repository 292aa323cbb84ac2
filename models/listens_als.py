"""``als``: users and artists from the listens alone."""

from dataclasses import dataclass
from typing import ClassVar

from graph.progress import Progress, silent
from models.als import AlsConfig, factorize
from models.base import Vectors
from models.collective import listen_weights
from models.dataset import Dataset
from models.factor_model import FactorModel
from models.foldin import FixedSide


@dataclass(frozen=True)
class ListensConfig(AlsConfig):
    """What shapes the factorisation of the listens; the defaults were chosen on slices of train."""

    reg: float = 0.008
    """Strength of the regularisation."""


class ListensAls(FactorModel):
    """Factorises the listens, weighted as in the matrix of the whole graph.

    A user's entries are artists, an artist's are listeners.
    """

    name: ClassVar[str] = "als"

    def __init__(self, config: ListensConfig | None = None) -> None:
        super().__init__()
        self.config = config or ListensConfig()

    def fit(self, data: Dataset, seed: int = 0, progress: Progress = silent) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError if there are no listens or the objective is no number any more.
        """
        factors = factorize(listen_weights(data.plays), self.config, seed, progress, self.name)
        self._learned(Vectors(factors.rows, factors.columns), factors.loss)
        self.for_users = FixedSide.of(factors.columns, self.config.penalty)
        self.for_artists = FixedSide.of(factors.rows, self.config.penalty)
