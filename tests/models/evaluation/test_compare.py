"""Comparisons: the table, its statistics, leaks, bands and runs that go on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.stats import spearmanr

from tastegraph.errors import InputError, NotFoundError
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.models.algorithms.base import Model
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.evaluation import compare as module
from tastegraph.models.evaluation.bands import band_table, bands
from tastegraph.models.evaluation.compare import (
    COLUMNS,
    CORRELATIONS,
    compare,
    interval,
    paired_p_value,
    table,
)
from tastegraph.models.evaluation.model_spec import ModelSpec, model_specs
from tastegraph.models.evaluation.ranking import Ranking, rank
from tastegraph.models.evaluation.result_cache import ResultCache, Run, key_of
from tastegraph.models.evaluation.split import Split, split_at_random, split_by_pairs

FIELD = model_specs("als:dimensions=4:epochs=2,collective-ease")


class Tags(Model[ListenConfig]):
    """Scores an artist by the tag assignments that it has in common with everybody's."""

    name = "tag-counts"

    def __init__(self):
        super().__init__(ListenConfig())

    def _fit(self, data, seed, progress):
        self.counts = data.tag_counts.toarray()

    def _score(self, users):
        return self.counts[:, users].T.astype(np.float32)


@pytest.fixture(scope="module")
def evidence():
    return dataset_from_frames(generate(60, 150, 3))


@pytest.fixture
def cache(tmp_path):
    return ResultCache(tmp_path)


@pytest.fixture(scope="module")
def runs(evidence, tmp_path_factory):
    return compare(
        FIELD,
        lambda seed: split_at_random(evidence, 0.2, seed),
        [1, 2],
        k=10,
        cache=ResultCache(tmp_path_factory.mktemp("kept")),
        correlate=True,
    )


def test_one_row_a_model_and_k(runs):
    frame = table(runs, [5, 10])
    assert tuple(frame.columns) == (*COLUMNS, *CORRELATIONS)
    assert frame["model"].tolist() == [FIELD[0].label] * 2 + [FIELD[1].label] * 2
    assert frame["k"].tolist() == [5, 10, 5, 10]
    assert (frame["seeds"] == 2).all()
    assert (frame["ci_low"] < frame["ndcg"]).all()
    assert (frame["ndcg"] < frame["ci_high"]).all()
    assert frame["p_value"].isna().tolist() == [True, True, False, False]


def test_figures_are_means_over_seeds(runs):
    both = table(runs, [10])
    each = [table([run], [10]) for run in runs]
    for name in ("precision", "ndcg", "coverage", "novelty", "diversity", *CORRELATIONS):
        expected = np.mean([frame[name] for frame in each], axis=0)
        np.testing.assert_allclose(both[name], expected)
    spread = np.std([frame["ndcg"] for frame in each], axis=0, ddof=1)
    np.testing.assert_allclose(both["ndcg_sd"], spread)
    assert each[0]["ndcg_sd"].isna().all()


def test_correlations_are_spearmans(runs):
    run = runs[0]
    model = FIELD[1].model()
    model.fit(run.split.data, run.seed)
    data, users = run.split.data, run.split.users[:3]
    heard = np.flatnonzero(data.listeners)
    plays = np.asarray(data.plays.sum(axis=0)).ravel()[heard]
    found = run.by_model[FIELD[1].label].ranking.correlations[:3]
    for row, scores in zip(found, model.score(users)[:, heard], strict=True):
        popularity = spearmanr(scores, plays / data.listeners[heard]).statistic
        assert row == pytest.approx(
            [popularity, spearmanr(scores, data.listeners[heard]).statistic], abs=1e-6
        )


def test_nobody_is_recommended_what_they_listen_to(runs):
    for run in runs:
        for made in run.by_model.values():
            for user, artists in zip(run.split.users, made.ranking.top, strict=True):
                assert not run.split.data.plays[[user]].toarray()[0, artists].any()


def secretive(tags_of):
    """Every user listens to artists u and u + 3 of six; tags tell which."""
    users = np.repeat(np.arange(3), 2)
    plays = np.zeros((3, 6))
    plays[users, [0, 3, 1, 4, 2, 5]] = 1
    taggings = np.array([[user, user + 3, user] for user in range(3)])
    counts = np.zeros((6, 3))
    for _, artist, tag in tags_of(taggings):
        counts[artist, tag] += 1
    held = np.zeros((3, 6))
    held[np.arange(3), np.arange(3, 6)] = 1
    data = Dataset(
        IdMap.of(range(3)),
        IdMap.of(range(6)),
        IdMap.of(range(3)),
        csr_array(plays * (1 - held)),
        csr_array((3, 3)),
        csr_array(counts),
    )
    return data, csr_array(held), csr_array(plays), taggings


