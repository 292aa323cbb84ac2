"""Tag precision of the model in a store is what the store's own queries say of it."""

import pytest

from models.ask import recommend_one
from models.evaluation.tag_precision import Compared, TagPrecision
from models.recommender import Choice
from models.similar import similar_artists
from tests.contract.trained import ARTISTS, USERS, Trained

LEAST = 3
SHARED_BY_ARTISTS = """
MATCH (:Artist {id: $of})-[:HAS_TAG]->(t:Tag)<-[:HAS_TAG]-(a:Artist)
RETURN a.id, collect(t.name)
"""
SHARED_WITH_USER = """
MATCH (:User {id: $of})-[:USES_TAG]->(t:Tag)<-[:HAS_TAG]-(a:Artist)
RETURN a.id, collect(t.name)
"""


@pytest.fixture(scope="module")
def measured(trained: Trained) -> TagPrecision:
    return TagPrecision.of(trained.store, trained.card)


def check_shared(trained: Trained, found: Compared, cypher: str, of: int) -> None:
    """Assert that the tags are those that the store finds, and the figures go with them."""
    told = dict(trained.store.values(cypher, {"of": of}))
    row = found.frame.iloc[0]
    for neighbour in row["shared"]:
        assert sorted(neighbour.shared) == sorted(told.get(neighbour.id, []))
        assert neighbour.relevant == (neighbour.id in told)
    hits = sum(neighbour.id in told for neighbour in row["shared"])
    assert row["precision"] == pytest.approx(hits / row["k"])


def test_neighbours_are_those_of_the_database(trained: Trained, measured: TagPrecision) -> None:
    cypher = f"MATCH (a:Artist) WHERE a.listeners >= {LEAST} RETURN a.id"
    heard = {row[0] for row in trained.store.values(cypher)}
    for artist in (1, 7, 100):
        near = similar_artists(trained.store, artist, ARTISTS, "cosine")
        expected = [id_ for id_ in near["artist"] if id_ in heard][:10]
        found = measured.artist(artist, 10, LEAST)
        assert [neighbour.id for neighbour in found.frame["shared"][0]] == expected
        check_shared(trained, found, SHARED_BY_ARTISTS, artist)


def test_recommendations_are_those_of_the_database(
    trained: Trained, measured: TagPrecision
) -> None:
    tagging = [row[0] for row in trained.store.values("MATCH (u:User)-[:USES_TAG]->() RETURN u.id")]
    choice = Choice(weights=trained.card.weights)
    for user in sorted(set(tagging))[:3]:
        expected = recommend_one(trained.store, user, choice, exact=True)["artist"].tolist()
        found = measured.user(user, 10)
        assert [neighbour.id for neighbour in found.frame["shared"][0]] == expected
        check_shared(trained, found, SHARED_WITH_USER, user)


def test_everybody_who_can_be_measured_is(trained: Trained, measured: TagPrecision) -> None:
    found = measured.everybody(10, LEAST, ARTISTS)
    tagging = trained.store.values(
        "MATCH (u:User) WHERE EXISTS { (u)-[:USES_TAG]->() } RETURN u.id"
    )
    single = [measured.user(user, 10).frame["strict"][0] for (user,) in tagging]
    assert found.frame["strict"][1] == pytest.approx(sum(single) / len(single))
    left = USERS - len(tagging)
    assert any(f"{left} of {USERS} users" in note for note in found.notes) == (left > 0)
