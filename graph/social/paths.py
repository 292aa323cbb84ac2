"""How two people are linked: the shortest chains of friends, or of people who share artists."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import nsmallest
from itertools import pairwise

import networkx as nx
import pandas as pd

from tastegraph.graph.frames import USER, Id
from tastegraph.graph.social.read import (
    NAMED,
    artists_by_user,
    friend_graph,
    read_friends,
    read_friendships,
    read_listens,
    read_names,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

FRIENDS, ARTISTS, BOTH = "friends", "artists", "both"
WAYS = (FRIENDS, ARTISTS, BOTH)

COLUMNS = ("path", "step", "from", "to", "by", "shared_count", "shared")

Strength = Callable[[Id, Id], int]
Node = tuple[str, Id] | tuple[str, Id, Id]


@dataclass(frozen=True)
class Chains:
    """The shortest chains between two people.

    steps  links in each chain; 0 where no chain leads from one to the other
    count  how many chains of that length there are
    best   the strongest of them, each the ids of its people from one end to the other
    """

    steps: int
    count: int
    best: list[list[Id]]


def links(friends: "nx.Graph[Id]", plays: dict[Id, dict[Id, int]], way: str) -> "nx.Graph[Node]":
    """People and what links them: friendships, artists they listen to, or both.

    A friendship is a node between two people, as an artist is, so that a link of either kind
    is two edges long.
    """
    graph: nx.Graph[Node] = nx.Graph()
    if way != ARTISTS:
        for u, v in friends.edges:
            graph.add_edge((USER, u), (FRIENDS, u, v))
            graph.add_edge((FRIENDS, u, v), (USER, v))
    if way != FRIENDS:
        graph.add_edges_from(
            ((USER, user), (ARTISTS, artist)) for user, heard in plays.items() for artist in heard
        )
    return graph


def shortest_chains(
    linked: "nx.Graph[Node]", start: Id, end: Id, k: int, strength: Strength
) -> Chains:
    """All shortest chains from ``start`` to ``end`` are counted, the ``k`` strongest named.

    A chain is as strong as ``strength`` of its consecutive people adds up to; equal ones are in
    the order of their ids.
    """
    layers = _layers(linked, (USER, start), (USER, end))
    counts: dict[Id, int] = {start: 1}
    best: dict[Id, list[tuple[int, list[Id]]]] = {start: [(0, [start])]}
    for before, here in pairwise(layers):
        reached = {user: set(linked[USER, user]) for user in before}
        for user in here:
            known = set(linked[USER, user])
            previous = [other for other in before if not known.isdisjoint(reached[other])]
            counts[user] = sum(counts[other] for other in previous)
            best[user] = nsmallest(
                k,
                (
                    # The strongest are the smallest of the negative.
                    (weight - strength(other, user), [*chain, user])
                    for other in previous
                    for weight, chain in best[other]
                ),
            )
    if not layers:
        return Chains(0, 0, [])
    return Chains(len(layers) - 1, counts[end], [chain for _, chain in best[end]])


def _layers(linked: "nx.Graph[Node]", start: Node, end: Node) -> list[list[Id]]:
    """The people on shortest chains, by their distance from ``start``; empty without a chain."""
    if start not in linked or end not in linked:
        return []
    ahead = nx.single_source_shortest_path_length(linked, start)
    if end not in ahead:
        return []
    back = nx.single_source_shortest_path_length(linked, end, cutoff=ahead[end])
    layers: list[list[Id]] = [[] for _ in range(ahead[end] // 2 + 1)]
    for node, distance in back.items():
        if node[0] == USER and ahead[node] + distance == ahead[end]:
            layers[ahead[node] // 2].append(node[1])
    return [sorted(layer) for layer in layers]


@dataclass(frozen=True)
class Linked:
    """What ``find_paths`` found.

    frame    one row a step, with the columns COLUMNS
    chains   the chains that are in the frame, and how many there are
    reasons  why there are none, as sentences
    """

    frame: pd.DataFrame
    chains: Chains
    reasons: list[str]


def find_paths(
    store: GraphStore, start: Id, end: Id, way: str, k: int, *, progress: Progress = silent
) -> Linked:
    """The shortest chains between two people by ``way``, one of WAYS, the ``k`` strongest named.

    Strong is who shares many artists. Raises NotFoundError where the graph has no friendships
    and ``way`` is by friends alone.
    """
    friends = read_friends(store, progress) if way == FRIENDS else _friends_if_any(store, way)
    if way == FRIENDS:
        linked = links(friends, {}, way)
        between = [user for layer in _layers(linked, (USER, start), (USER, end)) for user in layer]
        plays = artists_by_user(read_listens(store, between))
    else:
        with progress("reading listens", 1) as advance:
            plays = artists_by_user(read_listens(store))
            advance(1)
        linked = links(friends, plays, way)

    def strength(user: Id, other: Id) -> int:
        return len(shared_artists(plays, user, other))

    chains = shortest_chains(linked, start, end, k, strength)
    frame = describe(chains.best, friends, plays, way)
    names = read_names(store, "Artist", {each for cell in frame["shared"] for each in cell})
    frame["shared"] = [[names[artist] for artist in cell] for cell in frame["shared"]]
    reasons = [] if chains.count else _why_none(linked, start, end, way)
    return Linked(frame, chains, reasons)


def _friends_if_any(store: GraphStore, way: str) -> "nx.Graph[Id]":
    return friend_graph(read_friendships(store)) if way == BOTH else nx.Graph()


def _why_none(linked: "nx.Graph[Node]", start: Id, end: Id, way: str) -> list[str]:
    lacks = {
        FRIENDS: "has no friends in the graph",
        ARTISTS: "listens to nobody in the graph",
        BOTH: "has no friends in the graph and listens to nobody",
    }
    alone = [user for user in (start, end) if (USER, user) not in linked]
    if alone:
        return [f"user {user} {lacks[way]}" for user in alone]
    sizes = [
        sum(node[0] == USER for node in nx.node_connected_component(linked, (USER, user)))
        for user in (start, end)
    ]
    return [
        f"no path leads from user {start} to user {end}: the first has {sizes[0] - 1:,} people "
        f"within reach, the second {sizes[1] - 1:,}"
    ]


def shared_artists(plays: dict[Id, dict[Id, int]], user: Id, other: Id) -> list[Id]:
    """Artists that both listen to, those with most plays of the two first."""
    mine, theirs = plays.get(user, {}), plays.get(other, {})
    return sorted(
        mine.keys() & theirs.keys(), key=lambda artist: (-mine[artist] - theirs[artist], artist)
    )


def describe(
    chains: list[list[Id]], friends: "nx.Graph[Id]", plays: dict[Id, dict[Id, int]], way: str
) -> pd.DataFrame:
    """One row a step of each chain, with the columns COLUMNS; path and step count from 1.

    by is what links the two people, among the ways that were asked for; shared has at most NAMED
    ids of artists, shared_count says how many both listen to.
    """
    rows: list[tuple[object, ...]] = []
    for path, chain in enumerate(chains, 1):
        for step, (before, user) in enumerate(pairwise(chain), 1):
            shared = shared_artists(plays, before, user)
            by = way if way != BOTH else _by(friends.has_edge(before, user), bool(shared))
            rows.append((path, step, before, user, by, len(shared), shared[:NAMED]))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _by(are_friends: bool, share: bool) -> str:
    return BOTH if are_friends and share else FRIENDS if are_friends else ARTISTS
