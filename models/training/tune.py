"""Good settings of a model, found on slices of the training listens.

A slice holds out a part of every user's training listens as a test would; the test itself is
not there. Each trial is one choice of settings, its value the mean over the slices, and one
that is behind after the first slices is given up.
"""

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
from optuna.trial import FrozenTrial, Trial, TrialState

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.factory import create, search_space, settings_of
from tastegraph.models.data.search_space import Range, parse_range
from tastegraph.models.evaluation.metrics import ndcg, novelty, recall
from tastegraph.models.evaluation.ranking import check_k, rank
from tastegraph.models.evaluation.split import Split
from tastegraph.runtime.cache_folder import cache_folder
from tastegraph.runtime.progress import Progress, silent

COLUMNS = ("trial", "value", "state", "parameters")

# Marks a trial that was cut short, which is no result.
_INTERRUPTED = "interrupted"

# Trials that run to the end before any is given up.
_UNPRUNED = 5


@dataclass(frozen=True)
class Objective:
    """What a trial is worth: the higher the better.

    name     "ndcg", "recall" or "blend"
    k        length of the lists
    novelty  part of novelty in the blend, 0 to 1; the rest is NDCG. Novelty counts as a share of
             the most that there can be, log2(users)
    """

    name: str = "ndcg"
    k: int = 10
    novelty: float = 0.1

    def value(self, top: np.ndarray, split: Split) -> float:
        """The worth of the lists ``top`` of the tested users of ``split``."""
        held = split.held[split.users]
        if self.name == "recall":
            return float(recall(top, held).mean())
        quality = float(ndcg(top, held).mean())
        if self.name == "ndcg":
            return quality
        taught = int(np.count_nonzero(np.diff(split.data.plays.indptr)))
        surprise = novelty(top, split.data.listeners, taught)
        share = float(np.nanmean(surprise)) / max(math.log2(taught), 1.0)
        return (1.0 - self.novelty) * quality + self.novelty * share


