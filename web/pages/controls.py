"""What steers a list, as controls of a form whose state is the address."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

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
    curve: Sequence[tuple[float, float]] = ()

    @property
    def price(self) -> float | None:
        """What the value changes of NDCG, compared with the usual one, where that is measured."""
        if not self.curve:
            return None
        values, changes = zip(*self.curve, strict=True)
        return float(np.interp(self.value, values, changes))


def sliders(
    steering: Steering, own: Mapping[str, float], knobs: Sequence[Mapping[str, Any]] = ()
) -> list[Slider]:
    """The weights of the signals, with the model's ``own`` as the usual ones, and the rest.

    ``knobs`` has NDCG by knob and value, as far as it is measured.
    """
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
    return [replace(each, curve=_curve(each, knobs)) for each in made]


def _curve(slider: Slider, knobs: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """Values of a slider and what each changes of NDCG, compared with the usual one."""
    rows = [row for row in knobs if row["knob"] == (slider.signal or slider.name)]
    if not rows:
        return []
    values, measured = [row["value"] for row in rows], [row["ndcg"] for row in rows]
    usual = np.interp(slider.usual, values, measured)
    return [(value, float(ndcg - usual)) for value, ndcg in zip(values, measured, strict=True)]


def state(values: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an address that are not the usual, to be kept in links."""
    return {
        name: value for name, value in values.items() if name != "id" and value not in (None, [])
    }
