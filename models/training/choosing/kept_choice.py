"""The choice that the graph's model was made with, used again while the data is much the same."""

import json
from typing import Any

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.training.choosing.choice import Reached, SettingsChoice
from tastegraph.models.training.choosing.data_shape import Shape
from tastegraph.models.training.choosing.request import EFFORTS, TrainingRequest
from tastegraph.models.training.choosing.trials import Trial
from tastegraph.models.training.learn_weights import Blend


def choice_to_use_again(
    kept: tuple[str | None, str] | None, data: Dataset, request: TrainingRequest
) -> SettingsChoice | None:
    """The choice that a (:Model) has ``kept``, with when it was trained; None where there is none
    that serves ``request``.

    It serves if the same was asked, at most as thoroughly, and the data is much the same
    (``Shape.is_much_like``).
    """
    if request.anew:
        return None
    choice = _read(kept[0], kept[1]) if kept and kept[0] else None
    if not choice or not choice.shape or not Shape.of(data).is_much_like(choice.shape):
        return None
    return choice if _serves(choice, request) else None


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