def test_a_leak_put_there_on_purpose_is_caught():
    data, held, plays, taggings = secretive(lambda rows: rows)

    def precision_at_1(split):
        model = Tags()
        model.fit(split.data)
        return (rank(model, split, 1).top[:, 0] == np.arange(3, 6)).mean()

    assert precision_at_1(Split(data, held, [])) == 1.0
    honest = split_honestly(data, plays, held, taggings)
    assert honest.data.tag_counts.nnz == 0
    assert precision_at_1(honest) == 0.0
    assert honest.notes == [
        "3 of 3 tag assignments are of held-out pairs: dropped before tags are counted"
    ]


def split_honestly(data, plays, held, taggings):
    def pairs(matrix):
        rows, columns = matrix.nonzero()
        return pd.DataFrame({"user": rows.astype(str), "artist": columns.astype(str)})

    everything = replace(data, plays=plays, taggings=taggings)
    return split_by_pairs(everything, pairs(data.plays).assign(plays=1), pairs(held))


def test_lists_that_are_too_long_are_refused(evidence):
    split = split_at_random(evidence, 0.2, 0)
    with pytest.raises(InputError, match="k is 151, but there are 150 artists"):
        rank(create("als", {}), split, 151)


def test_a_run_that_was_killed_goes_on_where_it_was(evidence, tmp_path, monkeypatch):
    def run(cache):
        return compare(
            FIELD,
            lambda seed: split_at_random(evidence, 0.2, seed),
            [1],
            k=10,
            cache=cache,
        )

    fitted = []
    real = module.run_model

    def counting(model, *rest, **options):
        fitted.append(model.name)
        if len(fitted) == 2:
            raise KeyboardInterrupt
        return real(model, *rest, **options)

    monkeypatch.setattr(module, "run_model", counting)
    with pytest.raises(KeyboardInterrupt):
        run(ResultCache(tmp_path))
    second = ResultCache(tmp_path)
    resumed = table(run(second), [10])
    assert fitted == ["als", "collective-ease", "collective-ease"]
    assert second.found == [FIELD[0].label]
    second.done()
    assert not list(tmp_path.rglob("*.npz"))
    fresh = table(run(ResultCache(tmp_path)), [10])
    pd.testing.assert_frame_equal(
        resumed.drop(columns="fit_seconds"), fresh.drop(columns="fit_seconds")
    )


def test_what_was_kept_belongs_to_its_settings_and_split(evidence):
    split, other = (split_at_random(evidence, 0.2, seed) for seed in (1, 2))
    model = create("als", {})
    keys = {
        key_of(model, split, 0, 10, False),
        key_of(model, other, 0, 10, False),
        key_of(model, split, 1, 10, False),
        key_of(model, split, 0, 20, False),
        key_of(model, split, 0, 10, True),
        key_of(create("als", {"reg": "0.5"}), split, 0, 10, False),
        key_of(create("collective-als", {}), split, 0, 10, False),
    }
    assert len(keys) == 7
    assert key_of(create("als", {}), split, 0, 10, False) in keys
    users = evidence.taggings[:, 0]
    others = np.column_stack([users[::-1], evidence.taggings[:, 1:]])
    assert key_of(model, evidence, 0) != key_of(model, replace(evidence, taggings=others), 0)


def test_a_damaged_file_is_made_anew(tmp_path):
    made = Run(Ranking(np.array([[1, 2]])), 1.5, ["a note"])
    file = ResultCache(tmp_path).folder / "key.npz"
    assert ResultCache(tmp_path).get("x", "key", lambda: made) is made
    kept = ResultCache(tmp_path).get("x", "key", lambda: pytest.fail("made again"))
    assert (kept.ranking.top.tolist(), kept.notes) == ([[1, 2]], ["a note"])
    # What it took another run says nothing of this one.
    assert np.isnan(kept.fit_seconds)
    file.write_bytes(file.read_bytes()[:50])
    assert ResultCache(tmp_path).get("x", "key", lambda: made) is made


def test_two_at_once_do_not_meet(tmp_path):
    made = Run(Ranking(np.array([[1, 2]])), 1.5, [])
    notes = []
    with ResultCache(tmp_path, "store", notes.append) as first:
        first.get("x", "key", lambda: made)
        with ResultCache(tmp_path, "store", notes.append) as second:
            assert second.get("x", "key", lambda: made) is made
            assert second.found == []
            assert second.folder != first.folder
        assert not second.folder.exists()
        assert len(notes) == 1
        assert "another evaluation" in notes[0]
        with ResultCache(tmp_path, "another store", notes.append) as other:
            assert other.get("x", "key", lambda: made) is made
        assert len(notes) == 1
        assert (first.folder / "key.npz").exists()
    assert not list(tmp_path.rglob("*.npz"))


