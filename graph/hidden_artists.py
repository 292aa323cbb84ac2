"""Artists that a person never wants to be recommended: (:User)-[:HIDES]->(:Artist)."""

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore


def hide(store: GraphStore, user: Id, artist: Id) -> bool:
    """Hide ``artist`` from ``user``; gives whether it was not hidden before."""
    before = is_hidden(store, user, artist)
    store.write(
        "MATCH (u:User {id: $user}) MATCH (a:Artist {id: $artist}) MERGE (u)-[:HIDES]->(a)",
        {"user": user, "artist": artist},
    )
    return not before


def unhide(store: GraphStore, user: Id, artist: Id) -> bool:
    """Let ``artist`` be recommended to ``user`` again; gives whether it was hidden."""
    before = is_hidden(store, user, artist)
    store.write(
        "MATCH (:User {id: $user})-[h:HIDES]->(:Artist {id: $artist}) DELETE h",
        {"user": user, "artist": artist},
    )
    return before


def is_hidden(store: GraphStore, user: Id, artist: Id) -> bool:
    """Whether ``user`` has hidden ``artist``."""
    found = store.values(
        "MATCH (:User {id: $user})-[h:HIDES]->(:Artist {id: $artist}) RETURN count(h)",
        {"user": user, "artist": artist},
    )
    return bool(found[0][0])
