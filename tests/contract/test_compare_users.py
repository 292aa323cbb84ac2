"""Two people side by side: by hand without a model, and against matrices with one."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tastegraph.graph.frames import Id
from tastegraph.graph.hidden_artists import hide, unhide
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SignalWeights
from tastegraph.models.serving.compare_users import COLUMNS, compare_users
from tastegraph.models.serving.one_user_in_database import DatabaseRanker, recommend_one
from tastegraph.models.serving.similar import DatabaseNeighbours
from tests.contract.agreement import CLOSE
from tests.contract.conftest import empty_place
from tests.contract.frames import frames
from tests.contract.trained import ARTISTS, USERS, Trained

# ann and bob share Air and Can; every tag has one of the four artists, but calm two.
SOURCE = frames(
    users=["ann", "bob", "cid"],
    artists=[("a", "Air"), ("b", "Beck"), ("c", "Can"), ("d", "Dr. Dre")],
    tags=[("calm", "calm"), ("rock", "rock")],
    listens=[
        *(("ann", "a", 9), ("ann", "b", 1), ("ann", "c", 3)),
        *(("bob", "a", 2), ("bob", "c", 12), ("bob", "d", 1)),
    ],
    taggings=[("ann", "a", "calm", ""), ("ann", "b", "calm", ""), ("bob", "c", "rock", "")],
)


@pytest.fixture(scope="module")
def small(request: pytest.FixtureRequest, kind: str) -> Iterator[GraphStore]:
    """A graph of a few people, without a model."""
    with empty_place(request, kind) as place, open_store(place) as opened:
        ingest(opened, SOURCE)
        yield opened


def compared(
    store: GraphStore, user: Id, other: Id, k: int, weights: SignalWeights | None
) -> pd.DataFrame:
    """Both as the database ranks for each."""
    return compare_users(store, user, other, k, weights, ranker=DatabaseRanker(store))


def measures(frame: pd.DataFrame) -> dict[Any, Any]:
    rows = frame[frame["section"] == "likeness"]
    return {
        row.name if pd.isna(row.user) else (row.user, row.name): row.value
        for row in rows.itertuples(index=False)
    }


def section(frame: pd.DataFrame, name: str) -> list[tuple[Any, ...]]:
    rows = frame[frame["section"] == name]
    return [
        tuple(row)
        for row in rows[["rank", "id", "value", "plays", "other_plays"]].itertuples(index=False)
    ]


def test_by_hand(small: GraphStore) -> None:
    found = compared(small, "ann", "bob", 10, None)
    assert list(found.columns) == list(COLUMNS)
    ann_calm, ann_rock = math.log(10) + math.log(2), math.log(4)
    bob_calm, bob_rock = math.log(3), math.log(13)
    # idf: calm ln(4/2), rock ln(4/1); every artist's tags are a vector of length 1.
    lengths = math.hypot(ann_calm, ann_rock) * math.hypot(bob_calm, bob_rock)
    calm, rock = ann_calm * bob_calm / lengths, ann_rock * bob_rock / lengths
    told = measures(found)
    assert told.pop("tag_similarity") == pytest.approx(calm + rock)
    assert told == {
        "similarity": None,
        "jaccard": 2 / 4,
        "overlap": pytest.approx(2 / 3),
        "shared_artists": 2,
        "shared_tags": 2,
        ("ann", "artists"): 3,
        ("bob", "artists"): 3,
    }
    assert section(found, "shared artists") == [(1, "c", 15, 3, 12), (2, "a", 11, 9, 2)]
    tags = found[found["section"] == "shared tags"]
    assert dict(zip(tags["name"], tags["value"], strict=True)) == pytest.approx(
        {"calm": calm, "rock": rock}
    )
    assert tags["value"].is_monotonic_decreasing
    assert section(found, "might like") == []


def test_nothing_in_common(small: GraphStore) -> None:
    told = measures(compared(small, "ann", "cid", 10, None))
    assert told == {
        **{"similarity": None, "tag_similarity": 0, "jaccard": 0.0, "overlap": None},
        **{"shared_artists": 0, "shared_tags": 0, ("ann", "artists"): 3, ("cid", "artists"): 0},
    }


@pytest.mark.parametrize(("user", "other"), [(2, 31), (1, 60)])
def test_similarity_is_that_of_similar_users(trained: Trained, user: int, other: int) -> None:
    found = measures(compared(trained.store, user, other, 5, trained.card.weights))
    near = DatabaseNeighbours(trained.store).similar_users(user, USERS)
    similarity = near.set_index("user")["similarity"]
    assert found["similarity"] == pytest.approx(similarity[other], abs=CLOSE)
    back = measures(compared(trained.store, other, user, 5, trained.card.weights))
    for name in ("similarity", "tag_similarity", "jaccard", "overlap", "shared_tags"):
        assert back[name] == pytest.approx(found[name])


def test_tags_are_those_of_memory(trained: Trained) -> None:
    rows = trained.data.users.rows([2, 31])
    mine, yours = trained.recommender.signals.tag_taste.profiles(rows).toarray()
    parts = {
        trained.data.tags.ids[tag]: mine[tag] * yours[tag]
        for tag in np.flatnonzero(mine * yours).tolist()
    }
    found = compared(trained.store, 2, 31, 1000, None)
    tags = found[found["section"] == "shared tags"]
    assert dict(zip(tags["id"], tags["value"], strict=True)) == pytest.approx(parts, abs=1e-6)
    assert measures(found)["tag_similarity"] == pytest.approx(float(mine @ yours), abs=1e-6)
    assert measures(found)["shared_tags"] == len(parts)


def test_overlap_is_that_of_memory(trained: Trained) -> None:
    heard = trained.data.plays[trained.data.users.rows([2, 31])].toarray() > 0
    both, either = heard.all(axis=0).sum(), heard.any(axis=0).sum()
    found = measures(compared(trained.store, 2, 31, 1, None))
    assert found["shared_artists"] == both
    assert found["jaccard"] == pytest.approx(both / either)
    assert found["overlap"] == pytest.approx(both / heard.sum(axis=1).min())


def test_each_might_like_the_best_of_what_the_other_alone_plays(trained: Trained) -> None:
    data = trained.data
    found = compared(trained.store, 2, 31, 6, trained.card.weights)
    might = found[found["section"] == "might like"]
    assert might["user"].tolist() == [2] * 6 + [31] * 6
    for user, other in ((2, 31), (31, 2)):
        options = RecommendOptions(ARTISTS, trained.card.weights)
        mine = recommend_one(trained.store, user, options, exact=True)
        plays = data.plays[data.users.rows([other])].toarray()[0]
        theirs = {data.artists.ids[row]: plays[row] for row in np.flatnonzero(plays).tolist()}
        expected = mine[mine["artist"].isin(theirs.keys())].head(6)
        rows = might[might["user"] == user]
        assert rows["rank"].tolist() == [1, 2, 3, 4, 5, 6]
        assert rows["id"].tolist() == expected["artist"].tolist()
        assert rows["value"].tolist() == pytest.approx(expected["score"].tolist(), abs=CLOSE)
        column, none = ("other_plays", "plays") if user == 2 else ("plays", "other_plays")
        assert rows[column].tolist() == [theirs[artist] for artist in rows["id"]]
        assert rows[none].isna().all()


def test_what_is_hidden_is_not_suggested(trained: Trained) -> None:
    asked = (trained.store, 2, 31, 1, SignalWeights(*trained.card.weights))
    best = compared(*asked).query("section == 'might like' and user == 2")["id"].item()
    hide(trained.store, 2, best)
    try:
        others = compared(*asked).query("section == 'might like' and user == 2")
        assert others["id"].item() != best
    finally:
        unhide(trained.store, 2, best)
