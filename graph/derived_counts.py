"""What follows from listens and tag assignments: counts, bands, HAS_TAG, USES_TAG, idf."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from tastegraph.graph.content import GraphContent, Relations
from tastegraph.graph.frames import Id
from tastegraph.graph.popularity_bands import BANDS, bands_of
from tastegraph.graph.schema import ARTIST

# Where an artist's properties have what is derived; the ones before come from files.
_LISTENERS, _PLAYS, _TAG_NORM = map(ARTIST.properties.index, ("listeners", "plays", "tagNorm"))


def derive(content: GraphContent) -> None:
    """Set what follows from listens and tag assignments: counts, bands, HAS_TAG,
    USES_TAG, idf.
    """
    given = content.relations["TAGGED"].items()
    has_tag = Counter((artist, tag) for (_, artist), (tags, _) in given for tag in tags)
    uses_tag = Counter((user, tag) for (user, _), (tags, _) in given for tag in tags)
    content.relations["HAS_TAG"] = {pair: (count,) for pair, count in sorted(has_tag.items())}
    content.relations["USES_TAG"] = {pair: (count,) for pair, count in sorted(uses_tag.items())}
    norms = _derive_tags(content, has_tag)
    _derive_artists(content, *_counted(content.relations["LISTENED"]), norms)


def derive_from_listens(content: GraphContent, before: GraphContent) -> None:
    """Set what follows from listens where nothing else has changed.

    ``before`` and ``content`` hold all users and artists, the listens of the same users, and tags
    and HAS_TAG where ``content`` has more artists, by which the idf of every tag changes; nothing
    else is looked at.
    """
    known = before.nodes["Artist"]
    norms = {id_: artist[_TAG_NORM] or 0.0 for id_, artist in known.items()}
    if content.nodes["Artist"].keys() - known.keys():
        has_tag = Counter({pair: n for pair, (n,) in content.relations["HAS_TAG"].items()})
        norms = _derive_tags(content, has_tag)
    listeners = Counter({id_: artist[_LISTENERS] or 0 for id_, artist in known.items()})
    plays = Counter({id_: artist[_PLAYS] or 0 for id_, artist in known.items()})
    for totals, was, now in zip(
        (listeners, plays),
        _counted(before.relations["LISTENED"]),
        _counted(content.relations["LISTENED"]),
        strict=True,
    ):
        totals.subtract(was)
        totals.update(now)
    _derive_artists(content, listeners, plays, norms)


def _derive_tags(content: GraphContent, has_tag: Counter[tuple[Id, Id]]) -> dict[Id, float]:
    """Set artists and idf of every tag; gives the norms of the artists that have any."""
    artists: Counter[Id] = Counter(tag for _, tag in has_tag)
    total = len(content.nodes["Artist"])
    idf = {tag: math.log(total / artists[tag]) if artists[tag] else 0.0 for tag in artists}
    content.nodes["Tag"] = {
        tag: (*properties[:2], artists[tag], idf.get(tag, 0.0))
        for tag, properties in content.nodes["Tag"].items()
    }
    squared: dict[Id, float] = defaultdict(float)
    for (artist, tag), count in sorted(has_tag.items()):
        squared[artist] += (math.log1p(count) * idf[tag]) ** 2
    return {artist: math.sqrt(square) for artist, square in squared.items()}


def _counted(listened: Relations) -> tuple[Counter[Id], Counter[Id]]:
    """Listeners and plays of each artist."""
    listeners: Counter[Id] = Counter()
    plays: Counter[Id] = Counter()
    for (_, artist), (count, *_) in listened.items():
        listeners[artist] += 1
        plays[artist] += count
    return listeners, plays


def _derive_artists(
    content: GraphContent, listeners: Counter[Id], plays: Counter[Id], norms: Mapping[Id, float]
) -> None:
    in_order = sorted(content.nodes["Artist"])
    bands = bands_of([listeners[artist] for artist in in_order]).tolist()
    band = dict(zip(in_order, (BANDS[place] for place in bands), strict=True))
    content.nodes["Artist"] = {
        artist: (
            *properties[:_LISTENERS],
            listeners[artist],
            plays[artist],
            norms.get(artist, 0.0),
            band[artist],
        )
        for artist, properties in content.nodes["Artist"].items()
    }
