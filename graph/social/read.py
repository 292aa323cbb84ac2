"""Friendships, listens and names out of the store, as frames and as a networkx graph."""

from collections.abc import Iterable

import networkx as nx
import pandas as pd

from tastegraph.errors import NotFoundError
from tastegraph.graph.frames import ARTIST, FRIENDSHIPS, LISTENS, TAG, USER, Id
from tastegraph.graph.schema import FRIEND, LISTENED, USES_TAG
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

# Names of artists in a cell; more would not fit a line.
NAMED = 5

_READ_LISTENS = """
UNWIND $users AS id
MATCH (u:User {id: id})-[l:LISTENED]->(a:Artist)
RETURN u.id, a.id, l.plays
"""


def read_friendships(store: GraphStore) -> pd.DataFrame:
    """All friendships, one row each (user, friend)."""
    return pd.DataFrame(store.read_all(FRIEND), columns=list(FRIENDSHIPS), dtype=object)


def why_no_friendships(store: GraphStore) -> str | None:
    """What to do where the graph has no friendships; None where it has some."""
    if store.values(f"MATCH ()-[r:{FRIEND.type}]->() RETURN count(r)")[0][0]:
        return None
    return (
        f"there are no friendships in {store.place}: 'tastegraph load PATH' adds those of a "
        "HetRec folder with user_friends.dat, or of a folder with a table 'friends'"
    )


def require_friendships(store: GraphStore) -> None:
    """Raise NotFoundError where the graph has no friendships."""
    if reason := why_no_friendships(store):
        raise NotFoundError(reason)


def read_friends(store: GraphStore, progress: Progress = silent) -> "nx.Graph[Id]":
    """The graph of all friendships; raises NotFoundError where there are none."""
    require_friendships(store)
    with progress("reading friendships", 1) as advance:
        friends = friend_graph(read_friendships(store))
        advance(1)
    return friends


def friend_graph(friendships: pd.DataFrame) -> "nx.Graph[Id]":
    """The users who have friends, and their friendships (frame user, friend).

    Nodes and edges stand in the order of their ids: algorithms that draw numbers then give the
    same for the same data, however a store orders its rows. Who is their own friend is not.
    """
    pairs = {(min(u, v), max(u, v)) for u, v in friendships.itertuples(index=False) if u != v}
    graph: nx.Graph[Id] = nx.Graph()
    graph.add_nodes_from(sorted({user for pair in pairs for user in pair}))
    graph.add_edges_from(sorted(pairs))
    return graph


def read_listens(store: GraphStore, users: Iterable[Id] | None = None) -> pd.DataFrame:
    """Listens (user, artist, plays) of ``users``, or of everybody."""
    if users is None:
        rows = store.read_all(LISTENED.only("plays"))
    else:
        rows = store.values(_READ_LISTENS, {"users": list(users)})
    return pd.DataFrame(rows, columns=list(LISTENS), dtype=object)


def read_tag_uses(store: GraphStore) -> pd.DataFrame:
    """Which tags each user has given, one row a pair (user, tag)."""
    rows = [row[:2] for row in store.read_all(USES_TAG)]
    return pd.DataFrame(rows, columns=[USER, TAG], dtype=object)


def read_names(store: GraphStore, label: str, ids: Iterable[Id]) -> dict[Id, str]:
    """Names of the nodes ``ids`` of ``label``, Artist or Tag."""
    cypher = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN n.id, n.name"
    return dict(store.values(cypher, {"ids": sorted(set(ids))}))


def artists_by_user(listens: pd.DataFrame) -> dict[Id, dict[Id, int]]:
    """For each user the plays of each artist."""
    found: dict[Id, dict[Id, int]] = {}
    for user, artist, plays in listens[[USER, ARTIST, "plays"]].itertuples(index=False):
        found.setdefault(user, {})[artist] = plays
    return found
