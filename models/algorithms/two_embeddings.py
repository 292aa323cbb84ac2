"""What the second reference study's Keras models share.

Each has an embedding of users and one of artists and learns, by Adam on batches of listens,
the mean squared error of what a listen weighs. Ids are rows, so that each id has a vector.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.algorithms.base import EPOCH, LOSS, Model
from tastegraph.models.algorithms.observed import Observed, ObservedConfig, diverged
from tastegraph.models.data.settings import setting
from tastegraph.models.data.sparse_rows import entry_rows
from tastegraph.runtime.progress import Progress

TEST = "test"

# Batches that TensorFlow goes through between two returns to Python.
_BATCHES_AT_ONCE = 64


@dataclass(frozen=True)
class EmbeddingsConfig(ObservedConfig):
    """What shapes two embeddings learned by Adam; the defaults are the study's."""

    batch: int = setting(32, least=1)
    """Listens a step."""


Config = TypeVar("Config", bound=EmbeddingsConfig)


class TwoEmbeddings(Model[Config]):
    """Learns a Keras network of a user's row and an artist's row.

    After ``fit`` the columns of ``history`` are epoch, loss (mean over the epoch's batches, while
    they are learned) and with ``holdout`` test, the mean squared error of what is held out.

    network  the fitted network, of user rows and artist rows (int32)
    """

    network: Any

    @abstractmethod
    def _head(self, user: Any, artist: Any, seeds: NDArray[np.uint32]) -> Any:
        """The score from the two embeddings, as Keras tensors; ``seeds`` for three layers."""

    def _learn(self, observed: Observed, seed: int, progress: Progress) -> None:
        """Fit ``network``; neither NumPy's nor Python's random state is touched."""
        self.network = self._build(observed.learned.shape, seed)
        rng = np.random.default_rng(seed)
        rows = []
        with progress(self.name, self.config.epochs) as advance:
            for epoch in range(1, self.config.epochs + 1):
                order = rng.permutation(observed.learned.nnz)
                row = {EPOCH: epoch, LOSS: self._go_through(observed.learned, order)}
                if not np.isfinite(row[LOSS]):
                    raise diverged(epoch, self.config.learning_rate)
                if observed.held.nnz:
                    row[TEST] = self._error(observed.held)
                rows.append(row)
                advance(1)
        self.history = pd.DataFrame(rows)
        self.training_loss = float(self.history[LOSS].iloc[-1])

    def _build(self, shape: tuple[int, int], seed: int) -> Any:
        """The network, ready to learn; every first weight comes from ``seed``."""
        from tastegraph.models.solver.tensorflow_quiet import tf

        keras = tf.keras
        # Keras draws seeds that it isn't given from Python's random state, which is the caller's.
        user_seed, artist_seed, *seeds = np.random.SeedSequence(seed).generate_state(5)
        inputs = [keras.Input((), dtype="int32", name=name) for name in ("user", "artist")]
        embeddings = [
            keras.layers.Embedding(
                count, self.config.dimensions, keras.initializers.RandomUniform(seed=int(side_seed))
            )
            for count, side_seed in zip(shape, (user_seed, artist_seed), strict=True)
        ]
        user, artist = (layer(rows) for layer, rows in zip(embeddings, inputs, strict=True))
        network = keras.Model(inputs, self._head(user, artist, np.array(seeds)))
        network.compile(
            keras.optimizers.Adam(self.config.learning_rate),
            "mse",
            jit_compile=False,
            steps_per_execution=_BATCHES_AT_ONCE,
        )
        return network

    def _go_through(self, listens: csr_array, order: NDArray[np.intp]) -> float:
        rows, columns = entry_rows(listens)[order], listens.indices[order]
        history = self.network.fit(
            [rows.astype(np.int32), columns.astype(np.int32)],
            listens.data[order],
            batch_size=self.config.batch,
            shuffle=False,
            verbose=0,
        )
        return float(history.history["loss"][0])

    def _error(self, listens: csr_array) -> float:
        """Mean squared error of ``listens``."""
        pairs = entry_rows(listens).astype(np.int32), listens.indices.astype(np.int32)
        scores = self.network.predict(pairs, batch_size=8_192, verbose=0)
        return float(np.mean((scores[:, 0] - listens.data) ** 2, dtype=np.float64))
