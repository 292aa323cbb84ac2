"""Friends, paths, communities and the people around somebody, on a graph done by hand."""

from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tastegraph.errors import NotFoundError, StoreError
from tastegraph.graph.graph_file import write_graph
from tastegraph.graph.social.communities import communities, describe_in, write_communities
from tastegraph.graph.social.influence import influence
from tastegraph.graph.social.neighbourhood import neighbourhood
from tastegraph.graph.social.paths import find_paths
from tastegraph.graph.social.read import read_friends
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.serving.suggested_friends import (
    friends_of,
    suggest_friends,
    why_no_friends,
    why_no_taste,
)
from tests.contract.conftest import empty_place
from tests.contract.frames import frames

# ann - bob - cid - dan in a chain, eve - fay apart, gus without friends.
SOURCE = frames(
    users=["ann", "bob", "cid", "dan", "eve", "fay", "gus"],
    artists=[("a", "Air"), ("b", "Beck\x0b"), ("c", "Can"), ("d", "Dr. Dre")],
    tags=[("k", "krautrock"), ("m", "mellow")],
    listens=[
        ("ann", "a", 9),
        ("ann", "b", 1),
        ("bob", "a", 2),
        ("bob", "c", 7),
        ("cid", "c", 3),
        ("cid", "d", 5),
        ("dan", "d", 4),
        ("eve", "b", 1),
        ("gus", "c", 1),
    ],
    friendships=[("ann", "bob"), ("bob", "cid"), ("cid", "dan"), ("eve", "fay")],
    taggings=[("ann", "a", "m", ""), ("bob", "c", "k", ""), ("eve", "b", "m", "")],
)


@pytest.fixture(scope="module")
def small(request: pytest.FixtureRequest, kind: str) -> Iterator[GraphStore]:
    """A graph of a few people, without a model."""
    with empty_place(request, kind) as place, open_store(place) as opened:
        ingest(opened, SOURCE)
        yield opened


def test_without_a_model_taste_is_left_out(small: GraphStore) -> None:
    found = friends_of(small, "bob", 10)
    assert found.to_dict("records") == [
        {
            "user": "ann",
            "similarity": None,
            "shared_count": 1,
            "shared": ["Air"],
            "unheard_count": 1,
            "unheard": ["Beck\x0b"],
        },
        {
            "user": "cid",
            "similarity": None,
            "shared_count": 1,
            "shared": ["Can"],
            "unheard_count": 1,
            "unheard": ["Dr. Dre"],
        },
    ]
    assert "tastegraph train" in str(why_no_taste(small, "bob"))
    suggested = suggest_friends(small, "ann", 10)
    assert suggested["user"].tolist() == ["cid"]
    # bob has two friends: a = 1 / ln 2.
    assert suggested["score"].tolist() == pytest.approx([(1 / np.log(2)) / (1 + 1 / np.log(2))])
    assert suggested["common_friends"].tolist() == [["bob"]]


def test_who_has_no_friends(small: GraphStore) -> None:
    assert friends_of(small, "gus", 10).empty
    assert suggest_friends(small, "gus", 10).empty
    assert why_no_friends(small, "ann") is None
    assert "gus has no friends" in str(why_no_friends(small, "gus"))


def test_paths(small: GraphStore) -> None:
    found = find_paths(small, "ann", "dan", "friends", 5)
    assert found.frame.to_numpy().tolist() == [
        [1, 1, "ann", "bob", "friends", 1, ["Air"]],
        [1, 2, "bob", "cid", "friends", 1, ["Can"]],
        [1, 3, "cid", "dan", "friends", 1, ["Dr. Dre"]],
    ]
    # By what they listen to, gus is as near as bob to cid.
    by_artists = find_paths(small, "gus", "dan", "artists", 5)
    assert by_artists.frame[["from", "to"]].to_numpy().tolist() == [["gus", "cid"], ["cid", "dan"]]
    both = find_paths(small, "fay", "ann", "both", 5).frame
    assert both[["from", "to", "by"]].to_numpy().tolist() == [
        ["fay", "eve", "friends"],
        ["eve", "ann", "artists"],
    ]


def test_no_path_says_why(small: GraphStore) -> None:
    apart = find_paths(small, "ann", "fay", "friends", 5)
    assert apart.frame.empty
    assert apart.reasons == [
        "no path leads from user ann to user fay: the first has 3 people within reach, the second 1"
    ]
    assert find_paths(small, "gus", "ann", "friends", 5).reasons == [
        "user gus has no friends in the graph"
    ]
    assert find_paths(small, "fay", "ann", "artists", 5).reasons == [
        "user fay listens to nobody in the graph"
    ]


