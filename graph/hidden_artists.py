"""Artists that a person never wants to be recommended: (:User)-[:HIDES]->(:Artist)."""

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore

_HIDE = "MATCH (u:User {id: $user}) MATCH (a:Artist {id: $artist}) MERGE (u)-[:HIDES]->(a)"
_UNHIDE = "MATCH (:User {id: $user})-[h:HIDES]->(:Artist {id: $artist}) DELETE h"


def hide(store: GraphStore, user: Id, artist: Id) -> bool:
    """Hide ``artist`` from ``user``; gives whether it was not hidden before."""
    return not _change(store, "hide", _HIDE, user, artist)


def unhide(store: GraphStore, user: Id, artist: Id) -> bool:
    """Let ``artist`` be recommended to ``user`` again; gives whether it was hidden."""
    return _change(store, "unhide", _UNHIDE, user, artist)


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
