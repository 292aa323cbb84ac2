"""The graph of friendships, on graphs small enough to do by hand."""

from itertools import combinations, pairwise
from math import log
from pathlib import Path
from time import thread_time

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tastegraph.graph.frames import Id
from tastegraph.graph.social.communities import communities, describe, modularity, typical
from tastegraph.graph.social.influence import influence
from tastegraph.graph.social.neighbourhood import favourites, people_around
from tastegraph.graph.social.paths import describe as steps
from tastegraph.graph.social.paths import links, shared_artists, shortest_chains
from tastegraph.graph.social.read import friend_graph
from tastegraph.loaders.source import read_source

# 1-2-3 and 4-5-6 are triangles, 3-4 joins them; 7-8 are apart.
TRIANGLES = [(1, 2), (1, 3), (2, 3), (3, 4), (4, 5), (4, 6), (5, 6), (7, 8)]

PLAYS = {
    1: {10: 5, 20: 1},
    2: {10: 7, 30: 1},
    3: {20: 2, 30: 3},
    4: {10: 1, 30: 9, 40: 1},
    9: {50: 1},
}


def friendships(pairs: list[tuple[Id, Id]] = TRIANGLES) -> nx.Graph:
    return friend_graph(pd.DataFrame(pairs, columns=["user", "friend"]))


def test_each_friendship_counts_once_and_none_with_oneself() -> None:
    found = friendships([(2, 1), (1, 2), (3, 3), (2, 4)])
    assert list(found.nodes) == [1, 2, 4]
    assert list(found.edges) == [(1, 2), (2, 4)]


def test_the_shortest_chains_of_friends_the_strongest_first() -> None:
    # From 1 to 4 by way of 2 or 3, whose shared artists with both add up to 3 and 2.
    square = friendships([(1, 2), (2, 4), (1, 3), (3, 4), (4, 5)])
    linked = links(square, PLAYS, "friends")
    found = shortest_chains(linked, 1, 4, 10, strength)
    assert (found.steps, found.count, found.best) == (2, 2, [[1, 2, 4], [1, 3, 4]])
    best = shortest_chains(linked, 1, 4, 1, strength)
    assert (best.count, best.best) == (2, [[1, 2, 4]])
    frame = steps(found.best, square, PLAYS, "friends")
    assert frame.to_numpy().tolist() == [
        [1, 1, 1, 2, "friends", 1, [10]],
        [1, 2, 2, 4, "friends", 2, [30, 10]],
        [2, 1, 1, 3, "friends", 1, [20]],
        [2, 2, 3, 4, "friends", 1, [30]],
    ]


def test_chains_by_shared_artists_and_by_both() -> None:
    apart = friendships([(4, 9)])
    by_artists = links(apart, PLAYS, "artists")
    assert shortest_chains(by_artists, 1, 4, 5, strength).best == [[1, 4]]
    # 9 shares an artist with nobody.
    assert shortest_chains(by_artists, 1, 9, 5, strength).count == 0
    found = shortest_chains(links(apart, PLAYS, "both"), 1, 9, 5, strength)
    assert found.best == [[1, 4, 9]]
    assert steps(found.best, apart, PLAYS, "both")["by"].tolist() == ["artists", "friends"]
    close = friendships([(1, 4)])
    chain = shortest_chains(links(close, PLAYS, "both"), 1, 4, 5, strength)
    assert chain.count == 1
    assert steps(chain.best, close, PLAYS, "both")["by"].tolist() == ["both"]


@pytest.mark.parametrize(("start", "end"), [(1, 7), (1, 99), (99, 1)])
def test_no_chain_leads_elsewhere(start: int, end: int) -> None:
    found = shortest_chains(links(friendships(), {}, "friends"), start, end, 3, strength)
    assert (found.steps, found.count, found.best) == (0, 0, [])


@given(st.sets(st.sampled_from(list(combinations(range(9), 2))), min_size=1), st.integers(1, 8))
def test_chains_are_those_of_networkx(pairs: set[tuple[int, int]], end: int) -> None:
    graph = friendships(sorted(pairs))
    found = shortest_chains(links(graph, {}, "friends"), 0, end, 1000, lambda one, other: 0)
    linked = 0 in graph and end in graph and nx.has_path(graph, 0, end)
    expected = sorted(nx.all_shortest_paths(graph, 0, end)) if linked else []
    assert found.best == expected
    assert found.count == len(expected)


