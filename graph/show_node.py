"""What the graph knows of one user, artist or tag, as rows to read."""

from typing import Any

import pandas as pd

from tastegraph.graph.frames import Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore

COLUMNS = ["what", "value"]

_USER = """
MATCH (u:User {id: $id})
RETURN count { (u)-[:LISTENED]->() } AS listens, count { (u)-[:FRIEND]-() } AS friends,
       u.community AS community, u.norm > 0 AS known
"""
_ARTIST = """
MATCH (a:Artist {id: $id})
RETURN a.name AS name, a.url AS url, a.listeners AS listeners, a.plays AS plays, a.band AS band,
       a.norm > 0 AS known
"""
_TAGS_OF_ARTIST = """
MATCH (:Artist {id: $id})-[h:HAS_TAG]->(t:Tag)
RETURN t.name AS name ORDER BY h.count DESC, t.id LIMIT $k
"""
_LISTENERS_OF_ARTIST = """
MATCH (:Artist {id: $id})<-[l:LISTENED]-(u:User)
RETURN u.id AS id ORDER BY l.plays DESC, id LIMIT $k
"""
_TAG = "MATCH (t:Tag {id: $id}) RETURN t.name AS name, t.artists AS artists"
_ARTISTS_OF_TAG = """
MATCH (:Tag {id: $id})<-[h:HAS_TAG]-(a:Artist)
RETURN a.name AS name ORDER BY h.count DESC, a.id LIMIT $k
"""


def show_user(store: GraphStore, user: Id, k: int) -> pd.DataFrame:
    """What ``user`` plays most, their tags and friends, ``k`` of each; columns COLUMNS."""
    (node,) = store.rows(_USER, {"id": user})
    asked = {"userId": user, "k": k}
    plays = _listed(store, query("user-listens").cypher, asked, "name")
    tags = _listed(store, query("user-tags").cypher, asked, "name")
    return _rows(
        {
            "user": user,
            "listens": node["listens"],
            "plays most": plays,
            "tags": tags,
            "friends": node["friends"],
            "community": node["community"],
            "has a vector": bool(node["known"]),
        }
    )


def show_artist(store: GraphStore, artist: Id, k: int) -> pd.DataFrame:
    """An artist's numbers, ``k`` tags and ``k`` listeners; columns COLUMNS."""
    (node,) = store.rows(_ARTIST, {"id": artist})
    asked = {"id": artist, "k": k}
    return _rows(
        {
            "artist": artist,
            "name": node["name"],
            "url": node["url"],
            "listeners": node["listeners"],
            "plays": node["plays"],
            "band": node["band"],
            "tags": _listed(store, _TAGS_OF_ARTIST, asked, "name"),
            "listened to most by": _listed(store, _LISTENERS_OF_ARTIST, asked, "id"),
            "has a vector": bool(node["known"]),
        }
    )


def show_tag(store: GraphStore, tag: Id, k: int) -> pd.DataFrame:
    """How many artists carry a tag, and the ``k`` that are given it most; columns COLUMNS."""
    (node,) = store.rows(_TAG, {"id": tag})
    artists = _listed(store, _ARTISTS_OF_TAG, {"id": tag, "k": k}, "name")
    return _rows(
        {"tag": tag, "name": node["name"], "artists": node["artists"], "given most": artists}
    )


def _listed(store: GraphStore, asked: str, given: dict[str, Any], column: str) -> list[Any]:
    """One column of a list; a list of nothing is not asked for."""
    return [row[column] for row in store.rows(asked, given)] if given["k"] else []


def _rows(values: dict[str, object]) -> pd.DataFrame:
    """What there is to say, in its order."""
    said = [(what, value) for what, value in values.items() if value is not None and value != []]
    return pd.DataFrame(said, columns=COLUMNS, dtype=object)