@dataclass
class Tuning:
    """A search that is kept on disk after every trial.

    algorithm  the model's name
    space      the settings that are searched
    slices     training listens, divided
    objective  what is looked for
    seed       of the fits and of the choice of settings
    folder     where the search is kept; the user's cache folder unless told
    """

    algorithm: str
    space: Mapping[str, Range]
    slices: Sequence[Split]
    objective: Objective
    seed: int = 0
    folder: Path = field(default_factory=cache_folder)

    def __post_init__(self) -> None:
        for split in self.slices:
            check_k(self.objective.k, split.data)
        folder = self.folder / "tune"
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"{self._key()}.sqlite3"
        self._study = self._open()

    def run(
        self, trials: int | None, minutes: float | None, progress: Progress = silent
    ) -> pd.DataFrame:
        """Search until ``trials`` have been made, those of earlier runs counted, or ``minutes``
        are over, whichever comes first; columns COLUMNS.

        ModelError where every trial failed.
        """
        left = None if trials is None else max(0, trials - len(self._finished()))
        with progress(f"tuning {self.algorithm}", left or 0) as advance:
            if left != 0:
                self._study.optimize(
                    self._trial,
                    n_trials=left,
                    timeout=None if minutes is None else 60.0 * minutes,
                    catch=(ModelError,),
                    callbacks=[lambda _study, _trial: advance(1)],
                )
        if not self._done():
            raise ModelError(
                "no trial came to an end with a value: narrow the ranges (--range), or give more "
                "trials"
            )
        return self.table()

    @property
    def earlier(self) -> int:
        """Trials that earlier runs have made."""
        return len(self._finished())

    def forget(self) -> None:
        """Begin anew."""
        optuna.delete_study(study_name=self.algorithm, storage=self._storage)
        self._study = self._open()

    def table(self) -> pd.DataFrame:
        """One row a trial, the best first, those without a value last; parameters as text."""
        rows = [
            {
                "trial": trial.number,
                "value": trial.value if trial.state == TrialState.COMPLETE else None,
                "state": _STATES[trial.state],
                "parameters": " ".join(assignments(trial.params)),
            }
            for trial in self._finished()
        ]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        frame["value"] = frame["value"].astype(float)
        return frame.sort_values(["value", "trial"], ascending=[False, True], ignore_index=True)

    @property
    def best(self) -> dict[str, Any]:
        """The best settings."""
        return dict(self._study.best_params)

    def _trial(self, trial: Trial) -> float:
        try:
            return self._value(trial)
        except KeyboardInterrupt:
            trial.set_user_attr(_INTERRUPTED, True)
            self._study.enqueue_trial(trial.params)
            raise

    def _value(self, trial: Trial) -> float:
        chosen = {name: _suggested(trial, name, wanted) for name, wanted in self.space.items()}
        values: list[float] = []
        for step, split in enumerate(self.slices):
            model = create(self.algorithm, {name: str(value) for name, value in chosen.items()})
            model.fit(split.data, self.seed)
            top = rank(model, split, self.objective.k).top
            values.append(self.objective.value(top, split))
            trial.report(float(np.mean(values)), step)
            if step + 1 < len(self.slices) and trial.should_prune():
                raise optuna.TrialPruned
        return float(np.mean(values))

    def _open(self) -> optuna.Study:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._storage = optuna.storages.RDBStorage(f"sqlite:///{self.file}")
        study = optuna.create_study(
            study_name=self.algorithm,
            storage=self._storage,
            direction="maximize",
            load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=_UNPRUNED),
        )
        # A search that goes on must not choose again what it chose first.
        study.sampler = optuna.samplers.TPESampler(seed=self.seed + len(study.trials))
        if not study.trials:
            self._begin_with_defaults(study)
        for trial in study.get_trials(states=(TrialState.RUNNING,)):
            # The process that made it is gone: its settings are tried again.
            self._storage.set_trial_user_attr(trial._trial_id, _INTERRUPTED, True)
            study.tell(trial.number, state=TrialState.FAIL)
            study.enqueue_trial(trial.params)
        return study

    def _begin_with_defaults(self, study: optuna.Study) -> None:
        """Try first what the model has without a search, where the ranges hold it."""
        defaults = settings_of(self.algorithm)
        inside = {
            name: defaults[name]
            for name, wanted in self.space.items()
            if wanted.low <= defaults[name] <= wanted.high
        }
        if inside:
            study.enqueue_trial(inside)

    def _finished(self) -> list[FrozenTrial]:
        return [
            trial
            for trial in self._study.trials
            if trial.state in _STATES and _INTERRUPTED not in trial.user_attrs
        ]

    def _done(self) -> list[FrozenTrial]:
        return self._study.get_trials(states=(TrialState.COMPLETE,))

    def _key(self) -> str:
        mark = hashlib.sha256(
            json.dumps(
                [
                    self.algorithm,
                    settings_of(self.algorithm),
                    {name: [str(each), each.log] for name, each in self.space.items()},
                    dataclasses.asdict(self.objective),
                    self.seed,
                ],
                sort_keys=True,
            ).encode()
        )
        for split in self.slices:
            mark.update(split.fingerprint.encode())
        return mark.hexdigest()[:32]


_STATES = {
    TrialState.COMPLETE: "done",
    TrialState.PRUNED: "given up",
    TrialState.FAIL: "failed",
}


HALF_LIVES = {"half_life": Range(0.0, 730.0)}
"""Days that are searched where listens are held out by time; 0 weighs old and new alike."""


def chosen_space(
    algorithm: str, ranges: Mapping[str, str], *, by_time: bool = False
) -> dict[str, Range]:
    """What is searched: the model's own ranges, or those of ``ranges`` (low:high) alone.

    Where listens are held out ``by_time``, half-lives are among the own ones of a model that has
    any.

    NotFoundError for a setting that is not there, InputError for a range that holds nothing, a
    setting that is no number, or a model that has nothing to search.
    """
    declared = search_space(algorithm)
    if by_time and declared:
        declared |= HALF_LIVES
    if not ranges:
        if not declared:
            raise InputError(
                f"{algorithm} has no settings to search: name one with --range NAME=LOW:HIGH, or "
                "tune another model"
            )
        return declared
    defaults = settings_of(algorithm, ranges)
    for name in ranges:
        if isinstance(defaults[name], bool) or not isinstance(defaults[name], int | float):
            raise InputError(
                f"{name} of {algorithm} is {defaults[name]!r} and no number: numbers are searched"
            )
    return {
        name: parse_range(text, declared.get(name), isinstance(defaults[name], int))
        for name, text in ranges.items()
    }


def assignments(parameters: Mapping[str, Any]) -> list[str]:
    """Settings as ``train --set`` takes them."""
    return [f"{name}={value:.6g}" for name, value in parameters.items()]


def _suggested(trial: Trial, name: str, wanted: Range) -> float:
    if wanted.is_whole:
        return trial.suggest_int(name, int(wanted.low), int(wanted.high), log=wanted.log)
    return trial.suggest_float(name, wanted.low, wanted.high, log=wanted.log)
