"""The choice of a model and its settings, from cheap to dear.

1. Small factorisations of the graph are tried on a slice of the listens. From the better of two
   starts, for many listens a user and for few, the search goes along one axis after the other:
   what an unobserved pair weighs, how strong the regularisation is, whether friends and tags help.
   For few listens it takes longer vectors, which need a stronger regularisation than short ones.
2. A full-rank model is solved beside the best of them, and its share chosen, from one that suits
   the start; where it has none, longer vectors are tried.
3. The signals' weights are learned on the same slice, and another slice tells what all of it
   reaches.

A neighbour is taken only where it is better by more than one standard error, user by user.
"""

import itertools
import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.collective import Collective
from tastegraph.models.algorithms.factory import create
from tastegraph.models.algorithms.teacher import Teacher
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.ranking.weights import EMBEDDING_ALONE
from tastegraph.models.training.choosing.candidates import (
    LENGTHS,
    RELATIONS,
    Candidate,
    for_few_listens,
    start,
    steps,
)
from tastegraph.models.training.choosing.choice import Reached, SettingsChoice, asked_of
from tastegraph.models.training.choosing.data_shape import Shape
from tastegraph.models.training.choosing.division import Division, divide, few
from tastegraph.models.training.choosing.family import Family
from tastegraph.models.training.choosing.full_rank import (
    MIX_OF_FEW_LISTENS,
    SHARES,
    Mix,
    choose_mix,
)
from tastegraph.models.training.choosing.request import THOROUGH, TrainingRequest
from tastegraph.models.training.choosing.trials import Trials, ndcg_by_user, small_model
from tastegraph.models.training.learn_weights import Blend, blend_for, blended_ndcg
from tastegraph.runtime.notes import Note, unsaid
from tastegraph.runtime.progress import Advance, Progress, silent

LEAST = 30
"""Users who are to be tested at least for anything to be chosen by them."""

# Vectors of the default model on the slice: half as long as they will be tell as much.
_SLICE_DIMENSIONS = 128

_SCALES = {THOROUGH: (1.0, 0.5, 0.25)}
"""How far each round of steps reaches."""


@dataclass(frozen=True)
class _Fitted:
    """A model that was fitted without the slices.

    others  what was chosen beside the candidate
    """

    algorithm: str
    candidate: Candidate
    others: dict[str, Any]
    model: Model[Any]

    @property
    def settings(self) -> dict[str, Any]:
        """What was chosen."""
        return self.candidate.settings(self.algorithm) | self.others


def choose_settings(
    data: Dataset,
    request: TrainingRequest,
    *,
    seed: int = 0,
    progress: Progress = silent,
    note: Note = unsaid,
) -> SettingsChoice:
    """Choose what ``request`` leaves open for ``data``, which has to tell who gave which tag.

    ``note`` gets each sentence for the person who trains as soon as it is known. The same data,
    request and seed give the same choice, unless a time limit cuts it short.
    """
    started, family = time.process_time(), Family.of(data, request)
    if request.weights and not family.is_open:
        return _begun(family, request, "all settings and weights are set by hand")
    note(family.sentence)
    try:
        division = divide(data, seed)
    except InputError as error:
        return _begun(family, request, str(error))
    if len(division.choosing.users) < LEAST:
        return _begun(family, request, f"fewer than {LEAST} users can be tested")
    deadline = None if request.minutes is None else time.monotonic() + 60.0 * request.minutes
    trials = Trials(division.choosing, request.settings, seed, deadline)
    few_listens = _search(trials, family, request.effort, progress)
    if not trials.best:
        return _begun(family, request, f"{request.minutes:g} minutes are too short for a trial")
    cut_short = [_cut_short(request, len(trials.made))] if trials.is_over else []
    mix = MIX_OF_FEW_LISTENS if few_listens else Mix()
    fitted = _with_full_rank(trials, family, mix, progress) or _factorised(trials, family, progress)
    assert fitted.model.vectors is not None
    blend = (
        Blend(request.weights)
        if request.weights
        else blend_for(few(division.choosing), fitted.model.vectors, progress)
    )
    return SettingsChoice(
        fitted.algorithm,
        family.open_of(fitted.settings),
        blend,
        effort=request.effort,
        asked=asked_of(request),
        shape=Shape.of(data),
        trials=tuple(trials.made),
        reached=_reached(division, fitted, blend, trials),
        seconds=time.process_time() - started,
        notes=cut_short,
    )


def _cut_short(request: TrainingRequest, trials: int) -> str:
    return (
        f"the time limit ({request.minutes:g} minutes) cut the search short after {trials} trials: "
        "another run may choose otherwise"
    )


