"""Cheap fits that tell good settings from bad ones on a slice of the listens."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.ranking import ndcg_of_scores
from tastegraph.models.evaluation.split import Split
from tastegraph.models.training.choosing.candidates import (
    DIMENSIONS,
    LISTENS_ALONE,
    WHOLE_GRAPH,
    Candidate,
    as_text,
)

K = 10
"""Length of the lists whose NDCG is reported."""

MOST_K, ARTISTS_A_PLACE = 100, 100
"""Settings are compared on lists of up to MOST_K, one place for so many artists: few listens are
found among the first ten of many artists, and what differs there is mostly chance."""

EPOCHS, EPOCHS_LONG = 2, 3
"""Sweeps of a trial, of short vectors and of long ones."""

POWER_STEPS = 2
"""Steps of subspace iteration before, without which so few sweeps do not arrive."""

CG_STEPS, LAST_CG_STEPS = 1, 3
"""Of its half-sweeps, and of the last one: three give what an exact one does."""

DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Trial:
    """What came of one candidate.

    settings  that were tried
    value     mean NDCG, at ``list_length``, on the slice that is chosen by; 0 where the fit failed
    seconds   of processor time
    state     DONE or FAILED
    """

    settings: dict[str, Any]
    value: float
    seconds: float
    state: str = DONE


@dataclass
class Trials:
    """The trials on one slice, each candidate measured once.

    by_hand   settings that are what they are
    deadline  on the monotonic clock, after which none begins; None without one
    best      the best candidate so far, and its fitted model
    alone     the last model of the listens alone
    """

    split: Split
    by_hand: Mapping[str, str]
    seed: int
    deadline: float | None = None
    made: list[Trial] = field(default_factory=list)
    best: tuple[Candidate, Model[Any]] | None = None
    alone: Model[Any] | None = None
    _by_user: dict[Candidate, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether the time is."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    def begin(self, candidate: Candidate) -> None:
        """Try a start: the best of several is that of the highest mean."""
        model, values = self._tried(candidate)
        if not self.best or values.mean() > self._by_user[self.best[0]].mean():
            self.best = candidate, model

    def go_on_from(self, candidate: Candidate) -> None:
        """Try ``candidate``, which is the best from now on unless its fit fails."""
        model, _ = self._tried(candidate)
        if self.made[-1].state == DONE:
            self.best = candidate, model

    def is_best(self, candidate: Candidate) -> bool:
        """Try ``candidate``, and whether it becomes the best: one does that is better than the best
        by more than one standard error, user by user.
        """
        if candidate in self._by_user:
            return False
        model, values = self._tried(candidate)
        if self.best and not is_better(values, self._by_user[self.best[0]]):
            return False
        self.best = candidate, model
        return True

    def lengthen(self, lengths: Sequence[int]) -> None:
        """Take longer vectors, one of ``lengths`` after the other, unless they are worse by more
        than one standard error, and go on while they are better by as much.
        """
        for at, length in enumerate(lengths):
            if not self.best or self.is_over:
                return
            if self.best[0].dimensions >= length:
                continue
            before = self._by_user[self.best[0]]
            longer = replace(self.best[0], dimensions=length)
            if longer in self._by_user:
                return
            model, values = self._tried(longer)
            if is_better(before, values):
                return
            self.best = longer, model
            if at and not is_better(values, before):
                return

    def _tried(self, candidate: Candidate) -> tuple[Model[Any], NDArray[np.float64]]:
        """The model of ``candidate`` and what it gives each tested user; zeros where it fails."""
        started, state = time.process_time(), DONE
        model = small_model(candidate, self.by_hand)
        try:
            model.fit(self.split.data, self.seed)
            values = ndcg_by_user(model, self.split, list_length(self.split.data))
        except ModelError:
            values, state = np.zeros(len(self.split.users)), FAILED
        self._by_user[candidate] = values
        if candidate.is_listens_alone and state == DONE:
            self.alone = model
        seconds = round(time.process_time() - started, 3)
        used = {name: getattr(model.config, name) for name in _kept_of(model)}
        self.made.append(Trial(used, float(values.mean()), seconds, state))
        return model, values


def _kept_of(model: Model[Any]) -> list[str]:
    """The settings that tell one trial from another."""
    named = ("reg", "unobserved", "friend_weight", "self_weight", "tag_weight", "dimensions")
    return [name for name in named if hasattr(model.config, name)]


def is_better(values: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    """Whether users' ``values`` are above ``others`` by more than one standard error."""
    gain = values - others
    return bool(gain.mean() > gain.std() / np.sqrt(len(gain)))


def small_model(candidate: Candidate, by_hand: Mapping[str, str]) -> Model[Any]:
    """The factorisation that stands for ``candidate`` in a trial."""
    algorithm = LISTENS_ALONE if candidate.is_listens_alone else WHOLE_GRAPH
    settings = as_text(
        {
            **candidate.settings(algorithm),
            "dimensions": candidate.dimensions,
            "power_steps": POWER_STEPS,
            "cg_steps": CG_STEPS,
            "last_cg_steps": LAST_CG_STEPS,
            "epochs": EPOCHS if candidate.dimensions <= DIMENSIONS else EPOCHS_LONG,
        }
    )
    kept = {
        name: by_hand[name]
        for name in by_hand
        if name == "half_life" or (name in settings and name != "epochs")
    }
    return create(algorithm, {**settings, **kept})


def list_length(data: Dataset) -> int:
    """Length of the lists by which settings are compared."""
    return min(max(K, len(data.artists) // ARTISTS_A_PLACE), MOST_K)


def ndcg_by_user(model: Model[Any], split: Split, k: int = K) -> NDArray[np.float64]:
    """NDCG@k of the tested users by ``model``; fewer artists than k give shorter lists."""
    return ndcg_of_scores(model.score, split, k)
