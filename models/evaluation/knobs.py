"""What each knob of ``recommend`` costs in NDCG, and what it wins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.models.evaluation.compare import measures
from tastegraph.models.evaluation.model_spec import ModelSpec
from tastegraph.models.evaluation.ranking import check_k
from tastegraph.models.evaluation.result_cache import ResultCache, key_of
from tastegraph.models.evaluation.split import Split
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.runtime.progress import Progress, silent

MODEL, KNOB, VALUE = "model", "knob", "value"
MEASURES = ("ndcg", "precision", "novelty", "coverage", "diversity")
COLUMNS = (MODEL, KNOB, VALUE, "k", *MEASURES)

_UNIT = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.0)
_WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)

KNOBS: Mapping[str, Sequence[float]] = {
    "novelty": _UNIT,
    "diversity": _UNIT,
    "friends": _WEIGHTS,
    "tags": _WEIGHTS,
}
"""Values of each knob that are tried: ``--novelty``, ``--diversity``, and the weights of friends
and tags beside the embedding's 1."""


def knob_table(
    field: Sequence[ModelSpec],
    split_for: Callable[[int], Split],
    seeds: Sequence[int],
    *,
    k: int,
    cache: ResultCache,
    weights: SignalWeights | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """One row a model, knob and value; columns COLUMNS, means over the seeds.

    While one knob turns, the others stand where ``recommend`` has them: no novelty, no
    diversity, and the weights that ``hybrid`` has learned (for another model, the embedding
    alone), or at the ``weights`` given. InputError for a model without vectors.
    """
    _check(field)
    settings = [(knob, value) for knob, values in KNOBS.items() for value in values]
    splits = {seed: split_for(seed) for seed in seeds}
    rows = []
    for spec in field:
        measured = []
        for seed, split in splits.items():
            found = cache.rows(
                spec.label,
                key_of(spec.model(), split, "knobs", settings, seed, k, weights),
                partial(_measured, spec, split, seed, settings, weights, k=k, progress=progress),
            )
            measured.append(found.to_numpy())
        means = np.mean(measured, axis=0).tolist()
        rows += [
            {MODEL: spec.label, KNOB: knob, VALUE: value, "k": k}
            | dict(zip(MEASURES, mean, strict=True))
            for (knob, value), mean in zip(settings, means, strict=True)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _check(field: Sequence[ModelSpec]) -> None:
    """InputError for a model that has no knobs."""
    for model in (spec.model() for spec in field):
        if not (model.has_signals):
            raise InputError(
                f"{model.name} has no vectors, so it has no knobs to turn: name models that have, "
                "such as --models hybrid,als"
            )


def _measured(
    spec: ModelSpec,
    split: Split,
    seed: int,
    settings: Sequence[tuple[str, float]],
    weights: SignalWeights | None,
    *,
    k: int,
    progress: Progress,
) -> pd.DataFrame:
    """MEASURES, a row for each of ``settings``."""
    check_k(k, split.data)
    recommender, learned = _fitted(spec, split, seed, progress)
    rest = RecommendOptions(k, weights or learned)
    choices = [_turned(rest, knob, value) for knob, value in settings]
    held = split.held[split.users]
    found = [
        measures(top, held, split.data) for top in recommender.lists(split.users, choices, progress)
    ]
    return pd.DataFrame(found, columns=list(MEASURES))


def _fitted(
    spec: ModelSpec, split: Split, seed: int, progress: Progress
) -> tuple[Recommender, SignalWeights]:
    model = spec.model()
    model.fit(split.data, seed, progress)
    vectors, weights = model.signals()
    names = np.empty(len(split.data.artists), dtype=object)
    return Recommender(split.data, vectors, names), weights


def _turned(options: RecommendOptions, knob: str, value: float) -> RecommendOptions:
    if knob == "novelty":
        return replace(options, novelty=value)
    if knob == "diversity":
        return replace(options, diversity=value)
    weights = options.weights._replace(**{"embedding": 1.0, knob: value})
    return replace(options, weights=weights)
