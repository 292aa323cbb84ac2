"""A cheap mark of what the graph holds, to see whether a model is older than its data."""

import hashlib
import json
from typing import Any

from tastegraph.graph.content import GraphContent
from tastegraph.graph.schema import ARTIST, TAG
from tastegraph.graph.store.graph_store import GraphStore

# Each is cheap where it is slowest: in an embedded database that has just been opened. Tags are
# counted by what their nodes say, since counting HAS_TAG itself takes as long as a recommendation.
_SEEN = (
    "MATCH (u:User) RETURN count(u)",
    "MATCH (:User)-[r:LISTENED]->() RETURN count(r)",
    "MATCH (:User)-[r:FRIEND]->(:User) RETURN count(r)",
    "MATCH (a:Artist) RETURN count(a), sum(a.plays), sum(a.listeners)",
    "MATCH (t:Tag) RETURN count(t), sum(t.artists)",
)


def fingerprint(store: GraphStore) -> str:
    """Mark of the data now in the graph.

    It changes with every load that changes a number of nodes, listens, friendships or tagged
    artists, or the sum of plays; by hand, only with the number of nodes, listens and
    friendships. It can't see a friendship exchanged for another, or plays and tags that were
    changed by hand.
    """
    return _mark([store.values(question)[0] for question in _SEEN])


def fingerprint_of(content: GraphContent) -> str:
    """The mark of a graph that holds ``content``, which is whole."""
    artists, tags = content.nodes["Artist"].values(), content.nodes["Tag"].values()
    plays, listeners = (
        sum(artist[ARTIST.properties.index(name)] for artist in artists)
        for name in ("plays", "listeners")
    )
    carried = sum(tag[TAG.properties.index("artists")] for tag in tags)
    relations = [len(content.relations[type_]) for type_ in ("LISTENED", "FRIEND")]
    counted = [[len(content.nodes["User"])], *([count] for count in relations)]
    return _mark([*counted, [len(artists), plays, listeners], [len(tags), carried]])


def _mark(seen: list[list[Any]]) -> str:
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]
