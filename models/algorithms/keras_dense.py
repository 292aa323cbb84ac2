"""``keras-dense``: the second reference study's network on two concatenated embeddings."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tastegraph.models.algorithms.observed import Observed
from tastegraph.models.algorithms.two_embeddings import EmbeddingsConfig, TwoEmbeddings
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Matrix
from tastegraph.runtime.progress import Progress

_WIDTHS = (128, 32, 1)

# Artists that go through the layers at once: their activations stay in the processor's cache.
_BLOCK = 1_024


@dataclass(frozen=True)
class _Layers:
    """The network's weights, its first layer already applied to each user and each artist.

    users    (users, 128)    with the first layer's bias
    artists  (artists, 128)
    rest     weights and bias of each further layer
    """

    users: Matrix
    artists: Matrix
    rest: list[tuple[Matrix, Matrix]]

    @classmethod
    def of(cls, network: Any) -> "_Layers":
        users, artists, first, bias, *rest = network.get_weights()
        for_users, for_artists = np.split(first, 2)
        return cls(
            users @ for_users + bias,
            artists @ for_artists,
            list(zip(rest[::2], rest[1::2], strict=True)),
        )

    def scores(self, user: int) -> Matrix:
        """Scores of all artists for one user row, shape (artists,)."""
        scores = np.empty(len(self.artists), dtype=np.float32)
        for at in range(0, len(scores), _BLOCK):
            active = self.artists[at : at + _BLOCK] + self.users[user]
            np.maximum(active, 0, out=active)
            for weights, bias in self.rest:
                active = active @ weights
                active += bias
                np.maximum(active, 0, out=active)
            scores[at : at + _BLOCK] = active[:, 0]
        return scores


class KerasDense(TwoEmbeddings[EmbeddingsConfig]):
    """A listen's weight as what layers of 128, 32 and 1 rectified units make of both embeddings.

    A score is no dot product, so that there are no vectors to keep in a graph.
    """

    name: ClassVar[str] = "keras-dense"
    has_history: ClassVar[bool] = True

    def __init__(self, config: EmbeddingsConfig | None = None) -> None:
        super().__init__(config or EmbeddingsConfig())
        self._layers: _Layers | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError, with the epoch and the learning rate, if the loss is no number.
        """
        self._learn(Observed.of(data, self.config, seed), seed, progress)
        self._layers = _Layers.of(self.network)

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """Scores of all artists for user rows ``users``, shape (len(users), artists)."""
        layers = self._layers
        assert layers is not None
        scores = np.empty((len(users), len(layers.artists)), dtype=np.float32)

        def fill(row: int) -> None:
            scores[row] = layers.scores(users[row])

        # Products this small are slower when BLAS shares each of them out; users are shared out.
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(os.cpu_count()) as workers:
            list(workers.map(fill, range(len(users))))
        return scores

    def _head(self, user: Any, artist: Any, seeds: NDArray[np.uint32]) -> Any:
        from tastegraph.models.solver.tensorflow_quiet import tf

        layers = tf.keras.layers
        score = layers.Concatenate()([user, artist])
        for width, seed in zip(_WIDTHS, seeds, strict=True):
            first = tf.keras.initializers.GlorotUniform(seed=int(seed))
            score = layers.Dense(width, "relu", kernel_initializer=first)(score)
        return score