def strength(user: int, other: int) -> int:
    return len(shared_artists(PLAYS, user, other))


def test_communities_are_numbered_by_size_then_id() -> None:
    found = communities(friendships())
    # 3 and 4 have a friend elsewhere; all have two inside, but 7 and 8.
    assert found.to_numpy().tolist() == [
        [1, 1, 2, 2],
        [1, 2, 2, 2],
        [1, 3, 3, 2],
        [2, 4, 3, 2],
        [2, 5, 2, 2],
        [2, 6, 2, 2],
        [3, 7, 1, 1],
        [3, 8, 1, 1],
    ]
    # 7 of 8 friendships are inside; by chance it would be (7^2 + 7^2 + 2^2) / 16^2 of them.
    assert modularity(friendships(), found) == pytest.approx(7 / 8 - 102 / 256)


def test_resolution_makes_communities_smaller() -> None:
    assert communities(friendships(), resolution=50)["community"].nunique() == 8
    assert communities(friendships(), resolution=0.01)["community"].nunique() == 2


def test_ids_of_text_give_the_same_communities() -> None:
    # Sets of text are in another order in each process; 60 people leave enough to chance.
    numbers = nx.gnp_random_graph(60, 0.1, seed=1)
    text = friendships([(f"{one:02}", f"{other:02}") for one, other in numbers.edges])
    expected = communities(friendships(list(numbers.edges)))
    assert communities(text)["user"].astype(int).tolist() == expected["user"].tolist()


def test_what_is_typical_is_common_here_and_rare_elsewhere() -> None:
    members = pd.DataFrame({"community": [1, 1, 2, 2], "user": [1, 2, 3, 4]})
    # x: everybody. y: both of 1 and one of 2. z: one of 1. w: one of 2.
    held = [
        (1, "x"),
        (2, "x"),
        (3, "x"),
        (4, "x"),
        (1, "y"),
        (2, "y"),
        (3, "y"),
        (1, "z"),
        (4, "w"),
    ]
    pairs = pd.DataFrame(held, columns=["user", "item"])
    # In 1: y tells 1 ln(4/3) = 0.29, z 0.5 ln 2 = 0.35, x 0. In 2: w 0.35, x 0, y 0.5 ln(2/3) < 0.
    assert 0.5 * log(2) > log(4 / 3) > 0 > 0.5 * log(2 / 3)
    assert typical(members, pairs, "item").to_dict() == {1: ["z", "y", "x"], 2: ["w", "x", "y"]}


def test_communities_are_described() -> None:
    listens = pd.DataFrame([(1, 10), (2, 10), (4, 20), (7, 10)], columns=["user", "artist"])
    tags = pd.DataFrame([(5, "t")], columns=["user", "tag"])
    found = describe(communities(friendships()), listens, tags)
    assert found.to_numpy().tolist() == [
        [1, 3, pytest.approx(6 / 7), [], [10], [1, 2, 3]],
        [2, 3, pytest.approx(6 / 7), ["t"], [20], [4, 5, 6]],
        [3, 2, 1.0, [], [10], [7, 8]],
    ]


def test_without_listens_and_tags_the_people_are_still_described() -> None:
    nothing = pd.DataFrame(columns=["user", "artist", "tag"], dtype=object)
    found = describe(communities(friendships()), nothing, nothing)
    assert found["size"].tolist() == [3, 3, 2]
    assert found["tags"].tolist() == found["artists"].tolist() == [[], [], []]


