"""The (:Model) of the graph: which vectors these are, how they were made, and from what."""

import dataclasses
import json
import platform
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from tastegraph.errors import ModelError
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.weights import SIGNALS, SignalWeights
from tastegraph.models.storage.switch import ModelChangedError, is_trained, settled

if TYPE_CHECKING:
    from tastegraph.models.algorithms.base import Model

# Epochs of a training's course that the graph keeps: as many as a curve can show.
_EPOCHS_KEPT = 200

T = TypeVar("T")

_LIBRARIES = ("tensorflow", "tensorflow-cpu", "implicit", "numpy", "scipy")


@dataclass(frozen=True)
class Card:
    """A trained model's description, as the graph keeps it.

    choice  how its settings were chosen (``models.training.choosing``), None where they were not
    """

    id: str
    algorithm: str
    dimensions: int
    parameters: dict[str, Any]
    seed: int
    weights: SignalWeights
    metrics: dict[str, Any]
    training_loss: float | None
    trained_at: str
    data_fingerprint: str
    versions: dict[str, str]
    choice: dict[str, Any] | None = None

    def as_properties(self) -> dict[str, Any]:
        """Properties of the (:Model) node."""
        return {
            "id": self.id,
            "algorithm": self.algorithm,
            "dimensions": self.dimensions,
            "parameters": json.dumps(self.parameters, sort_keys=True),
            "seed": self.seed,
            "signals": list(SIGNALS),
            "weights": list(self.weights),
            "metrics": json.dumps(self.metrics),
            "trainingLoss": self.training_loss,
            "trainedAt": self.trained_at,
            "dataFingerprint": self.data_fingerprint,
            "versions": json.dumps(self.versions, sort_keys=True),
            "choice": json.dumps(self.choice) if self.choice else None,
            "switching": False,
        }


def make_card(
    model: "Model[Any]",
    dimensions: int,
    seed: int,
    data_fingerprint: str,
    *,
    weights: SignalWeights,
    metrics: dict[str, Any],
    choice: dict[str, Any] | None = None,
) -> Card:
    """Describe a model that has just been trained; ``metrics`` are what its choices gave."""
    now = datetime.now(UTC)
    return Card(
        id=f"{model.name}-{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03}Z",
        algorithm=model.name,
        dimensions=dimensions,
        parameters=dataclasses.asdict(model.config),
        seed=seed,
        weights=weights,
        metrics=metrics,
        training_loss=model.training_loss,
        trained_at=now.isoformat(timespec="milliseconds"),
        data_fingerprint=data_fingerprint,
        versions=_versions(),
        choice=choice,
    )


def history_text(history: pd.DataFrame | None) -> str | None:
    """A training's course as the graph keeps it: columns as JSON, of long ones some epochs."""
    if history is None:
        return None
    kept = np.unique(np.linspace(0, len(history) - 1, _EPOCHS_KEPT).round().astype(int))
    return json.dumps(history.iloc[kept].to_dict("list"))


def read_card(store: GraphStore) -> Card:
    """The graph's model, once no training is switching it; ModelError when there is none."""
    while True:
        rows = store.rows(query("model-card").cypher)
        if rows and not rows[0]["switching"]:
            break
        settled(store)
    try:
        return card_of(rows[0])
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"the graph's (:Model) is damaged ({error}): 'tastegraph train' makes a new one"
        ) from error


def card_of(row: dict[str, Any]) -> Card:
    """From the properties of a (:Model); KeyError, TypeError or ValueError where these are none."""
    return Card(
        id=row["id"],
        algorithm=row["algorithm"],
        dimensions=row["dimensions"],
        parameters=json.loads(row["parameters"]),
        seed=row["seed"],
        weights=SignalWeights(*row["weights"]),
        metrics=json.loads(row["metrics"] or "{}"),
        training_loss=row.get("trainingLoss"),
        trained_at=row["trainedAt"],
        data_fingerprint=row["dataFingerprint"],
        versions=json.loads(row["versions"]),
    )


def consistent_read(store: GraphStore, ask: Callable[[Card], T]) -> T:
    """What ``ask`` finds with one model; it is asked again if vectors changed meanwhile."""
    return _of_one_state(store, lambda: ask(read_card(store)))


def steady_read(store: GraphStore, ask: Callable[[], T]) -> T:
    """The same for an ``ask`` that needs no card, or no model: without one it is just asked."""
    return _of_one_state(store, ask) if is_trained(store) else ask()


def _of_one_state(store: GraphStore, ask: Callable[[], T]) -> T:
    while True:
        before = settled(store)
        try:
            answer = ask()
        except Exception:
            # What is half of one model and half of another may be anything.
            if settled(store) == before:
                raise
            continue
        if settled(store) == before:
            return answer


def change_with_model(
    store: GraphStore, purpose: str, change: Callable[[GraphStore, Card], T]
) -> T:
    """What ``change`` gives, called as the graph's one writer and with its model.

    It is called again where its transaction found another model (``require_model``).
    """
    while True:
        with store.writing(purpose) as writer, suppress(ModelChangedError):
            return change(writer, read_card(writer))


def is_stale(store: GraphStore, card: Card) -> bool:
    """Whether the graph has changed since the model was trained."""
    return fingerprint(store) != card.data_fingerprint


def mark_fresh(transaction: GraphStore) -> None:
    """Say that the model knows the graph as ``transaction`` leaves it."""
    transaction.write(
        "MATCH (m:Model) SET m.dataFingerprint = $mark", {"mark": fingerprint(transaction)}
    )


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for library in ("tastegraph", *_LIBRARIES):
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
