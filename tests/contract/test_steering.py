"""Conditions, diversity and hidden artists: the database and NumPy recommend the same."""

import dataclasses
from collections.abc import Iterator

import pytest

from tastegraph.graph.hidden_artists import hide, unhide
from tastegraph.graph.query_files import query
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.where_conditions import Condition, read_conditions
from tastegraph.models.serving.one_user_in_database import recommend_one
from tastegraph.models.serving.why_nothing_fits import why_nothing_fits
from tastegraph.models.storage.read_graph import (
    read_hidden,
    read_names,
    read_property,
    read_vectors,
)
from tests.contract.agreement import CLOSE, assert_same
from tests.contract.trained import ARTISTS, Trained

SOME_USERS = (1, 2, 17)
PROPERTIES = ("listeners", "name", "rawName", "plays")


@pytest.fixture
def options(trained: Trained) -> RecommendOptions:
    return RecommendOptions(weights=trained.card.weights)


@pytest.fixture
def recommender(trained: Trained) -> Recommender:
    artists = trained.data.artists
    return Recommender(
        trained.data,
        read_vectors(trained.store, trained.data),
        read_names(trained.store, "Artist", artists),
        hidden=read_hidden(trained.store, trained.data),
        properties={name: read_property(trained.store, name, artists) for name in PROPERTIES},
    )


@pytest.mark.parametrize(
    "written",
    [
        ("listeners>=5",),
        ("listeners<5", "plays>1000"),
        ("listeners<=3.5",),
        ("listeners=4",),
        ("listeners!=4",),
        ("name>M",),
    ],
    ids=" ".join,
)
def test_conditions(
    trained: Trained, recommender: Recommender, options: RecommendOptions, written: tuple[str, ...]
) -> None:
    where = read_conditions(trained.store, written)
    asked = dataclasses.replace(options, where=where, k=25)
    for user in SOME_USERS:
        found = recommend_one(trained.store, user, asked)
        assert_same(found, recommender.recommend(trained.data.users.rows([user]), asked))
        rows = trained.data.artists.rows(found["artist"])
        assert len(rows)
        for condition in where:
            values = read_property(trained.store, condition.property, trained.data.artists)
            assert condition.holds(values[rows]).all()


@pytest.mark.parametrize("sign", ["=", "!="])
def test_an_artist_without_the_property_fails(
    trained: Trained, recommender: Recommender, options: RecommendOptions, sign: str
) -> None:
    asked = dataclasses.replace(options, where=[Condition("rawName", sign, "Nobody")])
    assert recommend_one(trained.store, 2, asked).empty
    assert recommender.recommend(trained.data.users.rows([2]), asked).empty


@pytest.mark.parametrize("diversity", [0.3, 1.0])
@pytest.mark.parametrize("novelty", [0.0, 0.5])
def test_diversity(
    trained: Trained,
    recommender: Recommender,
    options: RecommendOptions,
    diversity: float,
    novelty: float,
) -> None:
    asked = dataclasses.replace(options, diversity=diversity, novelty=novelty)
    plain = dataclasses.replace(options, novelty=novelty)
    for user in SOME_USERS:
        found = recommend_one(trained.store, user, asked)
        wanted = recommender.recommend(trained.data.users.rows([user]), asked)
        assert found["artist"].tolist() == wanted["artist"].tolist()
        assert found["score"].tolist() == pytest.approx(wanted["score"].tolist(), abs=CLOSE)
        assert len(found) == 10
        assert found["artist"][0] == recommend_one(trained.store, user, plain)["artist"][0]


def test_diversity_gives_all_that_there_are(trained: Trained, options: RecommendOptions) -> None:
    asked = dataclasses.replace(options, k=2 * ARTISTS, diversity=0.5)
    everything = dataclasses.replace(options, k=2 * ARTISTS)
    found, plain = (recommend_one(trained.store, 2, one) for one in (asked, everything))
    assert sorted(found["artist"]) == sorted(plain["artist"])


@pytest.fixture
def best(trained: Trained, options: RecommendOptions) -> Iterator[int]:
    """The best artist of user 2, hidden from them."""
    artist = int(recommend_one(trained.store, 2, options)["artist"][0])
    assert hide(trained.store, 2, artist)
    assert not hide(trained.store, 2, artist)
    yield artist
    assert unhide(trained.store, 2, artist)
    assert not unhide(trained.store, 2, artist)


def test_hidden_artists_stay_away(trained: Trained, options: RecommendOptions, best: int) -> None:
    hidden = read_hidden(trained.store, trained.data)
    assert hidden.nnz == 1
    names = read_names(trained.store, "Artist", trained.data.artists)
    vectors = read_vectors(trained.store, trained.data)
    recommender = Recommender(trained.data, vectors, names, hidden=hidden)
    for asked in (options, dataclasses.replace(options, known=True)):
        found = recommend_one(trained.store, 2, asked)
        assert_same(found, recommender.recommend(trained.data.users.rows([2]), asked))
        assert best not in found["artist"].tolist()
    parameters = {"userId": 2, "weights": list(options.weights), "k": 300}
    parameters |= INDEX_PARAMETERS
    fast = trained.store.rows(query("recommend-fast").cypher, parameters)
    popular = query("popular")
    others = trained.store.rows(popular.cypher, popular.examples | {"userId": 2, "k": 300})
    for rows in (fast, others):
        assert rows
        assert best not in {row["artist"] for row in rows}
    assert [
        row["artist"] for row in trained.store.rows(query("hidden-artists").cypher, {"userId": 2})
    ] == [best]


def test_the_filter_that_leaves_nothing_is_named(trained: Trained) -> None:
    few = Condition("listeners", "<", 3)
    many = Condition("listeners", ">", 3)
    left = trained.store.values("MATCH (a:Artist) WHERE a.listeners < 3 RETURN count(a)")[0][0]
    assert left
    assert (
        f"--where 'listeners>3' leaves none of the {left} artists that --where 'listeners<3' left"
    ) in why_nothing_fits(trained.store, RecommendOptions(where=[few, many]))
    assert f"the {ARTISTS} that fit are listened to" in why_nothing_fits(
        trained.store, RecommendOptions()
    )


def test_tags_alone_make_a_candidate(trained: Trained) -> None:
    trained.store.write(
        "MATCH (:User {id: 2})-[:LISTENED]->(:Artist)-[h:HAS_TAG]->(t:Tag) "
        "WITH t, sum(h.count) * t.idf AS weight ORDER BY weight DESC, t.id LIMIT 1 "
        "CREATE (a:Artist {id: 900, name: 'New', listeners: 0, tagNorm: t.idf}) "
        "CREATE (a)-[:HAS_TAG {count: 1}]->(t)"
    )
    try:
        asked = {"userId": 2, "weights": [0.0, 0.0, 1.0], "k": 2 * ARTISTS}
        asked |= INDEX_PARAMETERS
        found = trained.store.rows(query("recommend-fast").cypher, asked)
        assert 900 in {row["artist"] for row in found}
    finally:
        trained.store.write("MATCH (a:Artist {id: 900}) DETACH DELETE a")
