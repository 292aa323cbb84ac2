"""Somebody who listens to most artists, or is friends with most people, takes no more memory."""

import pytest

from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.options import RecommendOptions

# A database that counts a list once for each row that has it ends at a few hundred megabytes.
ALL, MINE = 4_000, 3_600


@pytest.fixture
def crowd(store: GraphStore) -> GraphStore:
    store.dialect.create_schema(store)
    store.write("CREATE (:Model {id: 'm', switching: false, weights: [1.0, 0.0, 0.0]})")
    for label in ("User", "Artist"):
        store.write(
            f"UNWIND range(1, $all) AS id CREATE (:{label} {{id: id, name: toString(id), norm: 1.0,"
            " embedding: [cos(id / 4000.0), sin(id / 4000.0)], listeners: 1, tagNorm: 0.0})",
            {"all": ALL},
        )
    for label, type_ in (("Artist", "LISTENED {plays: 1}"), ("User", "FRIEND")):
        store.write(
            f"MATCH (u:User {{id: 1}}) UNWIND range(2, $mine) AS id MATCH (n:{label} {{id: id}}) "
            f"CREATE (u)-[:{type_}]->(n)",
            {"mine": MINE},
        )
    return store


def test_the_exact_query_recommends_what_is_left(crowd: GraphStore) -> None:
    rows = crowd.rows(query("recommend").cypher, RecommendOptions(5).as_parameters(1))
    # The nearer the id to one's own, the nearer the vector.
    assert [row["artist"] for row in rows] == [1, *range(MINE + 1, MINE + 5)]


def test_the_most_listened_artists_are_what_is_left(crowd: GraphStore) -> None:
    rows = crowd.rows(query("popular").cypher, RecommendOptions(5).as_parameters(1))
    assert [row["artist"] for row in rows] == [1, *range(MINE + 1, MINE + 5)]


def test_people_who_are_no_friends_yet_are_suggested(crowd: GraphStore) -> None:
    asked = {"userId": 1, "k": 5, "similarityWeight": 1.0}
    rows = crowd.rows(query("suggest-friends").cypher, asked)
    assert [row["user"] for row in rows] == [*range(MINE + 1, MINE + 6)]
    assert {row["common_count"] for row in rows} == {0}
