"""Artists, tags and users by what somebody types: names, parts of names, slips of the hand."""

import pandas as pd

from tastegraph.graph.names import name_key
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.nearest_names import nearest

COLUMNS = ["kind", "id", "name", "match", "listeners"]

_MATCHES = ("exact", "same letters", "part", "near")

_NAMED = """
MATCH (n:{label}) WHERE n.nameKey CONTAINS $key
RETURN n.id AS id, n.name AS name, n.nameKey AS nameKey, n.{popularity} AS listeners
ORDER BY listeners DESC, id LIMIT $most
"""
_USERS = """
MATCH (u:User) WHERE toString(u.id) = $text
RETURN u.id AS id, count { (u)-[:LISTENED]->() } AS listeners
"""

# Rows of each kind that are looked at for the best.
_MOST = 500


def search_names(store: GraphStore, text: str, k: int) -> pd.DataFrame:
    """The ``k`` best of all that is called like ``text``; columns COLUMNS.

    match says how: exact, same letters (without case and accents), part of the name, or near,
    which is looked for where nothing else is found. listeners are an artist's, a tag's artists, a
    user's listens. Better matches come first, then those with more listeners.
    """
    key = name_key(text)
    rows: list[tuple[object, ...]] = [
        ("user", row["id"], None, "exact", row["listeners"])
        for row in store.rows(_USERS, {"text": text.strip()})
    ]
    for kind, label, popularity in (("artist", "Artist", "listeners"), ("tag", "Tag", "artists")):
        asked = _NAMED.format(label=label, popularity=popularity)
        found = store.rows(asked, {"key": key, "most": _MOST})
        rows += [
            (kind, row["id"], row["name"], _match(row, text, key), row["listeners"])
            for row in found
        ]
    rows = rows or _near(store, key, k)
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    order = frame["match"].map(_MATCHES.index)
    frame = frame.assign(order=order).sort_values(
        ["order", "listeners"], ascending=[True, False], kind="stable"
    )
    return frame[COLUMNS].head(k).reset_index(drop=True)


def _match(row: dict[str, object], text: str, key: str) -> str:
    if row["name"] == text:
        return "exact"
    return "same letters" if row["nameKey"] == key else "part"


def _near(store: GraphStore, key: str, k: int) -> list[tuple[object, ...]]:
    """What is called nearly so; reads all names."""
    found: list[tuple[object, ...]] = []
    for kind, label, popularity in (("artist", "Artist", "listeners"), ("tag", "Tag", "artists")):
        rows = store.values(
            f"MATCH (n:{label}) RETURN n.nameKey, n.id, n.name, n.{popularity} ORDER BY n.id"
        )
        named = {row[0]: row for row in rows if row[0]}
        near = nearest(key, named, k)
        found += [(kind, *named[each][1:3], "near", named[each][3]) for each in near]
    return found
