"""``bpr``: Bayesian personalised ranking from pairs of a heard and an unheard artist.

Rendle et al. 2009 (arXiv 1205.2618), by the ``implicit`` package: for a user u, an artist i that
u listens to and another one j that u doesn't, ascend ln sigmoid(s_ui - s_uj) - reg |vectors|^2 / 2
with s_ui = p_u . q_i + b_i.

The package draws j by its listeners, not evenly as the paper does. Its scores then order artists
by how much likelier than anybody u is to hear them, ln p(i|u) / p(i), and for the order of p(i|u)
popularity has to be put back, as ln of the listeners.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from tastegraph.errors import InputError
from tastegraph.models.algorithms.base import EPOCH, FactorModel
from tastegraph.models.algorithms.observed import diverged
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.runtime.progress import Progress

AUC = "auc"


@dataclass(frozen=True)
class BprConfig(ListenConfig):
    """What shapes the ascent; the defaults were chosen on a slice of train."""

    scaling: str = "binary"
    """Only binary: a pair is of an artist that is heard and one that is not."""
    dimensions: int = setting(64, above=0)
    """Length of a vector without the artist's bias, which is kept as one dimension more."""
    epochs: int = setting(400, above=0)
    """Steps, in numbers of listens."""
    learning_rate: float = setting(0.02, above=0)
    """Size of a step."""
    reg: float = setting(0.025, least=0)
    """Strength of the regularisation."""
    popularity: float = setting(0.7, least=0)
    """Share of ln(listeners) added to an artist's bias; 0 leaves the package's own scores."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.scaling != "binary":
            raise InputError(
                f"bpr sees whether an artist is heard, not how often: scaling must be binary, "
                f"not {self.scaling}."
            )
        if self.half_life:
            raise InputError(
                "bpr sees whether an artist is heard, not when: half_life must be 0, not "
                f"{self.half_life:g}."
            )


class Bpr(FactorModel[BprConfig]):
    """Learns to rank what a user listens to above the rest.

    The last dimension holds the artists' bias and is 1 for users, so that dot products are exact
    scores. After ``fit`` the columns of ``history`` are epoch and auc, the share of the epoch's
    pairs that were in the right order. Users and artists without a listen have a vector of zeros.
    """

    name: ClassVar[str] = "bpr"
    has_history: ClassVar[bool] = True

    def __init__(self, config: BprConfig | None = None) -> None:
        super().__init__(config or BprConfig())

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError, with the epoch and the learning rate, as soon as a vector is no number.
        """
        from implicit.cpu.bpr import BayesianPersonalizedRanking

        listens = csr_matrix(self.config.values(data), dtype=np.float32)
        # Threads would race for the vectors, and no two fits be the same.
        learner = BayesianPersonalizedRanking(
            factors=self.config.dimensions,
            learning_rate=self.config.learning_rate,
            regularization=self.config.reg,
            iterations=self.config.epochs,
            num_threads=1,
            random_state=seed,
        )
        shares: list[float] = []
        with progress(self.name, self.config.epochs) as advance:

            def after_epoch(epoch: int, seconds: float, correct: int, skipped: int) -> None:
                if not (_finite(learner.user_factors) and _finite(learner.item_factors)):
                    raise diverged(epoch + 1, self.config.learning_rate)
                shares.append(correct / max(listens.nnz - skipped, 1))
                advance(1)

            learner.fit(listens, show_progress=False, callback=after_epoch)
        self.history = pd.DataFrame({EPOCH: np.arange(1, len(shares) + 1), AUC: shares})
        self.vectors = self._vectors(learner.user_factors, learner.item_factors, listens)

    def _vectors(self, users: Matrix, artists: Matrix, listens: csr_matrix) -> Vectors:
        listeners = np.bincount(listens.indices, minlength=len(artists))
        heard = listeners > 0
        artists[heard, -1] += np.float32(self.config.popularity) * np.log(listeners[heard])
        users[np.diff(listens.indptr) == 0] = 0.0
        artists[~heard] = 0.0
        return Vectors(users, artists)


def _finite(vectors: Matrix) -> bool:
    return bool(np.isfinite(vectors).all())
