"""What steers a list, as controls of a form whose state is the address."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tastegraph.web.answers.recommending import SIGNALS, Steering

_LABELS = {"embedding": "Taste", "friends": "Friends", "tags": "Tags"}
_HINTS = {
    "embedding": "what the model has learned of them",
    "friends": "what friends of like taste play",
    "tags": "how the tags go with what they play",
    "novelty": "away from what everybody plays",
    "diversity": "different from one another",
}


@dataclass(frozen=True)
class Slider:
    """A number to push; ``usual`` is what counts where the address does not say."""

    name: str
    label: str
    hint: str
    value: float
    usual: float
    most: float
    signal: str = ""


def sliders(steering: Steering, own: Mapping[str, float]) -> list[Slider]:
    """The weights of the signals, with the model's ``own`` as the usual ones, and the rest."""
    weights = steering.weights(own)
    # So that what counts little can be pushed as finely as what counts much.
    made = [
        Slider(
            f"weight_{signal}",
            _LABELS[signal],
            _HINTS[signal],
            weights[signal],
            own[signal],
            float(max(1, math.ceil(max(weights[signal], own[signal])))),
            signal,
        )
        for signal in SIGNALS
    ]
    for name in ("novelty", "diversity"):
        value: float = getattr(steering, name)
        made.append(Slider(name, name.capitalize(), _HINTS[name], value, 0.0, 1.0))
    return made


def state(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an address that are not the usual, to be kept in links."""
    return {
        name: value for name, value in values.items() if name != "id" and value not in (None, [])
    }
