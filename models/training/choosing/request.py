"""What is asked of a training: how long to choose, and what is set by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tastegraph.errors import InputError
from tastegraph.models.algorithms.factory import DEFAULT
from tastegraph.models.ranking.weights import SignalWeights

OFF, QUICK, THOROUGH = "off", "quick", "thorough"

EFFORTS = (QUICK, THOROUGH, OFF)
"""How many settings are tried; with ``off`` none, and the defaults serve."""


@dataclass(frozen=True)
class TrainingRequest:
    """What is set by hand; the rest is chosen.

    algorithm  the model's name; the default one stands for the best
    settings   fields of its configuration, as text
    weights    of the signals, or None
    effort     one of EFFORTS
    minutes    after which no further trial begins, or None
    anew       whether an earlier choice is left aside
    """

    algorithm: str = DEFAULT
    settings: Mapping[str, str] = field(default_factory=dict)
    weights: SignalWeights | None = None
    effort: str = QUICK
    minutes: float | None = None
    anew: bool = False

    def __post_init__(self) -> None:
        if self.effort not in EFFORTS:
            raise InputError(f"tune is one of {', '.join(EFFORTS)}, not {self.effort!r}")
        if self.minutes is not None and not self.minutes > 0:
            raise InputError(f"minutes must be above 0, not {self.minutes}")
