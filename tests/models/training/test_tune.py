"""Searches: ranges, what is tried first, going on, giving up and failing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.errors import InputError, ModelError, NotFoundError
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.models.algorithms.factory import ALGORITHMS, create, search_space, settings_of
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.data.search_space import Range, parse_range
from tastegraph.models.evaluation.metrics import ndcg, recall
from tastegraph.models.evaluation.ranking import rank
from tastegraph.models.evaluation.split import split_at_random
from tastegraph.models.training import tune as module
from tastegraph.models.training.tune import Objective, Tuning, chosen_space

SPACE = {"reg": Range(0.001, 1.0, log=True), "epochs": Range(2, 4)}


@pytest.fixture(scope="module")
def slices():
    evidence = dataset_from_frames(generate(50, 100, 3))
    return [split_at_random(evidence, 0.2, seed) for seed in (0, 1)]


@pytest.fixture
def search(slices, tmp_path):
    return lambda **changes: Tuning(
        **{
            "algorithm": "als",
            "space": SPACE,
            "slices": slices,
            "objective": Objective(),
            "folder": tmp_path,
            **changes,
        }
    )


def test_the_value_is_the_mean_over_the_slices(search, slices):
    space = {"epochs": Range(2, 2), "dimensions": Range(4, 4)}
    tuning = search(space=space)
    frame = tuning.run(1, None)
    values = []
    for split in slices:
        model = create("als", {"epochs": "2", "dimensions": "4"})
        model.fit(split.data, 0)
        values.append(ndcg(rank(model, split, 10).top, split.held[split.users]).mean())
    assert frame["value"].tolist() == pytest.approx([np.mean(values)])
    assert frame["parameters"].tolist() == ["epochs=2 dimensions=4"]
    assert tuning.best == {"epochs": 2, "dimensions": 4}


def test_the_default_settings_are_tried_first(search):
    frame = search(space={"reg": SPACE["reg"]}).run(1, None)
    assert frame["parameters"].tolist() == [f"reg={settings_of('als')['reg']:g}"]


def test_a_search_that_was_killed_goes_on(search, monkeypatch):
    fits = []
    real = module.create

    def dying(algorithm, settings):
        fits.append(settings)
        if len(fits) == 4:
            raise KeyboardInterrupt
        return real(algorithm, settings)

    monkeypatch.setattr(module, "create", dying)
    with pytest.raises(KeyboardInterrupt):
        search().run(3, None)
    again = search()
    assert again.earlier >= 1
    frame = again.run(3, None)
    # What was cut short is tried again, with the same settings.
    assert fits[3] in fits[4:]
    assert len(frame) == 3
    assert len(set(frame["parameters"])) >= 2


def test_a_search_that_goes_on_makes_new_choices(search):
    first = search(space={"reg": SPACE["reg"]}).run(3, None)
    second = search(space={"reg": SPACE["reg"]}).run(6, None)
    assert len(second) == 6
    assert set(first["parameters"]) < set(second["parameters"])
    assert second["parameters"].nunique() == 6


def test_another_search_has_trials_of_its_own(search):
    search().run(1, None)
    assert search(seed=1).earlier == 0
    assert search(objective=Objective("recall")).earlier == 0
    assert search(space={"reg": SPACE["reg"]}).earlier == 0
    same = search()
    assert same.earlier == 1
    same.forget()
    assert same.earlier == 0


def test_what_is_behind_is_given_up(search, monkeypatch, slices):
    values = iter([0.5, 0.5] * 5 + [0.1])
    monkeypatch.setattr(module.Objective, "value", lambda *_: next(values))
    frame = search().run(6, None)
    assert frame["state"].tolist() == ["done"] * 5 + ["given up"]


def test_trials_that_fail_are_said(search, monkeypatch):
    def failing(*_):
        raise ModelError("left the range of numbers")

    monkeypatch.setattr(module.Objective, "value", failing)
    with pytest.raises(ModelError, match="no trial came to an end"):
        search().run(2, None)


def test_objectives(slices):
    split = slices[0]
    model = create("als", {"dimensions": "4", "epochs": "2"})
    model.fit(split.data)
    top, held = rank(model, split, 10).top, split.held[split.users]
    assert Objective("recall").value(top, split) == pytest.approx(recall(top, held).mean())
    plain = Objective("ndcg").value(top, split)
    assert Objective("blend", novelty=0.0).value(top, split) == pytest.approx(plain)
    surprise = Objective("blend", novelty=1.0).value(top, split)
    assert 0 < surprise < 1
    half = Objective("blend", novelty=0.5).value(top, split)
    assert half == pytest.approx((plain + surprise) / 2)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_declared_ranges_hold_the_defaults(algorithm):
    defaults = settings_of(algorithm)
    for name, wanted in search_space(algorithm).items():
        assert wanted.low <= defaults[name] <= wanted.high, name
        assert wanted.is_whole == isinstance(defaults[name], int), name


@given(st.floats(0.001, 10), st.floats(0.001, 10))
def test_ranges_read_back(low, high):
    low, high = sorted((low, high))
    assert parse_range(f"{low!r}:{high!r}", None, whole=False) == Range(low, high)


@pytest.mark.parametrize("text", ["2:1", "a:b", "1", "", "nan:1", "1:inf", "1:2:3"])
def test_ranges_that_hold_nothing_are_refused(text):
    with pytest.raises(InputError):
        chosen_space("als", {"reg": text})


def test_whole_numbers_stay_whole():
    assert chosen_space("als", {"epochs": "2:5"})["epochs"].is_whole
    with pytest.raises(InputError, match="whole numbers"):
        chosen_space("als", {"epochs": "2.5:5"})


def test_wrong_names_and_models_without_a_space_are_refused(monkeypatch):
    with pytest.raises(NotFoundError, match="did you mean 'reg'"):
        chosen_space("als", {"regg": "1:2"})
    monkeypatch.setattr(module, "search_space", lambda algorithm: {})
    with pytest.raises(InputError, match="no settings to search"):
        chosen_space("als", {})


def test_a_trial_whose_process_died_is_tried_again(search):
    first = search()
    dead = first._study.ask()
    dead.suggest_float("reg", 0.001, 1.0, log=True)
    dead.suggest_int("epochs", 2, 4)
    again = search()
    assert again.earlier == 0
    frame = again.run(1, None)
    wanted = " ".join(module.assignments(dead.params))
    assert frame["parameters"].tolist() == [wanted]
