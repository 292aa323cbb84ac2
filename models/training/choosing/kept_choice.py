"""The choice that the graph's model was made with, used again while the data is much the same."""

import json
from dataclasses import asdict
from typing import Any

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.training.choosing.candidates import Shape
from tastegraph.models.training.choosing.choice import Reached, SettingsChoice
from tastegraph.models.training.choosing.request import EFFORTS, TrainingRequest
from tastegraph.models.training.choosing.trials import Trial
from tastegraph.models.training.learn_weights import Blend

DRIFT = 0.1
"""Share by which each count of the data may have changed for it to be much the same."""


def choice_to_use_again(
    store: GraphStore, data: Dataset, request: TrainingRequest
) -> SettingsChoice | None:
    """The choice on the graph's (:Model); None where there is none that serves ``request``.

    It serves if the same was asked, at most as thoroughly, and the data is much the same: no
    count of it has changed by more than DRIFT.
    """
    if request.anew:
        return None
    rows = store.values("MATCH (m:Model) RETURN m.choice, m.trainedAt")
    choice = _read(*rows[0]) if rows and rows[0][0] else None
    if choice is None or not is_alike(choice.shape, Shape.of(data)):
        return None
    return choice if _serves(choice, request) else None


def is_alike(before: Shape | None, now: Shape) -> bool:
    """Whether no count has changed by more than DRIFT of what it was."""
    if before is None:
        return False
    counts = asdict(now)
    return all(abs(counts[name] - count) <= DRIFT * count for name, count in asdict(before).items())


def _serves(choice: SettingsChoice, request: TrainingRequest) -> bool:
    asked = (request.algorithm, dict(request.settings), request.weights)
    return asked == choice.asked and _rank(request.effort) <= _rank(choice.effort)


def _rank(effort: str) -> int:
    return EFFORTS.index(effort)


def _read(text: str, trained_at: str) -> SettingsChoice | None:
    """What ``SettingsChoice.as_properties`` made; None where it can't be read."""
    try:
        kept: dict[str, Any] = json.loads(text)
        blend, reached, asked = kept["blend"], kept["reached"], kept["asked"]
        found = tuple((name, float(value)) for name, value in blend["found"])
        weights = asked["weights"] and SignalWeights(*asked["weights"])
        return SettingsChoice(
            kept["algorithm"],
            kept["settings"],
            Blend(SignalWeights(*blend["weights"]), blend["users"], found),
            effort=kept["effort"],
            asked=(asked["algorithm"], asked["settings"], weights),
            shape=Shape(**kept["shape"]),
            trials=tuple(Trial(**trial) for trial in kept["trials"]),
            reached=Reached(**reached) if reached else None,
            made_at=kept["made_at"] or trained_at,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
