"""What follows from listens and tag assignments: counts, bands, HAS_TAG, USES_TAG, idf."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.columns import Column, Lists
from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import Id
from tastegraph.graph.popularity_bands import BANDS, bands_of
from tastegraph.graph.relations import Keys, Relations, keys_of
from tastegraph.graph.schema import ARTIST, HAS_TAG, USES_TAG, RelationKind

# Where an artist's properties have what is derived; the ones before come from files.
_LISTENERS, _PLAYS, _TAG_NORM = map(ARTIST.properties.index, ("listeners", "plays", "tagNorm"))

Numbers = NDArray[np.int64] | NDArray[np.float64]


def derive(content: GraphContent) -> None:
    """Set what follows from listens and tag assignments: counts, bands, HAS_TAG,
    USES_TAG, idf.
    """
    tagged = content.relations["TAGGED"]
    tags = tagged.columns[0]
    assert isinstance(tags, Lists)
    for kind, ids in ((HAS_TAG, tagged.ends), (USES_TAG, tagged.starts)):
        keys = keys_of(ids[tags.owners], tags.flat.values)
        content.relations[kind.type] = _tallied(content, kind, keys)
    norms = _derive_tags(content)
    _derive_artists(content, *_counted(content, content.relations["LISTENED"]), norms)


def derive_from_listens(content: GraphContent, before: GraphContent) -> None:
    """Set what follows from listens where nothing else has changed.

    ``before`` and ``content`` hold all users and artists, and the listens of the same users;
    nothing else is looked at. Norms of artists stay as they were: more artists change the idf of
    every tag, in the store itself (``write_difference``).
    """
    known = before.nodes["Artist"]
    norms = {id_: artist[_TAG_NORM] or 0.0 for id_, artist in known.items()}
    was = _counted(content, before.relations["LISTENED"])
    now = _counted(content, content.relations["LISTENED"])
    listeners, plays = (after - earlier for after, earlier in zip(now, was, strict=True))
    at = content.numbers["Artist"].codes(list(known))
    listeners[at] += [artist[_LISTENERS] or 0 for artist in known.values()]
    plays[at] += [artist[_PLAYS] or 0 for artist in known.values()]
    _derive_artists(content, listeners, plays, norms)


def _tallied(content: GraphContent, kind: RelationKind, keys: Keys) -> Relations:
    """One relationship for each of ``keys``, with how often it is there."""
    distinct, counts = np.unique(keys, return_counts=True)
    return content.of_keys(kind, distinct, Column(counts.astype(np.int64)))[0]


def _derive_tags(content: GraphContent) -> dict[Id, float]:
    """Set artists and idf of every tag; gives the norms of the artists that have any."""
    has_tag = content.relations["HAS_TAG"]
    artist, tag = has_tag.starts, has_tag.ends
    names = content.numbers["Tag"]
    codes = names.codes(list(content.nodes["Tag"])).tolist()
    artists = np.bincount(tag, minlength=len(names))
    total = len(content.nodes["Artist"])
    idf = [math.log(total / count) if count else 0.0 for count in artists.tolist()]
    content.nodes["Tag"] = {
        id_: (*properties[:2], int(artists[code]), idf[code])
        for code, (id_, properties) in zip(codes, content.nodes["Tag"].items(), strict=True)
    }
    # In the order of ids: sums of floating point depend on it, and a graph is loaded again.
    in_order = np.lexsort((names.ranks[tag], artist))
    weights = [*map(math.log1p, _numbers(has_tag).tolist())]
    squares = [(weights[at] * idf[tag[at]]) ** 2 for at in in_order.tolist()]
    sums = np.bincount(artist[in_order], squares, minlength=len(content.numbers["Artist"]))
    with_tags = np.unique(artist)
    norms = map(math.sqrt, sums[with_tags].tolist())
    return dict(zip(content.numbers["Artist"].of(with_tags), norms, strict=True))


def _counted(content: GraphContent, listened: Relations) -> tuple[Numbers, Numbers]:
    """Listeners and plays of each artist, by its number."""
    artists = content.numbers["Artist"]
    artists.codes(list(content.nodes["Artist"]))
    ends, plays = listened.ends, _numbers(listened)
    # Floating point is exact for whole numbers far beyond all plays that there are.
    total = np.bincount(ends, plays.astype(np.float64), minlength=len(artists))
    if plays.dtype != object:
        total = total.astype(np.int64)
    return np.bincount(ends, minlength=len(artists)), total


def _numbers(relations: Relations) -> NDArray[Any]:
    column = relations.columns[0]
    assert isinstance(column, Column)
    return column.values


def _derive_artists(
    content: GraphContent, listeners: Numbers, plays: Numbers, norms: Mapping[Id, float]
) -> None:
    in_order = sorted(content.nodes["Artist"])
    at = content.numbers["Artist"].codes(in_order)
    heard = listeners[at].tolist()
    band = dict(zip(in_order, (BANDS[place] for place in bands_of(heard).tolist()), strict=True))
    counts = dict(zip(in_order, zip(heard, plays[at].tolist(), strict=True), strict=True))
    content.nodes["Artist"] = {
        artist: (*properties[:_LISTENERS], *counts[artist], norms.get(artist, 0.0), band[artist])
        for artist, properties in content.nodes["Artist"].items()
    }
