"""The people around somebody and what they play, as a graph and as a file of one."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx

from tastegraph.graph.frames import Id
from tastegraph.graph.social.read import (
    artists_by_user,
    friend_graph,
    read_friendships,
    read_listens,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent
from tastegraph.runtime.whole_file import whole_file
from tastegraph.runtime.xml_text import NOT_XML

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

_UNPRINTABLE, _ESCAPED = re.compile(f"[{NOT_XML}]"), re.compile(rf"[{NOT_XML}\\]")


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
    Edges have kind: friend between people, listened from people to artists, with plays.
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
        graph.add_node(_key("user", id_), **node | _if_known(community=community))
    for id_, name, tags in sorted(named):
        node = _node("artist", id_, name)
        graph.add_node(_key("artist", id_), **node, tags=_clean(", ".join(tags)))
    for one, other in friends.edges:
        if one in around and other in around:
            graph.add_edge(_key("user", one), _key("user", other), kind="friend")
    for person in sorted(plays):
        for artist, count in plays[person].items():
            listened = {"kind": "listened", "plays": count}
            graph.add_edge(_key("user", person), _key("artist", artist), **listened)
    return graph


def _key(kind: str, id_: Id) -> str:
    """A node's name, another one for each id."""
    return f"{kind}:" + _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", str(id_))


def _node(kind: str, id_: Id, label: str) -> dict[str, Any]:
    return {"kind": kind, "data_id": _clean(str(id_)), "label": _clean(label)}


def _if_known(**values: object) -> dict[str, Any]:
    """The values that are there: a file of a graph has no way to say nothing."""
    return {name: value for name, value in values.items() if value is not None}


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)


def _write_cytoscape(graph: "nx.Graph[str]", file: Path) -> None:
    data = nx.cytoscape_data(graph, name="label")
    file.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


_WRITERS: dict[str, Callable[["nx.Graph[str]", Path], None]] = {
    ".graphml": nx.write_graphml,
    ".gexf": nx.write_gexf,
    ".cyjs": _write_cytoscape,
    ".json": _write_cytoscape,
}
SUFFIXES = tuple(_WRITERS)


def write_graph(graph: "nx.Graph[str]", file: Path) -> None:
    """Write ``graph`` in the form that the suffix of ``file`` names: the whole file or nothing.

    .graphml and .gexf are for Gephi and its like, .cyjs and .json for Cytoscape. Raises
    InputError where the file can't be written.
    """
    with whole_file(file) as unfinished:
        _WRITERS[file.suffix.lower()](graph, unfinished)
