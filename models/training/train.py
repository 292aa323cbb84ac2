"""The whole of a training: out of the graph, fit, and back into the graph."""

import sys
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tastegraph.errors import ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.ranking.weights import SIGNALS, SignalWeights
from tastegraph.models.storage.model_card import Card, history_text, make_card
from tastegraph.models.storage.versions import KEPT
from tastegraph.models.storage.write_vectors import tables
from tastegraph.models.training.choosing.candidates import as_text
from tastegraph.models.training.choosing.choice import SettingsChoice
from tastegraph.models.training.choosing.choose import choose_settings
from tastegraph.models.training.choosing.family import CHOSEN
from tastegraph.models.training.choosing.kept_choice import choice_to_use_again
from tastegraph.models.training.choosing.request import OFF, TrainingRequest
from tastegraph.models.training.learn_weights import Blend, learn_blend
from tastegraph.models.training.place import GraphPlace, Place, timed
from tastegraph.runtime.notes import Note, unsaid
from tastegraph.runtime.progress import Progress, silent


@dataclass(frozen=True)
class Training:
    """What a training did: the model's card, times in seconds, memory in MB (10^6 bytes)."""

    card: Card
    data: Dataset
    read_seconds: float
    choose_seconds: float
    fit_seconds: float
    blend_seconds: float
    write_seconds: float
    keep_seconds: float
    index_seconds: float
    peak_memory_mb: float
    notes: list[str]
    history: pd.DataFrame | None
    choice: SettingsChoice | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """What ``metrics`` says, as rows: columns metric, value."""
        return pd.DataFrame(self.metrics().items(), columns=["metric", "value"], dtype=object)

    def metrics(self) -> dict[str, Any]:
        """Names and values to print."""
        return {
            "model": self.card.id,
            "algorithm": self.card.algorithm,
            "dimensions": self.card.dimensions,
            "seed": self.card.seed,
            "users": len(self.data.users),
            "artists": len(self.data.artists),
            "listens": self.data.plays.nnz,
            "read_seconds": round(self.read_seconds, 3),
            "choose_seconds": round(self.choose_seconds, 3),
            "fit_seconds": round(self.fit_seconds, 3),
            "blend_seconds": round(self.blend_seconds, 3),
            "write_seconds": round(self.write_seconds, 3),
            "keep_seconds": round(self.keep_seconds, 3),
            "index_seconds": round(self.index_seconds, 3),
            "training_loss": self.card.training_loss,
            **{
                f"weight_{signal}": weight
                for signal, weight in zip(SIGNALS, self.card.weights, strict=True)
            },
            **{
                f"slice_ndcg_{name}": value
                for name, value in self.card.metrics["sliceNdcg"].items()
            },
            **(self.choice.figures if self.choice else {}),
            "peak_memory_mb": round(self.peak_memory_mb, 1),
        }


def train(
    store: GraphStore,
    model: Model[Any],
    seed: int,
    progress: Progress = silent,
    weights: SignalWeights | None = None,
    *,
    keep_models: int = KEPT,
) -> Training:
    """Learn ``model`` from the graph in ``store`` and put its vectors there.

    The signals' ``weights`` are learned on a slice of the listens unless they are given. Of the
    last models ``keep_models`` are kept (``tastegraph.models.storage.versions``).

    Raises ModelError when there are no listens to learn from, or the model has no vectors.
    """
    return _train(GraphPlace(store), model, seed, progress, weights, keep_models=keep_models)


def _train(
    place: Place,
    model: Model[Any],
    seed: int,
    progress: Progress,
    weights: SignalWeights | None,
    *,
    keep_models: int,
) -> Training:
    _check_vectors(model)
    mark, data, read_seconds = _read(place, model, progress)
    fit_seconds = _fit(model, data, seed, progress)
    blend, blend_seconds = timed(
        lambda: Blend(weights) if weights else learn_blend(data, model, seed, progress)
    )
    seconds = _Seconds(read_seconds, 0.0, fit_seconds, blend_seconds)
    made = _Made(seed, mark, blend, seconds)
    return _written(place, model, data, made, keep_models=keep_models, progress=progress)