def test_communities_and_who_is_central(small: GraphStore) -> None:
    friends = read_friends(small)
    assert list(friends) == ["ann", "bob", "cid", "dan", "eve", "fay"]
    described = describe_in(small, communities(friends))
    assert described["size"].sum() == 6
    assert described["artists"].map(len).sum() > 0
    assert {name for cell in described["tags"] for name in cell} == {"krautrock", "mellow"}
    assert influence(friends, "betweenness")["user"].tolist()[:2] == ["bob", "cid"]


def test_communities_are_written_all_or_none(small: GraphStore) -> None:
    members = communities(read_friends(small))
    write_communities(small, members)
    expected = dict(zip(members["user"], members["community"], strict=True))
    assert written(small) == expected
    broken = members.assign(community=[*members["community"][:-1], object()])
    with pytest.raises(StoreError):
        write_communities(small, broken)
    assert written(small) == expected
    write_communities(small, members.head(2))
    assert written(small) == dict(list(expected.items())[:2])


def written(store: GraphStore) -> dict[str, int]:
    cypher = "MATCH (u:User) WHERE u.community IS NOT NULL RETURN u.id, u.community"
    return dict(store.values(cypher))


def test_neighbourhood(small: GraphStore) -> None:
    write_communities(small, pd.DataFrame({"user": ["ann"], "community": [7]}))
    found = neighbourhood(small, "ann", 1, 1)
    assert dict(found.nodes(data=True)) == {
        "user:ann": node("user", "ann", "user ann", hops=0, community=7),
        "user:bob": node("user", "bob", "user bob", hops=1),
        "artist:a": node("artist", "a", "Air", tags="mellow"),
        "artist:c": node("artist", "c", "Can", tags="krautrock"),
    }
    assert {frozenset(edge[:2]): edge[2] for edge in found.edges(data=True)} == {
        frozenset(["user:ann", "user:bob"]): {"kind": "friend", "weight": 1.0},
        frozenset(["user:ann", "artist:a"]): heard(9),
        frozenset(["user:bob", "artist:c"]): heard(7),
    }
    assert "Beck " in nx.get_node_attributes(neighbourhood(small, "ann", 1, 2), "label").values()
    assert list(neighbourhood(small, "ann", 9, 0)) == [
        "user:ann",
        "user:bob",
        "user:cid",
        "user:dan",
    ]
    assert sorted(neighbourhood(small, "gus", 2, 3)) == ["artist:c", "user:gus"]


def test_listens_weigh_as_a_share_of_the_most_played(small: GraphStore) -> None:
    edges = neighbourhood(small, "ann", 0, 9).edges("user:ann", data=True)
    plays = {artist: data["plays"] for _, artist, data in edges}
    assert len(plays) > 1
    for _, artist, data in edges:
        assert data["weight"] == plays[artist] / max(plays.values())


def heard(plays: int, weight: float = 1.0) -> dict[str, object]:
    return {"kind": "listened", "plays": plays, "weight": weight}


def node(kind: str, id_: str, label: str, **more: object) -> dict[str, object]:
    return {"kind": kind, "data_id": id_, "label": label, **more}


def test_a_graph_without_friendships_says_so(store: GraphStore) -> None:
    ingest(store, frames(["ann", "bob"], [("a", "Air")], [], [("ann", "a", 1), ("bob", "a", 1)]))
    with pytest.raises(NotFoundError, match=r"no friendships in .*'tastegraph load PATH'"):
        read_friends(store)
    with pytest.raises(NotFoundError, match="no friendships"):
        find_paths(store, "ann", "bob", "friends", 5)
    assert len(find_paths(store, "ann", "bob", "both", 5).frame) == 1
    assert "no friendships" in str(why_no_friends(store, "ann"))
    assert suggest_friends(store, "ann", 5).empty
    assert len(neighbourhood(store, "ann", 2, 3)) == 2


def test_a_graph_of_ids_with_control_characters_is_xml(store: GraphStore, tmp_path: Path) -> None:
    ids = ["a\x1eb", "a\x1fb", "a\\u001eb", "a b"]
    source = frames(
        users=["u\x01", "v"],
        artists=[(id_, id_) for id_ in ids],
        tags=[],
        listens=[("u\x01", id_, 1) for id_ in ids],
        friendships=[("u\x01", "v")],
        taggings=[],
    )
    ingest(store, source)
    graph = neighbourhood(store, "v", hops=1, artists=9)
    for suffix, read in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        write_graph(graph, tmp_path / f"a{suffix}")
        found = read(tmp_path / f"a{suffix}")
        assert sorted(found.nodes) == sorted(graph.nodes)
        assert len(found.nodes) == 6
        assert len(found.edges) == 5