def _search(trials: Trials, family: Family, effort: str, progress: Progress) -> bool:
    """Step along each axis while that is better, in ever smaller steps; gives whether that was from
    the start for few listens a user.
    """
    starts = _starts(trials.split.data, family)
    scales = _SCALES.get(effort, (1.0,))
    most = len(scales) * sum(len(steps(starts[0], axis, 1.0)) for axis in family.axes)
    with progress("choosing settings", len(starts) + most) as advance:
        for candidate in starts:
            if not trials.is_over:
                trials.begin(candidate)
                advance(1)
        begun = trials.best[0] if trials.best else starts[0]
        few_listens = begun != starts[0]
        if few_listens and family.may_be_longer and not trials.is_over:
            trials.go_on_from(replace(begun, dimensions=LENGTHS[0]))
        for scale, axis in itertools.product(scales, family.axes):
            if axis in RELATIONS and family.may_be_longer:
                trials.lengthen(LENGTHS[:1])
            _along(trials, axis, scale, advance)
    return few_listens


def _starts(data: Dataset, family: Family) -> list[Candidate]:
    """Where the search may begin."""
    first = start(data, family.algorithm)
    return [first, for_few_listens(first)] if {"reg", "unobserved"} & {*family.axes} else [first]


def _along(trials: Trials, axis: str, scale: float, advance: Advance) -> None:
    """Step from the best candidate along ``axis``, as far as that is better: the other way only
    where the first one leads nowhere.
    """
    if not trials.best:
        return
    begun = trials.best[0]
    for way in range(len(steps(begun, axis, scale))):
        while not trials.is_over:
            ways = steps(trials.best[0], axis, scale)
            advance(1)
            if way >= len(ways) or not trials.is_best(ways[way]):
                break
        if trials.best[0] != begun:
            return


def _with_full_rank(
    trials: Trials, family: Family, begun: Mix, progress: Progress
) -> _Fitted | None:
    """The default model with the full-rank model's share, chosen from what is open of ``begun``;
    None where that is not to be had.
    """
    if not family.has_full_rank or not trials.best:
        return None
    data, best = trials.split.data, trials.best[0]
    settings = best.settings(family.algorithm) | asdict(begun)
    config = family.model(family.algorithm, settings).config
    try:
        both = replace(config, ease_share=SHARES[0])
        teacher = Teacher.fit(data, both, trials.seed, progress, family.algorithm)
    except ModelError:
        return None
    mix = Mix(config.ease_share, config.popularity_discount)
    mix = choose_mix(teacher, few(trials.split), mix, family.open_of(asdict(mix)))
    # One factorisation tells the signals' weights as well as the mean of several.
    others = asdict(mix) | ({"starts": mix.starts} if mix.starts > 1 else {})
    shorter = min(config.dimensions, _SLICE_DIMENSIONS)
    model = Collective(replace(config, **asdict(mix), dimensions=shorter))
    model.distil(mix.of(teacher, data.listeners), data, trials.seed, progress)
    return _Fitted(family.algorithm, best, others, model)


def _factorised(trials: Trials, family: Family, progress: Progress) -> _Fitted:
    """The factorisation alone, its vectors as long as it takes, as it was tried."""
    if family.may_be_longer:
        with progress("choosing dimensions", 1) as advance:
            trials.lengthen(LENGTHS)
            advance(1)
    assert trials.best is not None
    best, model = trials.best
    lengths = {"dimensions": max(best.dimensions, LENGTHS[0])}
    return _Fitted(family.factorisation(best), best, lengths, model)


def _reached(division: Division, fitted: _Fitted, blend: Blend, trials: Trials) -> Reached | None:
    """What is found of the second slice, at last."""
    split, vectors = division.reported, fitted.model.vectors
    if not len(split.users) or vectors is None:
        return None
    alone, popularity = trials.alone, create("popularity", {})
    popularity.fit(split.data)
    if alone is None:
        alone = small_model(fitted.candidate.listens_alone, trials.by_hand)
        alone.fit(split.data, trials.seed)
    return Reached(
        len(split.users),
        float(blended_ndcg(split, vectors, blend.weights).mean()),
        float(ndcg_by_user(popularity, split).mean()),
        float(ndcg_by_user(alone, split).mean()),
    )


def _begun(family: Family, request: TrainingRequest, why: str) -> SettingsChoice:
    """The settings from which the search starts, where there is none."""
    best = start(family.data, family.algorithm)
    settings = best.settings(family.algorithm)
    return SettingsChoice(
        family.algorithm,
        family.open_of(settings),
        Blend(request.weights or EMBEDDING_ALONE),
        effort=request.effort,
        asked=asked_of(request),
        notes=[
            f"nothing is chosen by trials ({why}): what is not set by hand is a start that fits "
            "data of this size"
        ],
    )
