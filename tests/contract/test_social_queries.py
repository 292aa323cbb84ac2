"""What the queries about people answer, worked out by hand; and drawings that agree with reasons.

Friends: 1-2, 1-3, 2-4, 3-4, 4-5, and 7-8 apart from them; 6 has nobody.

         | artist 1 | artist 2 | artist 3 |  tags: 1 on artists 1 (twice), 2; 2 on artists 2, 3
    1    |     5    |    10    |          |  (by users 1 and 4)
    4    |     7    |          |     1    |
    5    |          |          |     9    |
    6    |          |     3    |     4    |
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tastegraph.errors import InputError
from tastegraph.graph.query_files import query
from tastegraph.graph.run_query import Answer, answer
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.graph.store.values import NodeValue, PathValue
from tastegraph.loaders.ingest.ingest import ingest
from tests.contract.conftest import empty_place
from tests.contract.frames import frames
from tests.contract.trained import Trained

GRAPH = frames(
    range(1, 9),
    [(1, "Air"), (2, "Moby"), (3, "Can")],
    [(1, "calm"), (2, "loud")],
    [(1, 1, 5), (1, 2, 10), (4, 1, 7), (4, 3, 1), (5, 3, 9), (6, 2, 3), (6, 3, 4)],
    friendships=[(1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (7, 8)],
    taggings=[
        *((1, 1, 1, "2010-01-01"), (1, 2, 1, "2010-01-01"), (1, 2, 2, "2010-01-01")),
        *((4, 1, 1, "2010-01-01"), (4, 3, 2, "2010-01-01")),
    ],
)


@pytest.fixture(scope="module")
def people(request: pytest.FixtureRequest, kind: str) -> Iterator[GraphStore]:
    """The graph above, without a model; tests only read."""
    with empty_place(request, kind) as place, open_store(place) as store:
        ingest(store, GRAPH)
        yield store


def ask(store: GraphStore, name: str, **given: Any) -> Answer:
    return answer(store, query(name), given)


def cells(found: Answer, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found.rows]


def ids(path: PathValue) -> list[int]:
    return [node.id for node in path.nodes]


def test_friends_without_a_model(people: GraphStore) -> None:
    found = ask(people, "user-friends", userId=4)
    assert cells(found, "user", "alike", "artists", "shared") == [
        (5, None, 1, ["Can"]),
        (2, None, 0, []),
        (3, None, 0, []),
    ]


def test_tags_given_and_heard(people: GraphStore) -> None:
    found = ask(people, "user-tags", userId=1)
    assert cells(found, "name", "given", "artists") == [("calm", 2, 2), ("loud", 1, 1)]


def test_common_friends_and_artists(people: GraphStore) -> None:
    friends = ask(people, "common-friends", userId=1, otherId=4)
    assert cells(friends, "user", "friends") == [(2, 2), (3, 2)]
    assert [ids(row["path"]) for row in friends.rows] == [[1, 2, 4], [1, 3, 4]]
    artists = ask(people, "common-artists", userId=1, otherId=4)
    assert cells(artists, "name", "plays", "otherPlays") == [("Air", 5, 7)]
    air = NodeValue("Artist", 1, "Air")
    assert artists.rows[0]["path"].nodes == (
        NodeValue("User", 1, None),
        air,
        NodeValue("User", 4, None),
    )
    assert [by.properties for by in artists.rows[0]["path"].relationships] == [
        {"plays": 5},
        {"plays": 7},
    ]
    assert str(artists.rows[0]["path"]) == (
        "(User 1)-[LISTENED]->(Artist 1 'Air')<-[LISTENED]-(User 4)"
    )


def test_all_shortest_ways_by_friends(people: GraphStore) -> None:
    found = ask(people, "path-by-friends", userId=1, otherId=5)
    assert cells(found, "steps", "users") == [(3, [1, 2, 4, 5]), (3, [1, 3, 4, 5])]
    assert [ids(row["path"]) for row in found.rows] == [[1, 2, 4, 5], [1, 3, 4, 5]]


def test_a_shortest_way_by_artists(people: GraphStore) -> None:
    found = ask(people, "path-by-artists", userId=1, otherId=5)
    steps, way = cells(found, "steps", "way")[0]
    assert steps == 4
    assert way in ([1, "Air", 4, "Can", 5], [1, "Moby", 6, "Can", 5])


@pytest.mark.parametrize("name", ["path-by-friends", "path-by-artists", "common-friends"])
@pytest.mark.parametrize(
    ("other", "reason"),
    [(8, ""), (1, "userId and otherId are the same person"), (99, "there is no user 99")],
)
def test_no_way_says_why(people: GraphStore, name: str, other: int, reason: str) -> None:
    found = ask(people, name, userId=1, otherId=other)
    assert found.rows == []
    assert found.nothing.startswith(f"{name} finds nothing with userId=1, otherId={other}")
    assert found.nothing.endswith(reason)


def test_attention_and_reach(people: GraphStore) -> None:
    found = ask(people, "influential-listeners")
    assert cells(found, "user", "friends", "reach") == [
        *((4, 3, 4), (1, 2, 3), (7, 1, 1), (8, 1, 1), (2, 2, 4), (3, 2, 4), (5, 1, 3))
    ]
    attention = [row["attention"] for row in found.rows]
    assert attention == pytest.approx([2, 1, 1, 1, 1 / 2 + 1 / 3, 1 / 2 + 1 / 3, 1 / 3])


def test_artists_between_two_tags(people: GraphStore) -> None:
    found = ask(people, "bridging-artists", tagId=1, otherTagId=2)
    assert cells(found, "name", "times", "otherTimes") == [("Moby", 1, 1)]


def test_communities_are_one_without_any_and_several_with(
    request: pytest.FixtureRequest, people: GraphStore
) -> None:
    found = ask(people, "communities")
    assert cells(found, "users", "artists", "tags", "central") == [
        (8, ["Can", "Air", "Moby"], ["calm", "loud"], [4, 1, 2])
    ]
    assert "tastegraph communities --write" in found.rows[0]["community"]
    people.write("MATCH (u:User) WHERE u.id IN [4, 5, 6] SET u.community = 0")
    request.addfinalizer(lambda: people.write("MATCH (u:User) REMOVE u.community"))
    found = ask(people, "communities")
    assert cells(found, "users", "artists") == [(5, ["Air", "Moby"]), (3, ["Can", "Air", "Moby"])]
    assert found.rows[1]["community"] == 0


def test_orphans_and_vectors(people: GraphStore) -> None:
    rows = ask(people, "health-orphans").rows
    found = {row["check"]: (row["found"], row["first"]) for row in rows}
    assert found == {
        "artists without listeners": (0, []),
        "artists without tags": (0, []),
        "nodes without any relationship": (0, []),
        "tags without artists": (0, []),
        "users without friends": (1, [6]),
        "users without listens": (4, [2, 3, 7, 8]),
    }
    vectors = ask(people, "health-vectors")
    assert cells(vectors, "kind", "withoutVector", "nodes") == [
        ("artists", 3, 3),
        ("tags", 2, 2),
        ("users", 8, 8),
    ]


def test_what_is_missing_is_said(people: GraphStore) -> None:
    assert "'tastegraph train'" in ask(people, "draw-reasons", userId=1, artistId=3).nothing
    with pytest.raises(InputError, match="give one or more words"):
        ask(people, "search-artists", text="air AND (")


def test_drawn_reasons_are_the_reasons(trained: Trained) -> None:
    store = trained.store
    for user, artist in ((2, 7), (3, 12), (9, 40)):
        reasons = store.rows(
            query("reasons").cypher,
            query("reasons").examples | {"userId": user, "artistIds": [artist]},
        )
        drawn = ask(store, "draw-reasons", userId=user, artistId=artist, k=1000).rows
        expected = {(row["kind"], row["id"]): row["value"] for row in reasons}
        assert {(row["kind"], row["id"]): row["value"] for row in drawn} == pytest.approx(
            expected, abs=1e-9
        )
        for row in drawn:
            ends = {(path.nodes[0].id, path.nodes[-1].id) for path in row["paths"]}
            assert {start for start, _ in ends} <= {user}
            assert row["kind"] == "embedding" or {end for _, end in ends} == {artist}
            assert row["recommended"] == row["artist"].name
            between = {path.nodes[1].name for path in row["paths"]}
            assert row["kind"] == "friend" or between == {*row["through"]}


def test_drawn_are_the_reasons_of_the_best_where_no_artist_is_named(trained: Trained) -> None:
    for user in (2, 9):
        best = recommend(trained, user)
        drawn = ask(trained.store, "draw-reasons", userId=user).rows
        assert {row["artist"].id for row in drawn} == {best}


def recommend(trained: Trained, user: int) -> int:
    """The artist whose vector suits ``user`` best, of those not heard."""
    weights = {"userId": user, "k": 1, "weights": [1.0, 0.0, 0.0]}
    asked = query("recommend")
    (row,) = trained.store.rows(asked.cypher, asked.examples | weights)
    return row["artist"]


def test_without_friendships_it_is_said(request: pytest.FixtureRequest, kind: str) -> None:
    if kind != "embedded":
        pytest.skip("one store is enough for the words")
    with empty_place(request, kind) as place:
        assert "tastegraph load" in nothing(place, "common-friends")
        with open_store(place) as store:
            ingest(store, frames([1, 2], [(1, "Air")], [], [(1, 1, 5), (2, 1, 5)]))
        assert "no friendships" in nothing(place, "common-friends")
        assert "no tags" in nothing(place, "bridging-artists")


def nothing(place: Settings, name: str) -> str:
    with open_store(place) as store:
        return ask(store, name).nothing
