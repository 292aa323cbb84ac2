"""What was chosen, by what, and what it reached."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tastegraph.models.algorithms.factory import DEFAULT
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.training.choosing.data_shape import Shape
from tastegraph.models.training.choosing.request import QUICK, TrainingRequest
from tastegraph.models.training.choosing.trials import Trial
from tastegraph.models.training.learn_weights import Blend

Asked = tuple[str, Mapping[str, str], SignalWeights | None]
"""Algorithm, settings and weights that were set by hand."""

_LITTLE = 1.1
"""What is reached over what popularity reaches, below which a person is warned."""


@dataclass(frozen=True)
class Reached:
    """NDCG@10 on the slice that nothing was chosen by.

    users          who were tested
    chosen         of the settings chosen, signals blended
    popularity     of the most heard artists
    listens_alone  of a factorisation of the listens alone
    """

    users: int
    chosen: float
    popularity: float
    listens_alone: float

    @property
    def sentences(self) -> list[str]:
        """For the person who trains, with a warning where it is little."""
        said = [
            f"on a slice of the listens that nothing was chosen by ({self.users:,} users): "
            f"NDCG@10 {self.chosen:.4f}, the most heard artists {self.popularity:.4f}, "
            f"listens alone {self.listens_alone:.4f}"
        ]
        if self.chosen < _LITTLE * self.popularity:
            said.append(
                "warning: that is little more than the most heard artists reach, so lists say "
                "little about taste: more listens a user would help"
            )
        return said


@dataclass(frozen=True)
class SettingsChoice:
    """An algorithm and settings, chosen where they were not set by hand.

    settings  what was chosen, without what was set by hand
    blend     the signals' weights
    effort    how long was searched (``request``)
    asked     what was set by hand
    shape     counts of the data that it was chosen on
    trials    in the order in which they were made
    reached   None where nobody was left to report on
    seconds   of processor time that choosing took; 0 where an earlier choice is used again
    made_at   when an earlier choice was made
    """

    algorithm: str
    settings: dict[str, Any]
    blend: Blend
    effort: str = QUICK
    asked: Asked = (DEFAULT, {}, None)
    shape: Shape | None = None
    trials: tuple[Trial, ...] = ()
    reached: Reached | None = None
    seconds: float = 0.0
    made_at: str | None = None
    notes: list[str] = field(default_factory=list)

    def as_properties(self) -> dict[str, Any]:
        """What the (:Model) keeps of it."""
        algorithm, settings, weights = self.asked
        return {
            "algorithm": self.algorithm,
            "settings": self.settings,
            "blend": asdict(self.blend),
            "effort": self.effort,
            "asked": {"algorithm": algorithm, "settings": dict(settings), "weights": weights},
            "shape": asdict(self.shape) if self.shape else None,
            "trials": [asdict(trial) for trial in self.trials],
            "reached": asdict(self.reached) if self.reached else None,
            "made_at": self.made_at,
        }

    @property
    def figures(self) -> dict[str, Any]:
        """Names and values to print."""
        reached = asdict(self.reached) if self.reached else {}
        return {
            "choose_processor_seconds": round(self.seconds, 3),
            "trials": len(self.trials),
            **{f"reached_{name}": value for name, value in reached.items()},
        }

    @property
    def sentences(self) -> list[str]:
        """What was chosen and what it reached, for the person who trains."""
        chosen = " ".join(f"{name}={value:g}" for name, value in self.settings.items())
        learns = f"learns {self.algorithm} with {chosen or 'its defaults'}"
        return [*self.notes, learns, *(self.reached.sentences if self.reached else [])]

    @property
    def used_again(self) -> str:
        """That this is an earlier choice, and how to get another."""
        return (
            f"the settings chosen by {len(self.trials)} trials of {self.made_at} are used again, "
            "since the data is much the same ('train --anew' chooses anew)"
        )


def asked_of(request: TrainingRequest) -> Asked:
    """What ``request`` sets by hand."""
    return request.algorithm, dict(request.settings), request.weights