def train_chosen(
    place: Place,
    request: TrainingRequest,
    seed: int,
    progress: Progress = silent,
    note: Note = unsaid,
    *,
    keep_models: int = KEPT,
) -> Training:
    """Choose what ``request`` leaves open, then learn that model as ``train`` does.

    A choice that the last model was made with is used again while the data is much the same.
    ``note`` gets what there is to say before the work it is about.

    InputError or NotFoundError for settings that the algorithm does not have, before anything is
    read.
    """
    asked = create(request.algorithm, request.settings)
    _check_vectors(asked)
    if request.effort == OFF or asked.name not in CHOSEN:
        return _train(place, asked, seed, progress, request.weights, keep_models=keep_models)
    mark, data, read_seconds = _read(place, asked, progress)
    choice, choose_seconds = timed(
        lambda: _choice(place, data, request, seed=seed, progress=progress, note=note)
    )
    model = create(choice.algorithm, {**as_text(choice.settings), **request.settings})
    for sentence in choice.sentences:
        note(sentence)
    fit_seconds = _fit(model, data, seed, progress)
    seconds = _Seconds(read_seconds, choose_seconds, fit_seconds, 0.0)
    made = _Made(seed, mark, choice.blend, seconds, choice)
    return _written(place, model, data, made, keep_models=keep_models, progress=progress)


@dataclass(frozen=True)
class _Seconds:
    read: float
    choose: float
    fit: float
    blend: float


@dataclass(frozen=True)
class _Made:
    """How a model was made, beside the model itself."""

    seed: int
    mark: str
    blend: Blend
    seconds: _Seconds
    choice: SettingsChoice | None = None


def _choice(
    place: Place,
    data: Dataset,
    request: TrainingRequest,
    *,
    seed: int,
    progress: Progress,
    note: Note,
) -> SettingsChoice:
    """An earlier choice, or a new one."""
    earlier = choice_to_use_again(place.last_choice(), data, request)
    if earlier:
        note(earlier.used_again)
        return earlier
    return choose_settings(data, request, seed=seed, progress=progress, note=note)


def _check_vectors(model: Model[Any]) -> None:
    if not model.has_vectors:
        raise ModelError(
            f"{model.name} has no vectors to keep in the graph: 'tastegraph evaluate --models "
            f"{model.name}' measures it, and 'tastegraph train' learns the best one that has"
        )


def _read(place: Place, model: Model[Any], progress: Progress) -> tuple[str, Dataset, float]:
    """What ``model`` learns from, its fingerprint, and how long reading it took in seconds."""
    times = model.config.half_life > 0
    (mark, data), seconds = timed(lambda: place.read(progress, times=times))
    if not data.plays.nnz:
        raise ModelError(
            "there are no listens in the graph to learn from: 'tastegraph load PATH' puts some in"
        )
    return mark, data, seconds


def _fit(model: Model[Any], data: Dataset, seed: int, progress: Progress) -> float:
    """Fit ``model``; gives the seconds that it took."""
    _, seconds = timed(lambda: model.fit(data, seed, progress))
    if model.vectors is None:
        raise ModelError(f"{model.name} has learned no vectors")
    return seconds


def _written(
    place: Place,
    model: Model[Any],
    data: Dataset,
    made: _Made,
    *,
    keep_models: int,
    progress: Progress,
) -> Training:
    """Put what ``model`` has learned into ``place``."""
    assert model.vectors is not None
    dimensions = model.vectors.dimensions
    card = make_card(
        model,
        dimensions,
        made.seed,
        made.mark,
        weights=made.blend.weights,
        metrics=made.blend.as_metrics(),
        choice=made.choice.as_properties() if made.choice else None,
    )
    properties = card.as_properties() | {"history": history_text(model.history)}
    if model.fold_in:
        properties |= model.fold_in.model.as_properties()
    known = tables(data, model.vectors, model.fold_in)
    written = place.write(known, properties, keep_models, progress)
    return Training(
        card,
        data,
        made.seconds.read,
        made.seconds.choose,
        made.seconds.fit,
        made.seconds.blend,
        written.write,
        written.keep,
        written.index,
        peak_memory(),
        [*place.notes(), *model.notes, *made.blend.notes],
        model.history,
        made.choice,
    )


def peak_memory() -> float:
    """The most memory that this process has held, in MB; NaN where the system does not say."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
