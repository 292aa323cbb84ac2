"""``keras-dot``: the second reference study's dot product of two embeddings."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tastegraph.models.algorithms.base import FactorModel
from tastegraph.models.algorithms.observed import Observed
from tastegraph.models.algorithms.two_embeddings import EmbeddingsConfig, TwoEmbeddings
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Vectors
from tastegraph.runtime.progress import Progress


class KerasDot(TwoEmbeddings[EmbeddingsConfig], FactorModel[EmbeddingsConfig]):
    """A listen's weight as the dot product of the user's and the artist's embedding.

    Users and artists without a listen that was learned end with a vector of zeros.
    """

    name: ClassVar[str] = "keras-dot"
    has_history: ClassVar[bool] = True

    def __init__(self, config: EmbeddingsConfig | None = None) -> None:
        super().__init__(config or EmbeddingsConfig())

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn from ``data``; the same data and seed give the same model.

        ModelError, with the epoch and the learning rate, if the loss is no number.
        """
        observed = Observed.of(data, self.config, seed)
        self._learn(observed, seed, progress)
        users, artists = self.network.get_weights()
        self.vectors = Vectors(*observed.without_unseen(users, artists))

    def _head(self, user: Any, artist: Any, seeds: NDArray[np.uint32]) -> Any:
        from tastegraph.models.solver.tensorflow_quiet import tf

        return tf.keras.layers.Dot(axes=1)([user, artist])
