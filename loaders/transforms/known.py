"""What a graph knows before a load: who and what its rows may speak of beside their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore

MUSICBRAINZ_ID = "musicbrainzId"
"""The property of an artist."""

_MUSICBRAINZ = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Known:
    """Ids that are in the graph: users, artists with name and listeners, tags with their name.

    ``decided`` is what a person has said of names: the artist's id, or "" for a new artist.
    ``musicbrainz`` has the artist of a MusicBrainz id, which is a property of it or its very id.
    """

    users: frozenset[Id] = frozenset()
    artists: Mapping[Id, tuple[str, int]] = field(default_factory=dict)
    tags: Mapping[Id, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)
    musicbrainz: Mapping[str, Id] = field(default_factory=dict)


NOTHING = Known()


def known_in(store: GraphStore) -> Known:
    """All that the graph of ``store`` knows; nothing where it is empty."""
    artists = store.values(
        "MATCH (n:Artist) RETURN n.id, n.name, coalesce(n.listeners, 0), n[$name] ORDER BY n.id",
        {"name": MUSICBRAINZ_ID},
    )
    return Known(
        frozenset(row[0] for row in store.values("MATCH (n:User) RETURN n.id")),
        {id_: (name or str(id_), listeners) for id_, name, listeners, _ in artists},
        {
            row[0]: row[1] or str(row[0])
            for row in store.values("MATCH (n:Tag) RETURN n.id, n.name")
        },
        musicbrainz={
            str(mbid or id_): id_
            for id_, _, _, mbid in reversed(artists)
            if mbid or is_musicbrainz_id(id_)
        },
    )


def is_musicbrainz_id(written: object) -> bool:
    """Whether ``written`` is text in the form of MusicBrainz ids."""
    return isinstance(written, str) and _MUSICBRAINZ.fullmatch(written) is not None


def are_text(ids: Mapping[Id, object] | frozenset[Id]) -> bool:
    """Whether ids are text, as all of a kind in a graph are or are not; no ids are none."""
    return isinstance(next(iter(ids), 0), str)
