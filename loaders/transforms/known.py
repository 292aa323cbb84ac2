"""What a graph knows before a load: who and what its rows may speak of beside their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore

MUSICBRAINZ_ID = "musicbrainzId"
"""The property of an artist."""

_MUSICBRAINZ_IDS = "MATCH (n:Artist) WHERE n[$name] IS NOT NULL RETURN n.id, n[$name]"
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
    artists = sorted(store.read_nodes("Artist", "id", "name", "listeners"))
    given = dict(store.values(_MUSICBRAINZ_IDS, {"name": MUSICBRAINZ_ID}))
    return Known(
        frozenset(id_ for (id_,) in store.read_nodes("User", "id")),
        {id_: (name or str(id_), listeners or 0) for id_, name, listeners in artists},
        {id_: name or str(id_) for id_, name in sorted(store.read_nodes("Tag", "id", "name"))},
        musicbrainz={
            str(given.get(id_) or id_): id_
            for id_, _, _ in reversed(artists)
            if given.get(id_) or is_musicbrainz_id(id_)
        },
    )


def is_musicbrainz_id(written: object) -> bool:
    """Whether ``written`` is text in the form of MusicBrainz ids."""
    return isinstance(written, str) and _MUSICBRAINZ.fullmatch(written) is not None


def are_text(ids: Mapping[Id, object] | frozenset[Id]) -> bool:
    """Whether ids are text, as all of a kind in a graph are or are not; no ids are none."""
    return isinstance(next(iter(ids), 0), str)
