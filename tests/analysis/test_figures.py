"""Figures of four listeners, each counted by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.analysis.figures import friends, listens, maps, plays, tags
from tastegraph.analysis.source import Snapshot
from tastegraph.models.data.scalings import SCALINGS, cut, scaled
from tests.models.cases import random_matrix


def test_listeners_shares_and_popularity(four: Snapshot) -> None:
    totals = listens.artist_totals(four)
    assert totals["name"].tolist() == ["Ann", "Bob", "Cid", "Dee"]
    assert totals["listeners"].tolist() == [3, 2, 1, 0]
    assert totals["share"].tolist() == [0.75, 0.5, 0.25, 0.0]
    assert totals["plays"].tolist() == [10, 8, 100, 0]
    assert totals["popularity"].tolist() == [10 / 3, 4.0, 100.0, 0.0]
    assert listens.heard_by_at_most(totals, (0, 25, 60, 100)) == [1, 2, 3, 4]
    assert listens.sparsity(four.data) == 62.5
    assert listens.user_totals(four.data)["plays"].tolist() == [6, 10, 2, 100]


def test_ties_go_to_the_smaller_id(four: Snapshot) -> None:
    frame = listens.artist_totals(four).assign(even=1)
    assert listens.top(frame, "even", 2)["artist"].tolist() == [10, 20]
    assert listens.top(frame, "plays", 9)["artist"].tolist() == [30, 10, 20, 40]


def test_gini() -> None:
    assert listens.gini([5, 5, 5]) == pytest.approx(0)
    assert listens.gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert listens.gini([1, 3]) == pytest.approx(0.25)
    assert listens.gini([0, 0]) == 0


def test_long_tail_adds_up_from_the_largest(four: Snapshot) -> None:
    tail = listens.long_tail(listens.artist_totals(four))
    by_listeners = tail[tail["by"] == "listeners"]
    assert by_listeners["amount"].tolist() == [3, 2, 1, 0]
    assert by_listeners["amount_share"].tolist() == pytest.approx([3 / 6, 5 / 6, 1, 1])


def test_rank_correlation_is_none_where_nothing_varies() -> None:
    assert listens.rank_correlation([1, 2, 3], [10, 20, 21]) == pytest.approx(1)
    assert listens.rank_correlation([1, 2, 3], [7, 7, 7]) is None
    assert listens.rank_correlation([1], [2]) is None


def test_spread_and_fences() -> None:
    row = plays.spread({"plays": np.array([1.0, 2, 3, 4, 100])}).iloc[0]
    assert [row["q1"], row["median"], row["q3"], row["mean"]] == [2, 3, 4, 22]
    assert [row["low"], row["high"], row["max"]] == [1, 4, 100]
    assert [row["outliers_by_percentile"], row["outliers_by_quartiles"]] == [1, 1]


def test_cut_counts_whom_it_leaves(four: Snapshot) -> None:
    assert plays.after_cut(four.data.plays, 90) == {
        "listens left out": 1,
        "users left": 3,
        "artists left": 2,
    }


def test_scalings_of_four_listeners(four: Snapshot) -> None:
    values = {name: scaled(four.data.plays, name).toarray() for name in SCALINGS}
    assert values["max"][0, :2].tolist() == [0.05, 0.01]
    assert values["user-max"][1, :2].tolist() == pytest.approx([3 / 7, 1])
    assert values["min-max"][3, 2] == 1
    assert values["robust"][3, 2] == pytest.approx((100 - 4) / (6.5 - 2.25))
    assert values["cap"][3, 2] == 100
    assert values["binary"].sum() == 6
    mean = (np.log1p(5) + np.log1p(1)) / 2
    assert values["log-user-mean"][0, 0] == pytest.approx(np.log1p(5) / mean, rel=1e-6)


@given(st.integers(0, 50), st.sampled_from(sorted(SCALINGS)))
def test_scalings_keep_places_and_order(seed: int, name: str) -> None:
    matrix = random_matrix(9, 7, 0.4, seed)
    found = scaled(matrix, name)
    assert np.array_equal(found.indptr, matrix.indptr)
    assert np.array_equal(found.indices, matrix.indices)
    assert found.dtype == np.float64
    for row in range(9):
        own = slice(matrix.indptr[row], matrix.indptr[row + 1])
        order = np.argsort(matrix.data[own], kind="stable")
        assert (np.diff(found.data[own][order]) >= -1e-6).all()


@given(st.integers(0, 50), st.floats(1, 100))
def test_cut_leaves_what_is_not_above(seed: int, percentile: float) -> None:
    matrix = random_matrix(9, 7, 0.4, seed)
    kept = cut(matrix, percentile).toarray()
    whole = matrix.toarray().astype(np.float64)
    limit = np.percentile(matrix.data.astype(np.float64), percentile) if matrix.nnz else 0
    assert np.array_equal(kept, np.where(whole <= limit, whole, 0))


def test_densities_hold_all_listens() -> None:
    rng = np.random.default_rng(0)
    values = {"wide": rng.lognormal(5, 2, 5_000), "even": rng.uniform(1, 2, 5_000)}
    nearly = np.ones(999)
    nearly[::2] += 2e-16
    frame = plays.densities(values | {"same": np.ones(3), "nearly": nearly})
    wide, even = (frame[frame["scaling"] == name] for name in ("wide", "even"))
    assert np.trapezoid(even["density"], even["value"]) == pytest.approx(1, abs=0.01)
    assert np.trapezoid(wide["density"], np.log10(wide["value"])) == pytest.approx(1, abs=0.02)
    for name in ("same", "nearly"):
        same = frame[frame["scaling"] == name]
        assert (same["value"].tolist(), same["density"].tolist()) == ([1], [np.inf])


def test_tags_and_main_tags(four: Snapshot) -> None:
    totals = tags.tag_totals(four)
    assert totals["assignments"].tolist() == [2, 3, 2]
    assert totals["artists"].tolist() == [1, 2, 2]
    main = tags.main_tags(four.data, 2)
    assert main.to_numpy().tolist() == [
        [10, 1, 1, 2],
        [10, 2, 2, 1],
        [20, 1, 2, 2],
        [20, 2, 3, 1],
        [40, 1, 3, 1],
    ]
    assert tags.main_tag_names(four).tolist() == ["rock", "pop", "no tag", "jazz"]
    assert tags.tags_a_user(four)["tags"].tolist() == [2, 3, 1, 0]


def test_co_occurrence_is_of_the_row(four: Snapshot) -> None:
    square = tags.co_occurrence(four, 3)
    assert square.index.tolist() == ["pop", "jazz", "rock"]
    assert square.loc["rock", "pop"] == 1
    assert square.loc["pop", "rock"] == 0.5
    assert square.loc["jazz", "rock"] == 0
    assert np.isnan(np.diag(square)).all()


def test_friends_groups_and_clustering(four: Snapshot) -> None:
    assert friends.degrees(four.data).tolist() == [1, 2, 1, 0]
    assert friends.degree_distribution(four.data).to_numpy().tolist() == [[0, 1], [1, 2], [2, 1]]
    assert friends.component_sizes(four.data).tolist() == [3, 1]
    assert friends.clustering(four.data) == (0, 0)


def test_friends_share_more_than_strangers(four: Snapshot) -> None:
    shared = friends.shared_with(four.data)
    # 1 shares two with 2, its friend, and one with 3, none with 4.
    assert shared["friends"].tolist() == [2, 1.5, 1]
    assert shared["strangers"].tolist() == [0.5, 0, 0.5]
    taste = friends.taste_assortativity(shared, seed=3)
    assert taste["difference"] == pytest.approx((1.5 + 1.5 + 0.5) / 3)
    assert taste["low"] <= taste["difference"] <= taste["high"]
    assert taste == friends.taste_assortativity(shared, seed=3)


def test_leading_tags_are_the_most_given_of_few(four: Snapshot) -> None:
    rows = np.arange(4)
    assert tags.leading_tags(four, rows, 3).tolist() == ["rock", "pop", "", "jazz"]
    # One alone: the smallest id of those that are a main tag as often.
    assert tags.leading_tags(four, rows, 1).tolist() == ["rock", "", "", ""]
    assert tags.leading_tags(four, np.array([3, 1]), 2).tolist() == ["jazz", "pop"]
    assert tags.leading_tags(four, np.array([2]), 2).tolist() == [""]


def test_outliers_are_what_lies_beyond_the_fences() -> None:
    values = {"plays": np.array([1.0, 2, 3, 4, 100, 7]), "same": np.ones(3)}
    found = plays.outliers(values, plays.spread(values))
    assert found.to_numpy().tolist() == [["plays", 100.0]]
    many = {"plays": np.concatenate([np.full(9_000, 5.0), np.arange(1_000.0, 4_000)])}
    found = plays.outliers(many, plays.spread(many))
    assert len(found) < 1_000
    assert (found["value"].min(), found["value"].max()) == (1_000, 3_999)


def test_nearest_alike_counts_neighbours_of_the_same_tag() -> None:
    frame = pd.DataFrame(
        {"x": [0.0, 0, 1, 9, 9], "y": 0.0, "tag": ["rock", "rock", "jazz", "jazz", ""]}
    )
    # Two coincide and are alike; the third is nearest to them, the fourth to the third.
    assert maps.nearest_alike(frame) == (0.75, 0.5)
    assert maps.nearest_alike(frame.head(1)) == (0, 0)
