"""The hybrid among the models, and what each knob costs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.evaluation import knobs as module
from tastegraph.models.evaluation.knobs import COLUMNS, KNOBS, knob_table
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.model_spec import model_specs
from tastegraph.models.evaluation.ranking import rank
from tastegraph.models.evaluation.result_cache import ResultCache
from tastegraph.models.evaluation.split import Split, split_at_random
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.signals import Signals
from tastegraph.models.ranking.weights import EMBEDDING_ALONE, SIGNALS
from tastegraph.models.training.hybrid import Hybrid, HybridConfig
from tastegraph.models.training.learn_weights import learn_blend

BASE = {"dimensions": "4", "epochs": "2"}
LABEL = "hybrid:model=als:dimensions=4:epochs=2"


@pytest.fixture(scope="module")
def split() -> Split:
    return split_at_random(dataset_from_frames(generate(60, 150, 3)), 0.2, 1)


@pytest.fixture(scope="module")
def hybrid(split: Split) -> Hybrid:
    model = Hybrid(HybridConfig(model="als", dimensions=4, epochs=2))
    model.fit(split.data, 1)
    return model


def test_the_weights_are_those_of_the_training_part(split: Split, hybrid: Hybrid) -> None:
    assert hybrid.blend == learn_blend(split.data, create("als", BASE), 1)
    assert any(hybrid.blend.weights[1:])
    assert hybrid.blend.users <= len(split.data.users)


def test_it_scores_what_the_signals_weigh(split: Split, hybrid: Hybrid) -> None:
    signals = Signals(split.data, hybrid.base_vectors)
    users = np.array([3, 11])
    expected = sum(
        weight * signals.of(name, users)
        for name, weight in zip(SIGNALS, hybrid.blend.weights, strict=True)
    )
    np.testing.assert_allclose(hybrid.score(users), expected, atol=1e-6)


def test_without_who_gave_which_tag_the_embedding_counts_alone(split: Split) -> None:
    model = Hybrid(HybridConfig(model="als", dimensions=4, epochs=2))
    model.fit(replace(split.data, taggings=split.data.taggings[:0]), 1)
    assert model.blend.weights == EMBEDDING_ALONE


@pytest.mark.parametrize("model", ["hybrid", "popularity"])
def test_what_has_no_vectors_is_not_blended(model: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="model=als"):
        create("hybrid", {"model": model})
    if model == "popularity":
        with pytest.raises(InputError, match="no knobs"):
            knob_table(model_specs(model), None, [0], k=5, cache=ResultCache(tmp_path))  # type: ignore[arg-type]


def test_knobs_have_their_price(split: Split, hybrid: Hybrid, tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    table = knob_table(model_specs(LABEL), lambda seed: split, [1], k=10, cache=cache)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == sum(map(len, KNOBS.values()))
    novelty, diversity = (table[table["knob"] == knob] for knob in ("novelty", "diversity"))
    own = ndcg(rank(hybrid, split, 10).top, split.held[split.users]).mean()
    for curve in (novelty, diversity):
        assert curve["ndcg"].iloc[0] == pytest.approx(own)
        assert curve["ndcg"].iloc[-1] < own
    assert novelty["novelty"].is_monotonic_increasing
    assert diversity["diversity"].iloc[-1] > diversity["diversity"].iloc[0]


def test_lists_are_those_that_are_recommended(split: Split, hybrid: Hybrid) -> None:
    names = np.empty(len(split.data.artists), dtype=object)
    recommender = Recommender(split.data, hybrid.base_vectors, names)
    choices = [
        RecommendOptions(5, hybrid.blend.weights),
        RecommendOptions(5, (0.0, 1.0, 0.0), novelty=0.5),
        RecommendOptions(5, hybrid.blend.weights, diversity=0.5),
    ]
    users = np.arange(20)
    for options, top in zip(choices, recommender.lists(users, choices), strict=True):
        frame = recommender.recommend(users, options)
        ids = np.asarray(split.data.artists.ids)[top]
        assert frame["artist"].tolist() == ids.ravel().tolist()


def test_a_run_that_was_killed_goes_on_where_it_was(
    split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(cache: ResultCache) -> pd.DataFrame:
        field = model_specs("als:dimensions=4:epochs=2,als:dimensions=5:epochs=2")
        return knob_table(field, lambda seed: split, [1], k=5, cache=cache)

    monkeypatch.setattr(module, "KNOBS", {"novelty": (0.0, 0.5)})
    fresh, fitted, real = run(ResultCache(tmp_path / "fresh")), [], module._fitted

    def counting(spec, *rest):
        fitted.append(spec.settings["dimensions"])
        if len(fitted) == 2:
            raise KeyboardInterrupt
        return real(spec, *rest)

    monkeypatch.setattr(module, "_fitted", counting)
    with pytest.raises(KeyboardInterrupt):
        run(ResultCache(tmp_path))
    second = ResultCache(tmp_path)
    pd.testing.assert_frame_equal(run(second), fresh)
    assert fitted == ["4", "5", "5"]
    assert second.found == ["als:dimensions=4:epochs=2"]
    second.done()
    assert not list(tmp_path.glob("evaluate/*"))
