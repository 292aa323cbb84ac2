"""The choice itself: from what is known of the listens to a model's settings."""

import time
from collections.abc import Callable
from typing import Any

from tastegraph.errors import InputError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import DEFAULT, create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.ranking.weights import EMBEDDING_ALONE
from tastegraph.models.training.choosing.candidates import (
    AXES,
    Candidate,
    Shape,
    as_text,
    start,
    steps,
)
from tastegraph.models.training.choosing.choice import Reached, SettingsChoice, asked_of
from tastegraph.models.training.choosing.division import Division, divide
from tastegraph.models.training.choosing.request import TrainingRequest
from tastegraph.models.training.choosing.trials import Trials, of_users, trial_model
from tastegraph.models.training.learn_weights import Blend, blend_for, blended_ndcg
from tastegraph.runtime.progress import Progress, silent

CHOSEN = ("als", "collective-als", "collective")
"""Algorithms whose settings can be chosen."""

Note = Callable[[str], None]
"""Called with each sentence for the person who trains, as soon as it is known."""


def choose_settings(
    data: Dataset,
    request: TrainingRequest,
    seed: int,
    progress: Progress = silent,
    note: Note = lambda sentence: None,
) -> SettingsChoice:
    """Choose what ``request`` leaves open; the same data and seed give the same choice."""
    started = time.process_time()
    try:
        division = divide(data, seed)
    except InputError as error:
        return _unchosen(request, f"settings are the defaults: {error}")
    trials = Trials(division, seed)
    best = _search(trials, progress)
    settings = best.settings(division.choosing.data)
    algorithm = request.algorithm or ("als" if best.is_listens_alone else DEFAULT)
    model = create(algorithm, {**as_text(settings), **request.settings})
    model.fit(division.choosing.data, seed, progress)
    assert model.vectors is not None
    blend = blend_for(division.choosing, model.vectors, progress)
    return SettingsChoice(
        algorithm,
        settings,
        blend,
        effort=request.effort,
        asked=asked_of(request),
        shape=Shape.of(data),
        trials=tuple(trials.made),
        reached=_reached(division, model, blend, best, seed),
        seconds=time.process_time() - started,
    )


def _search(trials: Trials, progress: Progress) -> Candidate:
    """Step along each axis in turn while that is better."""
    best = start(trials.division.choosing.data)
    with progress("choosing settings", 0) as advance:
        trials.value(best)
        for axis in AXES:
            for candidate in steps(best, axis):
                trials.value(candidate)
                advance(1)
                if trials.is_better(candidate, best):
                    best = candidate
    return best


def _reached(
    division: Division, model: Model[Any], blend: Blend, best: Candidate, seed: int
) -> Reached | None:
    split = division.reported
    if not len(split.users) or model.vectors is None:
        return None
    alone = trial_model(best.listens_alone, split)
    popularity = create("popularity", {})
    for each in (alone, popularity):
        each.fit(split.data, seed)
    return Reached(
        len(split.users),
        float(blended_ndcg(split, model.vectors, blend.weights).mean()),
        float(of_users(popularity, split).mean()),
        float(of_users(alone, split).mean()),
    )


def _unchosen(request: TrainingRequest, note: str) -> SettingsChoice:
    return SettingsChoice(
        request.algorithm or DEFAULT,
        {},
        Blend(request.weights or EMBEDDING_ALONE),
        notes=[note],
    )
