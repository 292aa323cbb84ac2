"""Newcomers with a few likes, measured on data whose tastes are clear."""

import numpy as np
import pandas as pd
import pytest

from bench.public_split import evidence
from tastegraph.errors import InputError, ModelError
from tastegraph.models.algorithms.collective import Collective, CollectiveConfig
from tastegraph.models.algorithms.factory import DEFAULT, create
from tastegraph.models.algorithms.mf import MatrixFactorization
from tastegraph.models.evaluation import cold_start as module
from tastegraph.models.evaluation.cold_start import (
    COLUMNS,
    LISTENS,
    METHODS,
    cold_start,
    cold_start_table,
)
from tastegraph.models.evaluation.model_spec import model_specs
from tastegraph.models.evaluation.result_cache import ResultCache
from tests.models.cases import dataset

CONFIG = CollectiveConfig(dimensions=12, als_dimensions=6, epochs=4, tag_artists=3, ridge=5.0)
NOBODY = np.zeros((0, 3), dtype=np.intp)


def made_up():
    return dataset(users=60, artists=90, tags=8)


@pytest.fixture(scope="module")
def found():
    return cold_start(made_up(), Collective(CONFIG), 1)


def figures(found, method):
    return found[found["method"] == method].set_index("listens")["ndcg"]


def test_each_method_at_each_number_of_listens(found):
    assert list(found.columns) == list(COLUMNS)
    assert found["listens"].tolist() == [n for n in LISTENS for _ in METHODS]
    assert found["method"].tolist() == list(METHODS) * len(LISTENS)
    assert set(found["users"]) == {6}
    assert found["ndcg"].between(found["ci_low"], found["ci_high"]).all()


def test_what_takes_no_likes_does_not_change_with_them(found):
    for method in ("friends alone", "most listened"):
        assert figures(found, method).nunique() == 1
    for method in ("likes alone", "neighbours"):
        assert figures(found, method)[0] == figures(found, "most listened")[0]
        assert figures(found, method).nunique() > 1
    assert figures(found, "fold-in")[0] == figures(found, "friends alone")[0]


def test_lists_of_several_lengths_are_as_each_by_itself(found):
    both = cold_start(made_up(), Collective(CONFIG), 1, [5, 10])
    alone = cold_start(made_up(), Collective(CONFIG), 1, [5])
    pd.testing.assert_frame_equal(both, pd.concat([alone, found], ignore_index=True))


@pytest.mark.slow
def test_folding_in_beats_the_mean_of_neighbours_on_the_real_data(real_data):
    found = cold_start(evidence(real_data), create(DEFAULT, {}), 0)
    folded, neighbours = figures(found, "fold-in"), figures(found, "neighbours")
    assert folded[5] >= 1.2 * neighbours[5]
    assert (folded > neighbours).all()
    assert folded.is_monotonic_increasing


def test_a_model_that_cannot_fold_in_and_too_little_data_are_refused():
    with pytest.raises(ModelError, match="can't fold newcomers in"):
        cold_start(made_up(), MatrixFactorization(), 1)
    with pytest.raises(InputError, match="a tenth of the users"):
        cold_start(dataset(users=20, artists=10), Collective(CONFIG), 1)


def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path, monkeypatch):
    evidence = dataset(users=60, artists=90, tags=8)
    labels = ["als:dimensions=4:epochs=2", "als:dimensions=4:epochs=3"]

    def run(cache):
        return cold_start_table(model_specs(",".join(labels)), evidence, 1, [5, 10], cache=cache)

    fresh, fitted, real = run(ResultCache(tmp_path / "fresh")), [], cold_start

    def counting(evidence, model, seed, ks, progress):
        fitted.append(model.config.epochs)
        if len(fitted) == 2:
            raise KeyboardInterrupt
        return real(evidence, model, seed, ks, progress)

    monkeypatch.setattr(module, "cold_start", counting)
    with pytest.raises(KeyboardInterrupt):
        run(ResultCache(tmp_path))
    second = ResultCache(tmp_path)
    pd.testing.assert_frame_equal(run(second), fresh)
    assert fresh["model"].unique().tolist() == labels
    assert fresh["k"].unique().tolist() == [5, 10]
    assert fitted == [2, 3, 3]
    assert second.found == labels[:1]
    second.done()
    assert not list(tmp_path.glob("evaluate/*"))
