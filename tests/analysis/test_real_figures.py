"""The known figures of HetRec 2011 Last.fm."""

import numpy as np
import pandas as pd
import pytest

from tastegraph.analysis.figures import friends, listens, plays, tags
from tastegraph.analysis.source import Snapshot
from tastegraph.analysis.tag_clusters import silhouettes, tag_features
from tests.analysis.snapshots import snapshot
from tests.contract.frames import frames

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def totals(real_snapshot: Snapshot) -> pd.DataFrame:
    return listens.artist_totals(real_snapshot)


def top(frame: pd.DataFrame, by: str, k: int) -> dict[str, int]:
    return dict(listens.top(frame, by, k)[["name", by]].to_numpy().tolist())


def test_top_artists(totals: pd.DataFrame) -> None:
    assert top(totals, "listeners", 5) == {
        "Lady Gaga": 611,
        "Britney Spears": 522,
        "Rihanna": 484,
        "The Beatles": 480,
        "Katy Perry": 473,
    }
    assert top(totals, "plays", 3) == {
        "Britney Spears": 2393140,
        "Depeche Mode": 1301308,
        "Lady Gaga": 1291387,
    }
    assert round(top(totals, "share", 1)["Lady Gaga"], 4) == 0.3229


def test_long_tail_and_sparsity(real_snapshot: Snapshot, totals: pd.DataFrame) -> None:
    assert listens.heard_by_at_most(totals) == [16794, 17200, 17350, 17430, 17497]
    assert round(listens.sparsity(real_snapshot.data), 4) == 99.7217


def test_plays_and_the_cut(real_snapshot: Snapshot) -> None:
    matrix = real_snapshot.data.plays
    spread = plays.spread(plays.values_by_scaling(matrix)).set_index("scaling")
    raw = spread.loc["plays"]
    assert [round(raw["mean"], 2), raw["q1"], raw["median"], raw["q3"], raw["max"]] == [
        745.24,
        107,
        260,
        614,
        352698,
    ]
    assert raw["outliers_by_percentile"] == 929
    assert spread.loc["max", "outliers_by_percentile"] == 929
    assert plays.after_cut(matrix) == {
        "listens left out": 929,
        "users left": 1891,
        "artists left": 17608,
    }


def test_top_tags(real_snapshot: Snapshot) -> None:
    assert top(tags.tag_totals(real_snapshot), "assignments", 5) == {
        "rock": 7459,
        "pop": 5401,
        "alternative": 5223,
        "electronic": 4616,
        "indie": 4422,
    }


def test_malice_mizer_has_its_own_tags(real_snapshot: Snapshot) -> None:
    """The first artist of the file, which a join by row order gives the tags of others."""
    names = real_snapshot.tag_names
    main = tags.main_tags(real_snapshot.data)
    given = main[main["artist"] == 1]["tag"]
    found = [names[row] for row in real_snapshot.data.tags.rows(given)]
    assert real_snapshot.artist_names[0] == "MALICE MIZER"
    own = real_snapshot.taggings[real_snapshot.taggings["artist"] == 1]["tag"].value_counts()
    by_hand = (
        own.rename_axis("tag").reset_index().sort_values(["count", "tag"], ascending=[False, True])
    )
    assert given.tolist() == by_hand["tag"].head(3).tolist()
    assert found == ["j-rock", "visual kei", "gothic"]


def test_the_order_of_rows_changes_no_tags() -> None:
    rows = [(1, 1, 1, ""), (1, 1, 2, ""), (1, 2, 3, ""), (2, 1, 2, ""), (2, 3, 3, "")]
    small = frames(
        [1, 2], [(1, "a"), (2, "b"), (3, "c")], [(1, "x"), (2, "y"), (3, "z")], taggings=rows
    )
    expected = tags.main_tags(snapshot(small).data)
    assert expected["tag"].tolist() == [2, 1, 3, 3]
    for seed in range(5):
        assert tags.main_tags(snapshot(small, order=seed).data).equals(expected)


def test_silhouettes_of_the_tag_clusters(real_snapshot: Snapshot) -> None:
    features = tag_features(real_snapshot.taggings, real_snapshot.listens, real_snapshot.tags)
    assert len(features) == 100
    found = silhouettes(features).set_index("clusters")["silhouette"]
    assert found[2] == pytest.approx(0.426, abs=0.01)
    assert found[3] == pytest.approx(0.427, abs=0.01)
    assert found[4] == pytest.approx(0.267, abs=0.01)
    assert found[5] == pytest.approx(0.2855, abs=0.01)


def test_friends_share_taste(real_snapshot: Snapshot) -> None:
    data = real_snapshot.data
    assert friends.degrees(data).sum() == 2 * 12717
    assert np.sum(friends.component_sizes(data)) == 1892
    taste = friends.taste_assortativity(friends.shared_with(data))
    assert taste["low"] > 2 * taste["strangers"]
