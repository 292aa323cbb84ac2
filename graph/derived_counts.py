"""What follows from listens and tag assignments: counts, bands, HAS_TAG, USES_TAG, idf."""

import math
from collections import Counter, defaultdict

from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import Id
from tastegraph.graph.popularity_bands import BANDS, bands_of


def derive(content: GraphContent) -> None:
    """Set what follows from listens and tag assignments: counts, bands, HAS_TAG,
    USES_TAG, idf.
    """
    given = content.relations["TAGGED"].items()
    has_tag = Counter((artist, tag) for (_, artist), (tags, _) in given for tag in tags)
    uses_tag = Counter((user, tag) for (user, _), (tags, _) in given for tag in tags)
    content.relations["HAS_TAG"] = {pair: (count,) for pair, count in sorted(has_tag.items())}
    content.relations["USES_TAG"] = {pair: (count,) for pair, count in sorted(uses_tag.items())}
    tags_of = _derive_tags(content, has_tag)
    _derive_artists(content, tags_of)


def _derive_tags(content: GraphContent, has_tag: Counter[tuple[Id, Id]]) -> dict[Id, float]:
    """Set artists and idf of every tag; gives each artist's squared tag norm."""
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
    return squared


def _derive_artists(content: GraphContent, squared_norms: dict[Id, float]) -> None:
    listeners: Counter[Id] = Counter()
    plays: Counter[Id] = Counter()
    for (_, artist), (count, *_) in content.relations["LISTENED"].items():
        listeners[artist] += 1
        plays[artist] += count
    in_order = sorted(content.nodes["Artist"])
    bands = bands_of([listeners[artist] for artist in in_order]).tolist()
    band = dict(zip(in_order, (BANDS[place] for place in bands), strict=True))
    content.nodes["Artist"] = {
        artist: (
            *properties[:5],
            listeners[artist],
            plays[artist],
            math.sqrt(squared_norms.get(artist, 0.0)),
            band[artist],
        )
        for artist, properties in content.nodes["Artist"].items()
    }
