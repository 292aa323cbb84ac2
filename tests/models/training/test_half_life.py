"""Half-lives that a search finds, where taste changes and where it does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tastegraph.errors import InputError
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.search_space import Range
from tastegraph.models.evaluation.metrics import ndcg
from tastegraph.models.evaluation.ranking import rank
from tastegraph.models.evaluation.split import Split
from tastegraph.models.evaluation.split_by_time import slices_by_time, split_by_time
from tastegraph.models.training.choosing.choose import choose_settings
from tastegraph.models.training.choosing.request import TrainingRequest
from tastegraph.models.training.tune import HALF_LIVES, Objective, Tuning, chosen_space
from tests.models.drift import DAY, listens_over_time

SIZE = {"dimensions": 16, "epochs": 3}


def ndcg_by_user(split: Split, half_life: float) -> NDArray[np.float64]:
    """Each user's NDCG on what ``split`` holds out."""
    settings = SIZE | {"half_life": half_life}
    model = create("als", {name: str(value) for name, value in settings.items()})
    model.fit(split.data, 0)
    return ndcg(rank(model, split, 10).top, split.held[split.users])


def found_by_tune(data: Dataset, folder: Path) -> float:
    slices = slices_by_time(data, 0.2, 2)
    space = HALF_LIVES | {name: Range(size, size) for name, size in SIZE.items()}
    tuning = Tuning("als", space, slices, Objective(), folder=folder)
    rows = tuning.run(10, None)
    assert any(tried.startswith("half_life=0 ") for tried in rows["parameters"])
    return float(tuning.best["half_life"])


def standard_error(values: NDArray[np.float64]) -> float:
    return float(values.std() / np.sqrt(len(values)))


@pytest.mark.parametrize("seed", [0, 1])
def test_where_taste_drifts_the_half_life_that_is_found_beats_none(
    seed: int, tmp_path: Path
) -> None:
    split = split_by_time(listens_over_time(150, drift=True, seed=seed), 0.2)
    half_life = found_by_tune(split.data, tmp_path)
    assert half_life > 0
    found, none = (ndcg_by_user(split, days) for days in (half_life, 0.0))
    assert found.mean() > 1.5 * none.mean()
    assert (found - none).mean() > 3 * standard_error(found - none)


@pytest.mark.parametrize("seed", [0, 1])
def test_where_taste_does_not_drift_nothing_changes(seed: int, tmp_path: Path) -> None:
    split = split_by_time(listens_over_time(150, drift=False, seed=seed), 0.2)
    gain = ndcg_by_user(split, found_by_tune(split.data, tmp_path)) - ndcg_by_user(split, 0.0)
    assert abs(gain.mean()) <= 2 * standard_error(gain)


def test_half_lives_are_searched_where_slices_are_by_time() -> None:
    assert "half_life" not in chosen_space("als", {})
    assert chosen_space("als", {}, by_time=True)["half_life"] == HALF_LIVES["half_life"]
    assert set(chosen_space("als", {"reg": "0.1:1"}, by_time=True)) == {"reg"}
    with pytest.raises(InputError, match="bpr has no settings to search"):
        chosen_space("bpr", {}, by_time=True)


def test_each_slice_ends_before_the_last_one_begins() -> None:
    data = listens_over_time(20, drift=True, seed=0)
    first, second = slices_by_time(data, 0.2, 2)
    seen = dict(zip(zip(*data.plays.nonzero(), strict=True), data.heard, strict=True))
    for split in (first, second):
        learned = zip(*split.data.plays.nonzero(), strict=True)
        assert [seen[pair] for pair in learned] == split.data.heard.tolist()
    for user in second.users.tolist():
        earlier, later = (
            [seen[user, artist] for artist in split.held[[user]].indices.tolist()]
            for split in (second, first)
        )
        assert max(earlier) < min(later)
    # Two times a user are enough for one slice alone.
    few = replace(data, heard=np.where(data.heard > 360 * DAY, 2.0, 1.0))
    assert len(slices_by_time(few, 0.2, 3)) == 1


def test_settings_are_chosen_for_listens_that_weigh_less() -> None:
    data = listens_over_time(60, drift=True, seed=0)
    plain, decayed = (
        choose_settings(data, TrainingRequest(algorithm="als", settings=settings))
        for settings in ({"dimensions": "8"}, {"dimensions": "8", "half_life": "90"})
    )
    assert plain.trials[0].value != decayed.trials[0].value