def test_one_that_was_interrupted_is_taken_up_by_the_next(tmp_path):
    made = Run(Ranking(np.array([[1, 2]])), 1.5, [])
    notes = []
    with pytest.raises(KeyboardInterrupt), ResultCache(tmp_path, "store", notes.append) as first:
        first.get("x", "key", lambda: made)
        raise KeyboardInterrupt
    with ResultCache(tmp_path, "store", notes.append) as second:
        second.get("x", "key", lambda: pytest.fail("made again"))
    assert notes == ["taken from the run that was interrupted: x"]


def test_damaged_rows_are_made_anew(tmp_path):
    made = pd.DataFrame({"method": ["fold-in"], "ndcg": [1 / 3]})
    assert ResultCache(tmp_path).rows("x", "key", lambda: made) is made
    kept = ResultCache(tmp_path).rows("x", "key", lambda: pytest.fail("made again"))
    pd.testing.assert_frame_equal(kept, made)
    file = ResultCache(tmp_path).folder / "key.parquet"
    for damaged in (file.read_bytes()[:-20], b""):
        file.write_bytes(damaged)
        assert ResultCache(tmp_path).rows("x", "key", lambda: made) is made


def test_entrants_carry_their_settings():
    found = model_specs("als, collective:dimensions=128:epochs=4")
    assert found == [
        ModelSpec("als", "als", {}),
        ModelSpec(
            "collective:dimensions=128:epochs=4",
            "collective",
            {"dimensions": "128", "epochs": "4"},
        ),
    ]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (" , ", InputError, "no model is named"),
        ("als,als", InputError, "named twice"),
        ("alsa", NotFoundError, "did you mean 'als'"),
        ("als:dimensions", InputError, "name:setting=value"),
        ("als:dimension=3", NotFoundError, "did you mean 'dimensions'"),
        ("als:dimensions=x", InputError, "whole number"),
    ],
)
def test_wrong_entrants_are_said_before_anything_is_fitted(text, error, message):
    with pytest.raises(error, match=message):
        model_specs(text)


def test_bands_hold_a_third_of_the_listens_each():
    plays = np.zeros((12, 6))
    for artist, listeners in enumerate([2, 6, 1, 3, 0, 6]):
        plays[:listeners, artist] = 1
    data = Dataset(
        IdMap.of(range(12)),
        IdMap.of(range(6)),
        IdMap.of([]),
        csr_array(plays),
        csr_array((12, 12)),
        csr_array((6, 0)),
    )
    # 18 listens: artist 1 has the first third, artist 5 the second, the others the last.
    assert bands(data).tolist() == [2, 0, 2, 2, 2, 1]


def test_bands_by_hand():
    data, held, _, _ = secretive(lambda rows: rows[:0])
    top = np.array([[3, 1], [4, 0], [1, 0]])
    runs = [module.SeedRuns(0, Split(data, held, []), {"m": Run(Ranking(top), 0.0, [])})]
    frame = band_table(runs, [2]).set_index("band")
    # Artists 0, 1, 2 have a listener each; 3, 4 and 5 none in train.
    assert frame["artists"].tolist() == [1, 1, 4]
    assert frame["share"].tolist() == pytest.approx([2 / 6, 2 / 6, 2 / 6])
    assert frame["precision"].tolist() == [0, 0, 1]
    assert frame["held_share"].tolist() == [0, 0, 1]


def test_the_interval_holds_the_mean_and_narrows():
    rng = np.random.default_rng(0)
    few, many = rng.random(50), rng.random(5_000)
    low, high = interval(few)
    assert low < few.mean() < high
    expected = 1.96 * few.std() / np.sqrt(50)
    assert (high - low) / 2 == pytest.approx(expected, rel=0.1)
    assert interval(many)[1] - interval(many)[0] < 0.2 * (high - low)


def test_the_paired_test_sees_a_difference_and_no_difference():
    rng = np.random.default_rng(0)
    values = rng.random(200)
    assert np.isnan(paired_p_value(values, values))
    assert paired_p_value(values + 0.01 + rng.normal(0, 0.01, 200), values) < 1e-6
    assert paired_p_value(values + rng.normal(0, 0.01, 200), values) > 0.01
