"""``mf``: matrix factorisation by gradient descent on the observed listens.

The first reference study's model. For listens x_ua with the chosen scaling, M users and N artists

    loss = mean_observed (x_ua - U_u.V_a)^2 + l2 (mean_u |U_u|^2 + mean_a |V_a|^2)
             + gravity / (M N) sum_ua (U_u.V_a)^2
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.models.algorithms.base import EPOCH, LOSS, FactorModel
from tastegraph.models.algorithms.observed import Observed, ObservedConfig, diverged
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.settings import setting
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.runtime.progress import Progress

# Steps between two looks at whether training still makes sense.
_CHUNK = 50


@dataclass(frozen=True)
class MfConfig(ObservedConfig):
    """What shapes the descent; the defaults are those of the study's regularised run."""

    dimensions: int = setting(35, above=0)
    """Length d of a vector."""
    epochs: int = setting(2_000, above=0)
    """Steps, each along the gradient of all listens."""
    learning_rate: float = setting(20.0, above=0)
    """Size of a step; the gradient is that of a mean over the listens, so steps are large."""
    init_stddev: float = setting(0.05, above=0)
    """Standard deviation of the first vectors' entries."""
    l2: float = setting(0.1, least=0)
    """Weight of the vectors' mean squared length in the loss; may be 0."""
    gravity: float = setting(1.0, least=0)
    """Weight of the mean squared score over all pairs in the loss; may be 0."""
    optimizer: str = setting("sgd", one_of=("sgd", "adam"))
    """How a gradient becomes a step: sgd or adam (which wants a learning_rate near 0.01)."""
    momentum: float = setting(0.0, least=0, below=1)
    """Share of the last step that sgd takes again."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.momentum and self.optimizer != "sgd":
            raise InputError(f"momentum is for sgd; {self.optimizer} has its own.")


class MatrixFactorization(FactorModel[MfConfig]):
    """Factorises the listens that are there and leaves the pairs without one to the penalties.

    After ``fit`` the columns of ``history`` are epoch, loss, its parts observed (mean squared
    error of what is learned), l2 and gravity (weighted, so that the three add up to loss), and
    with ``holdout`` test, the mean squared error of what is held out. Users and artists without
    a listen that was learned end with a vector of zeros.
    """

    name: ClassVar[str] = "mf"
    has_history: ClassVar[bool] = True

    def __init__(self, config: MfConfig | None = None) -> None:
        super().__init__(config or MfConfig())

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError, with the epoch and the learning rate, as soon as the loss is no number.
        """
        from tastegraph.models.solver.descent import PARTS, Descent, Penalties

        observed = Observed.of(data, self.config, seed)
        descent = Descent(
            observed.learned,
            observed.held,
            self._start(observed.learned.shape, seed),
            Penalties(self.config.l2, self.config.gravity),
            self._optimizer(),
        )
        chunks = []
        with progress(self.name, self.config.epochs) as advance:
            for done in range(0, self.config.epochs, _CHUNK):
                chunks.append(descent.run(min(_CHUNK, self.config.epochs - done)))
                self._refuse_nonsense(chunks[-1][:, 0], done)
                advance(len(chunks[-1]))
        self.history = pd.DataFrame(np.concatenate(chunks).astype(np.float64), columns=PARTS)
        self.history.insert(0, EPOCH, np.arange(1, self.config.epochs + 1))
        if not observed.held.nnz:
            self.history = self.history.drop(columns="test")
        self.training_loss = float(self.history[LOSS].iloc[-1])
        vectors = descent.users.numpy(), descent.artists.numpy()
        self.vectors = Vectors(*observed.without_unseen(*vectors))

    def _start(self, shape: tuple[int, int], seed: int) -> tuple[Matrix, Matrix]:
        rng, config = np.random.default_rng(seed), self.config
        users, artists = (
            rng.normal(0.0, config.init_stddev, (count, config.dimensions)).astype(np.float32)
            for count in shape
        )
        return users, artists

    def _optimizer(self) -> object:
        from tastegraph.models.solver.tensorflow_quiet import tf

        if self.config.optimizer == "adam":
            return tf.keras.optimizers.Adam(self.config.learning_rate)
        return tf.keras.optimizers.SGD(self.config.learning_rate, self.config.momentum)

    def _refuse_nonsense(self, losses: Matrix, done: int) -> None:
        wrong = np.flatnonzero(~np.isfinite(losses))
        if len(wrong):
            raise diverged(done + int(wrong[0]) + 1, self.config.learning_rate)
