"""Artists that a person never wants to be recommended: (:User)-[:HIDES]->(:Artist)."""

from collections.abc import Iterable

from tastegraph.graph.frames import Id
from tastegraph.graph.schema import HIDES
from tastegraph.graph.store.graph_store import GraphStore

_HIDE = "MATCH (u:User {id: $user}) MATCH (a:Artist {id: $artist}) MERGE (u)-[:HIDES]->(a)"
_HIDE_ALL = (
    "UNWIND $rows AS row MATCH (u:User {id: row[0]}) MATCH (a:Artist {id: row[1]}) "
    "MERGE (u)-[:HIDES]->(a)"
)
_UNHIDE = "MATCH (:User {id: $user})-[h:HIDES]->(:Artist {id: $artist}) DELETE h"


def hide(store: GraphStore, user: Id, artist: Id) -> bool:
    """Hide ``artist`` from ``user``; gives whether it was not hidden before."""
    return not _change(store, "hide", _HIDE, user, artist)


def unhide(store: GraphStore, user: Id, artist: Id) -> bool:
    """Let ``artist`` be recommended to ``user`` again; gives whether it was hidden."""
    return _change(store, "unhide", _UNHIDE, user, artist)


def all_hidden(store: GraphStore) -> list[tuple[Id, Id]]:
    """Every user and artist that is hidden from them, in order."""
    pairs = {(user, artist) for user, artist in store.read_all(HIDES)}
    return sorted(pairs, key=lambda pair: [(isinstance(id_, str), id_) for id_ in pair])


def hide_all(store: GraphStore, pairs: Iterable[tuple[Id, Id]]) -> int:
    """Hide the artist of each pair from its user; gives how many were not hidden before."""
    before = set(all_hidden(store))
    new = [pair for pair in pairs if pair not in before]
    if new:
        store.write(_HIDE_ALL, {"rows": [list(pair) for pair in new]})
    return len(new)


def is_hidden(store: GraphStore, user: Id, artist: Id) -> bool:
    """Whether ``user`` has hidden ``artist``."""
    found = store.values(
        "MATCH (:User {id: $user})-[h:HIDES]->(:Artist {id: $artist}) RETURN count(h)",
        {"user": user, "artist": artist},
    )
    return bool(found[0][0])


def _change(store: GraphStore, purpose: str, cypher: str, user: Id, artist: Id) -> bool:
    """Whether it was hidden before the change."""

    def change(transaction: GraphStore) -> bool:
        before = is_hidden(transaction, user, artist)
        transaction.write(cypher, {"user": user, "artist": artist})
        return before

    with store.writing(purpose) as writer:
        return writer.transact(change)
