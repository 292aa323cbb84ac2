"""The people around somebody and what they play, as a graph."""

from typing import Any

import networkx as nx

from tastegraph.graph.frames import Id
from tastegraph.graph.graph_file import clean, node_name
from tastegraph.graph.social.read import (
    artists_by_user,
    friend_graph,
    read_friendships,
    read_listens,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

# So many friendships away is nearly everybody of a social network.
MOST_HOPS = 6

# Tags of an artist that are named.
_TAGS = 3

_READ_PEOPLE = "UNWIND $users AS id MATCH (u:User {id: id}) RETURN u.id, u.community"
_READ_ARTISTS = """
UNWIND $artists AS id
MATCH (a:Artist {id: id})
CALL (a) {
  MATCH (a)-[h:HAS_TAG]->(t:Tag)
  WITH t, h.count AS times ORDER BY times DESC, t.id LIMIT $tags
  RETURN collect(t.name) AS tags
}
RETURN a.id, a.name, tags
"""


def people_around(friends: "nx.Graph[Id]", user: Id, hops: int) -> dict[Id, int]:
    """Who is at most ``hops`` friendships from ``user``, and how many; ``user`` is 0 away."""
    if user not in friends:
        return {user: 0}
    return dict(nx.single_source_shortest_path_length(friends, user, cutoff=hops))


def favourites(plays: dict[Id, dict[Id, int]], count: int) -> dict[Id, dict[Id, int]]:
    """Of each user's artists the ``count`` most played, ties by id."""
    return {
        user: dict(sorted(heard.items(), key=lambda entry: (-entry[1], entry[0]))[:count])
        for user, heard in plays.items()
    }


def neighbourhood(
    store: GraphStore, user: Id, hops: int, artists: int, progress: Progress = silent
) -> "nx.Graph[str]":
    r"""The people at most ``hops`` friendships from ``user``, each with ``artists`` favourites.

    Nodes are "user:ID" and "artist:ID", where a backslash and what XML has no way to say are
    escaped (\u001f). They have kind (user or artist), data_id (the id, as text), label, for
    people hops and, where it has been written, community, for artists tags.
    Edges have kind: friend between people, listened from people to artists, with plays; and weight,
    by which other programs lay a graph out and find groups: 1 for a friendship and for what
    somebody plays most, for the rest their plays relative to that.
    """
    with progress("reading the neighbourhood", 3) as advance:
        friends = friend_graph(read_friendships(store))
        around = people_around(friends, user, hops)
        advance(1)
        people = store.values(_READ_PEOPLE, {"users": list(around)})
        listens = read_listens(store, around) if artists else read_listens(store, [])
        advance(1)
        plays = favourites(artists_by_user(listens), artists)
        heard = {artist for each in plays.values() for artist in each}
        named = store.values(_READ_ARTISTS, {"artists": list(heard), "tags": _TAGS})
        advance(1)
    graph: nx.Graph[str] = nx.Graph()
    for id_, community in sorted(people):
        node = _node("user", id_, f"user {id_}") | {"hops": around[id_]}
        graph.add_node(node_name("user", id_), **node | _if_known(community=community))
    for id_, name, tags in sorted(named):
        node = _node("artist", id_, name)
        graph.add_node(node_name("artist", id_), **node, tags=clean(", ".join(tags)))
    for one, other in friends.edges:
        if one in around and other in around:
            ends = node_name("user", one), node_name("user", other)
            graph.add_edge(*ends, kind="friend", weight=1.0)
    for person in sorted(plays):
        most = max(1, *plays[person].values())
        for artist, count in plays[person].items():
            listened = {"kind": "listened", "plays": count, "weight": count / most}
            graph.add_edge(node_name("user", person), node_name("artist", artist), **listened)
    return graph


def _node(kind: str, id_: Id, label: str) -> dict[str, Any]:
    return {"kind": kind, "data_id": clean(str(id_)), "label": clean(label)}


def _if_known(**values: object) -> dict[str, Any]:
    """The values that are there: a file of a graph has no way to say nothing."""
    return {name: value for name, value in values.items() if value is not None}
