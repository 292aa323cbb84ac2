"""``hybrid``: a model's vectors blended with friends and tags, as ``recommend`` does it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import DEFAULT, create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.ranking.signals import Signals
from tastegraph.models.ranking.weights import SIGNALS, SignalWeights
from tastegraph.models.training.learn_weights import Blend, learn_blend
from tastegraph.runtime.progress import Progress


@dataclass(frozen=True, kw_only=True)
class HybridConfig(ListenConfig):
    """Whose vectors are blended."""

    model: str = DEFAULT
    """The model that learns the vectors."""
    dimensions: int = 0
    """Length of a vector; 0 for the model's own default."""
    epochs: int = 0
    """How often the model goes through the data; 0 for its own default."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model == Hybrid.name:
            raise InputError("hybrid can't blend itself: name another model, such as model=als")
        if not self.base().has_vectors:
            raise InputError(
                f"{self.model} has no vectors to blend: name a model that has, such as model=als"
            )

    def base(self) -> Model[ListenConfig]:
        """The untrained model that learns the vectors."""
        chosen = {name: getattr(self, name) for name in ("dimensions", "epochs", "half_life")}
        return create(self.model, {name: str(value) for name, value in chosen.items() if value})


class Hybrid(Model[HybridConfig]):
    """Scores by embedding, friends and tags together.

    The weights are learned on a slice of what the model learns from. After learning:

    blend         the weights, and what they were chosen by
    base_vectors  what is blended; ``vectors`` is None, since they alone are not the score
    """

    name: ClassVar[str] = "hybrid"
    has_signals: ClassVar[bool] = True

    blend: Blend
    base_vectors: Vectors

    def __init__(self, config: HybridConfig | None = None) -> None:
        super().__init__(config or HybridConfig())
        self._signals: Signals | None = None

    def _fit(self, data: Dataset, seed: int, progress: Progress) -> None:
        """Learn vectors from ``data``, and the weights on a slice of it."""
        self._fit_vectors(data, seed, progress)
        self.blend = learn_blend(data, self.config.base(), seed, progress)
        weights = ", ".join(
            f"{signal} {weight:g}"
            for signal, weight in zip(SIGNALS, self.blend.weights, strict=True)
        )
        self.notes.append(f"hybrid of {self.config.model} weighs {weights}")

    def _score(self, users: NDArray[np.intp]) -> Matrix:
        """The blended scores, shape (len(users), artists)."""
        assert self._signals is not None
        weighted = [
            np.float32(weight) * self._signals.of(signal, users)
            for signal, weight in zip(SIGNALS, self.blend.weights, strict=True)
            if weight
        ]
        return np.asarray(sum(weighted), dtype=np.float32)

    def signals(self) -> tuple[Vectors, SignalWeights]:
        """The vectors that are blended, and the learned weights; ModelError before ``fit``."""
        assert self._signals is not None
        return self.base_vectors, self.blend.weights

    def _fit_vectors(self, data: Dataset, seed: int, progress: Progress) -> None:
        model = self.config.base()
        model.fit(data, seed, progress)
        if model.vectors is None:
            raise ModelError(f"{model.name} has learned no vectors")
        self._signals = Signals(data, model.vectors)
        self.base_vectors = model.vectors
        self.notes = list(model.notes)
