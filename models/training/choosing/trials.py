"""Cheap fits that tell good settings from bad ones on a slice of the listens."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import create
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.ranking import rank
from tastegraph.models.evaluation.split import Split
from tastegraph.models.training.choosing.candidates import LISTENS_ALONE, Candidate, as_text
from tastegraph.models.training.choosing.division import Division

K = 10
"""Length of the lists whose NDCG is measured."""

DIMENSIONS, EPOCHS = 64, 4
"""How far a trial goes."""

DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Trial:
    """What came of one candidate.

    value    mean NDCG@10 on the slice that is chosen by; NaN where the fit failed
    seconds  of processor time
    """

    settings: dict[str, Any]
    value: float
    seconds: float
    state: str = DONE


@dataclass
class Trials:
    """All trials on one division, each candidate measured once.

    by_user  NDCG@10 of each tested user, in the order of the slice's users
    """

    division: Division
    seed: int
    made: list[Trial] = field(default_factory=list)
    by_user: dict[Candidate, NDArray[np.float64]] = field(default_factory=dict)

    def value(self, candidate: Candidate) -> float:
        """Mean NDCG@10 of ``candidate``, which is tried if it has not been."""
        if candidate not in self.by_user:
            self._try(candidate)
        return float(self.by_user[candidate].mean())

    def is_better(self, candidate: Candidate, other: Candidate) -> bool:
        """Whether ``candidate`` is better by more than one standard error, user by user."""
        gain = self.by_user[candidate] - self.by_user[other]
        return bool(gain.mean() > gain.std() / np.sqrt(len(gain)))

    def _try(self, candidate: Candidate) -> None:
        started = time.process_time()
        split, state = self.division.choosing, DONE
        try:
            model = trial_model(candidate, split)
            model.fit(split.data, self.seed)
            values = of_users(model, split)
        except ModelError:
            values, state = np.zeros(len(split.users)), FAILED
        self.by_user[candidate] = values
        seconds = time.process_time() - started
        self.made.append(Trial(asdict(candidate), float(values.mean()), seconds, state))


def trial_model(candidate: Candidate, split: Split) -> Model[Any]:
    """The small factorisation that stands for ``candidate``."""
    algorithm = LISTENS_ALONE if candidate.is_listens_alone else "collective-als"
    settings = candidate.settings(split.data)
    return create(algorithm, as_text({"dimensions": DIMENSIONS, "epochs": EPOCHS, **settings}))


def of_users(model: Model[Any], split: Split) -> NDArray[np.float64]:
    """NDCG@10 of the tested users of ``split`` by ``model``; fewer artists give shorter lists."""
    lists = rank(model, split, min(K, len(split.data.artists)))
    return ndcg(lists.top, split.held[split.users])
