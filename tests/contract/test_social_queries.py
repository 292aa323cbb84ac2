"""What the queries about people answer, worked out by hand; and drawings that agree with reasons.

Friends: 1-2, 1-3, 2-4, 3-4, 4-5, and 7-8 apart from them; 6 has nobody.

         | artist 1 | artist 2 | artist 3 |  tags: 1 on artists 1 (twice), 2; 2 on artists 2, 3
    1    |     5    |    10    |          |  (by users 1 and 4)
    4    |     7    |          |     1    |
    5    |          |          |     9    |
    6    |          |     3    |     4    |
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.query_files import query
from tastegraph.graph.run_query import Answer, answer
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.result import Row
from tastegraph.graph.store.settings import Settings
from tastegraph.graph.store.values import NodeValue
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


def ends(row: Row) -> set[int]:
    """The ids of the nodes that a row of a drawing links."""
    return {row["source"].id, row["target"].id}


def cells(found: Answer, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found.rows]


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
    artists = ask(people, "common-artists", userId=1, otherId=4)
    assert cells(artists, "name", "plays", "otherPlays") == [("Air", 5, 7)]


def test_what_two_people_have_in_common_is_drawn(people: GraphStore) -> None:
    drawn = ask(people, "draw-common", userId=1, otherId=4)
    air = NodeValue("Artist", 1, "Air")
    assert [(row["source"], row["link"].properties, row["target"]) for row in drawn.rows[:2]] == [
        (NodeValue("User", 1, None), {"plays": 5}, air),
        (NodeValue("User", 4, None), {"plays": 7}, air),
    ]
    assert cells(drawn, "kind", "id")[2:] == [*[("friend", 2)] * 2, *[("friend", 3)] * 2]
    for friend in (2, 3):
        nodes = [
            (row["source"].id, row["target"].id) for row in drawn.rows[2:] if row["id"] == friend
        ]
        assert {frozenset(ends) for ends in nodes} == {
            frozenset({1, friend}),
            frozenset({friend, 4}),
        }


def test_all_shortest_ways_by_friends(people: GraphStore) -> None:
    found = ask(people, "path-by-friends", userId=1, otherId=5)
    ways = [[1, 2, 4, 5], [1, 3, 4, 5]]
    assert cells(found, "steps", "users", "step") == [
        (3, way, step) for way in ways for step in (1, 2, 3)
    ]
    for row, expected in zip(
        found.rows, [each for way in ways for each in pairwise(way)], strict=True
    ):
        assert {row["source"].id, row["target"].id} == {*expected}


def test_a_shortest_way_by_artists(people: GraphStore) -> None:
    found = ask(people, "path-by-artists", userId=1, otherId=5)
    steps, way = cells(found, "steps", "way")[0]
    assert steps == 4
    assert [row["step"] for row in found.rows] == [1, 2, 3, 4]
    assert [row["source"].id for row in found.rows] == [way[0], way[2], way[2], way[4]]
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
        drawn = ask(store, "draw-reasons", userId=user, artistId=artist, parts=1000).rows
        expected = {(row["kind"], row["id"]): row["value"] for row in reasons}
        assert {(row["kind"], row["id"]): row["value"] for row in drawn} == pytest.approx(
            expected, abs=1e-9
        )
        name = store.values("MATCH (a:Artist {id: $id}) RETURN a.name", {"id": artist})[0][0]
        assert {row["recommended"] for row in drawn} == {name}
        for kind, id_ in expected:
            rows = [row for row in drawn if (row["kind"], row["id"]) == (kind, id_)]
            ways = nx.Graph((str(row["source"]), str(row["target"])) for row in rows)
            begin, end = f"(User {user})", f"(Artist {artist} {name!r})"
            assert nx.is_connected(ways)
            assert kind == "embedding" or nx.has_path(ways, begin, end)
            names = {row["target"].name for row in rows if str(row["source"]) == begin}
            assert kind == "friend" or names == {*rows[0]["through"]}


def test_drawn_are_the_reasons_of_the_best_where_no_artist_is_named(trained: Trained) -> None:
    for user in (2, 9):
        best = recommend(trained, user)
        drawn = ask(trained.store, "draw-reasons", userId=user).rows
        name = trained.store.values("MATCH (a:Artist {id: $id}) RETURN a.name", {"id": best})[0][0]
        assert {row["recommended"] for row in drawn} == {name}


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