def test_influence_of_a_star() -> None:
    # Between any two of the three others lies 1; damping 0.85 makes its PageRank the solution of
    # c = 0.15 / 4 + 0.85 * 3 l and l = 0.15 / 4 + 0.85 * c / 3.
    found = influence(friendships([(1, 2), (1, 3), (1, 4)]))
    centre = 0.15 / 4 * (1 + 0.85 * 3) / (1 - 0.85**2)
    assert found["user"].tolist() == [1, 2, 3, 4]
    assert found["rank"].tolist() == [1, 2, 3, 4]
    assert found["friends"].tolist() == [3, 1, 1, 1]
    assert found["betweenness"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert found["pagerank"].tolist() == pytest.approx([centre, *[(1 - centre) / 3] * 3], abs=1e-5)


def exact_pagerank(graph: nx.Graph) -> dict[Id, float]:
    return nx.pagerank(graph, tol=1e-15, max_iter=1000)


@given(
    st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1).filter(
        lambda pairs: any(one != other for one, other in pairs)
    )
)
def test_pagerank_has_converged(pairs: set[tuple[int, int]]) -> None:
    graph = friendships(sorted(pairs))
    found = influence(graph).set_index("user")["pagerank"].to_dict()
    links = nx.to_numpy_array(graph)
    walk = np.eye(len(graph)) - 0.85 * links.T / links.sum(axis=1)
    solved = np.linalg.solve(walk, np.full(len(graph), 0.15 / len(graph)))
    assert found == pytest.approx(dict(zip(graph, solved, strict=True)), rel=1e-11)


def test_equals_have_equal_shares_and_stand_by_id() -> None:
    ring = friendships([(one, (one + 1) % 9) for one in range(9)])
    found = influence(ring)
    assert found["pagerank"].nunique() == 1
    assert found["user"].tolist() == list(range(9))
    assert set(found["pagerank"]) == {0.111111111111}


@pytest.mark.slow
def test_pagerank_of_the_real_data_agrees_with_networkx(real_data: Path) -> None:
    graph = friend_graph(read_source(real_data / "hetrec2011-lastfm-2k").friendships)
    found = influence(graph, samples=1)
    expected = exact_pagerank(graph)
    ranked = sorted(expected, key=lambda user: (-float(f"{expected[user]:.12g}"), user))
    assert found["user"].tolist() == ranked
    assert found.set_index("user")["pagerank"].to_dict() == pytest.approx(expected, rel=1e-9)


def test_influence_is_ranked_by_what_is_asked() -> None:
    # 3 and 4 bridge the triangles; in a line the middle lies between all others.
    assert influence(friendships(), "betweenness")["user"].tolist()[:2] == [3, 4]
    line = influence(friendships([(1, 2), (2, 3), (3, 4), (4, 5)]), "betweenness")
    assert line["user"].tolist() == [3, 2, 4, 1, 5]
    assert line["betweenness"].tolist() == pytest.approx([4 / 6, 3 / 6, 3 / 6, 0, 0])
    assert influence(friendships(), "friends")["user"].tolist() == [3, 4, 1, 2, 5, 6, 7, 8]


def test_betweenness_is_estimated_only_in_larger_graphs() -> None:
    graph = friendships([(one, other) for one, other in pairwise(range(40))])
    exact = nx.betweenness_centrality(graph)
    whole, some = (influence(graph, samples=samples).set_index("user") for samples in (40, 20))
    assert whole["betweenness"].to_dict() == pytest.approx(exact)
    assert some["betweenness"].to_dict() != pytest.approx(exact)
    assert some["betweenness"].corr(whole["betweenness"]) > 0.9
    again = influence(graph, samples=20).set_index("user")
    assert again["betweenness"].to_dict() == some["betweenness"].to_dict()


def test_people_around() -> None:
    graph = friendships()
    assert people_around(graph, 1, 1) == {1: 0, 2: 1, 3: 1}
    assert people_around(graph, 1, 2) == {1: 0, 2: 1, 3: 1, 4: 2}
    assert people_around(graph, 1, 50) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 3, 6: 3}
    assert people_around(graph, 99, 2) == {99: 0}


def test_favourites_are_the_most_played() -> None:
    assert favourites({1: {10: 5, 20: 7, 30: 5}}, 2) == {1: {20: 7, 10: 5}}
    assert favourites({1: {10: 5}}, 0) == {1: {}}


@pytest.mark.slow
def test_communities_of_the_real_data(real_data: Path) -> None:
    source = read_source(real_data / "hetrec2011-lastfm-2k")
    tag_uses = source.taggings[["user", "tag"]].drop_duplicates()
    start = thread_time()
    graph = friend_graph(source.friendships)
    members = communities(graph)
    described = describe(members, source.listens, tag_uses)
    assert thread_time() - start < 3
    assert (len(graph), graph.number_of_edges()) == (1892, 12717)
    assert described["size"].sum() == 1892
    # A community never reaches from one component into another, and there are 20.
    assert len(described) >= 20
    assert modularity(graph, members) > 0.44
