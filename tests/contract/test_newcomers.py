"""Users whom the model can't rank for: new ones, and one who has heard everything."""

import dataclasses

import pandas as pd
import pytest

from tastegraph.graph.content import read_content
from tastegraph.graph.derived_counts import derive
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.newcomers import Newcomer, save_newcomer
from tastegraph.models.serving.one_user_in_database import has_vector, recommend_one, with_reasons
from tastegraph.models.storage.model_card import read_card
from tests.contract.agreement import assert_same
from tests.contract.frames import frames
from tests.contract.trained import Trained, load_and_train, read_back, small_frames, train_small

LISTENER, STRANGER, EXPERT = 901, 902, 903


def latecomers() -> GraphFrames:
    return frames(users=[LISTENER, STRANGER], artists=heard(3), listens=plays(LISTENER, 3))


def with_expert() -> GraphFrames:
    """The small data and one more user, who has heard all of it."""
    base = small_frames()
    expert = frames(users=[EXPERT], listens=plays(EXPERT, len(base.artists)))
    return dataclasses.replace(
        base,
        users=pd.concat([base.users, expert.users], ignore_index=True),
        listens=pd.concat([base.listens, expert.listens], ignore_index=True),
    )


def heard(count: int) -> list[tuple[int, str]]:
    artists = small_frames().artists
    return list(zip(artists["artist"].head(count), artists["name"].head(count), strict=True))


def plays(user: int, count: int) -> list[tuple[int, int, int]]:
    return [(user, artist, 5) for artist in small_frames().artists["artist"].head(count)]


def load_train_and_grow(store: GraphStore) -> Trained:
    """Fill an empty store and train; two users come afterwards."""
    load_and_train(store)
    ingest(store, latecomers())
    return read_back(store)


@pytest.mark.holds(make=load_train_and_grow)
def test_who_came_after_training_gets_the_most_listened(held: Trained) -> None:
    options = RecommendOptions(k=12, weights=held.card.weights)
    for user, known in ((LISTENER, {1, 2, 3}), (STRANGER, set())):
        found = recommend_one(held.store, user, options)

        rows = held.store.values("MATCH (a:Artist) RETURN a.id ORDER BY a.listeners DESC, a.id")
        assert not has_vector(held.store, user)
        assert found["artist"].tolist() == [row[0] for row in rows if row[0] not in known][:12]
        assert not found[["score", "embedding", "friends", "tags"]].to_numpy().any()
        in_memory = held.recommender.recommend(held.data.users.rows([user]), options)
        pd.testing.assert_frame_equal(found, in_memory, check_dtype=False)


@pytest.mark.holds(make=load_train_and_grow)
def test_a_score_of_nothing_has_no_reasons(held: Trained) -> None:
    options = RecommendOptions(weights=held.card.weights)
    asked = recommend_one(held.store, LISTENER, options)
    assert not any(with_reasons(held.store, LISTENER, asked, options)["why"])
    assert not any(held.explainer.with_reasons(asked, options)["why"])


@pytest.mark.holds(make=load_train_and_grow)
def test_the_others_are_recommended_to_as_before(held: Trained) -> None:
    options = RecommendOptions(weights=held.card.weights)
    expected = held.recommender.recommend(held.data.users.rows([2]), options)
    assert_same(recommend_one(held.store, 2, options, exact=True), expected)


def test_who_has_heard_everything_gets_nothing(store: GraphStore) -> None:
    ingest(store, with_expert())
    train_small(store)
    for weights in (read_card(store).weights, (0.0, 1.0, 0.0)):
        options = RecommendOptions(weights=weights)
        assert has_vector(store, EXPERT)
        for exact in (True, False):
            assert recommend_one(store, EXPERT, options, exact).empty
        again = dataclasses.replace(options, known=True)
        assert len(recommend_one(store, EXPERT, again)) == 10
    data = read_back(store)
    assert data.recommender.recommend(data.data.users.rows([EXPERT]), options).empty


@pytest.mark.holds(make=load_and_train)
def test_bands_follow_who_is_kept(store: GraphStore) -> None:
    for id_ in range(901, 904):
        save_newcomer(store, Newcomer([3, 7], []), id_)
    content = read_content(store)
    held = dict(content.nodes["Artist"])
    derive(content)
    assert content.nodes["Artist"] == held
