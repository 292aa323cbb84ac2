"""What the graph should hold after a load: the source, and what follows from it.

Kept apart from writing, so that it can be computed, compared and tested without a database.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pandas as pd

from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
    Id,
)
from tastegraph.graph.names import name_key
from tastegraph.graph.popularity_bands import BANDS, bands_of

# Relationships that come from files; the others are counted from these.
_FROM_SOURCE = ("LISTENED", "FRIEND", "TAGGED", "FEATURES")

Nodes = dict[Id, tuple[Any, ...]]
Relations = dict[tuple[Id, Id], tuple[Any, ...]]


@dataclass
class GraphContent:
    """Nodes by label and relationships by type, each with its properties in schema order."""

    nodes: dict[str, Nodes] = field(default_factory=lambda: defaultdict(dict))
    relations: dict[str, Relations] = field(default_factory=lambda: defaultdict(dict))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not any(self.nodes.values()) and not any(self.relations.values())


def target_content(
    existing: GraphContent, frames: GraphFrames, replace: bool, add: bool = False
) -> GraphContent:
    """The content of the graph once ``frames`` are loaded into ``existing``.

    Ids are of one kind on both sides (``tastegraph.loaders.kinds``). With ``replace`` only the source counts.
    Otherwise what it says nothing of stays: users, artists and relationships that it does not
    name, names and addresses that it leaves out. Plays of a pair that both have are the source's,
    or with ``add`` the sum; tags are those of both.
    """
    target = _source_content(frames)
    if not replace:
        source, target.nodes = target.nodes, defaultdict(dict)
        for label in (*existing.nodes, *source):
            target.nodes[label] = existing.nodes[label] | source[label]
        target.nodes["Artist"] |= _described(existing, source["Artist"], frames.named)
        for type_ in _FROM_SOURCE:
            target.relations[type_] = _together(
                type_, existing.relations[type_], target.relations[type_], add
            )
    _derive(target)
    return target


def _described(existing: GraphContent, source: Nodes, named: bool) -> Nodes:
    """Artists of the source that the graph has, with what either says of them."""
    described: Nodes = {}
    for id_, (name, raw, key, *addresses) in source.items():
        if (old := existing.nodes["Artist"].get(id_)) is not None:
            names = (name, raw, key) if named or old[0] is None else old[:3]
            kept = [new or was for new, was in zip(addresses, old[3:5], strict=True)]
            described[id_] = (*names, *kept)
    return described


def _together(type_: str, old: Relations, new: Relations, add: bool) -> Relations:
    """Relationships of the graph and of the source."""
    if type_ == "FRIEND":
        return old | {pair: () for pair in new if pair[::-1] not in old}
    if type_ == "LISTENED" and add:
        sums = {pair: (old[pair][0] + plays,) for pair, (plays,) in new.items() if pair in old}
        return old | new | sums
    if type_ == "TAGGED":
        return old | {pair: _union(old.get(pair), given) for pair, given in new.items()}
    return old | new


def _union(old: tuple[Any, ...] | None, new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Tags of both with their dates, of which one that is given goes before one that is not."""
    if old is None:
        return new
    dates = dict(zip(*old, strict=True))
    for tag, date in zip(*new, strict=True):
        dates[tag] = date or dates.get(tag, "")
    if dates == dict(zip(*old, strict=True)):
        return old
    tags = sorted(dates)
    return tags, [dates[tag] for tag in tags]


def without_user(existing: GraphContent, user: Id) -> GraphContent:
    """The content of the graph without ``user`` and all that is theirs."""
    target = GraphContent()
    for label, nodes in existing.nodes.items():
        target.nodes[label] = dict(nodes)
    target.nodes["User"].pop(user, None)
    target.relations["FEATURES"] = dict(existing.relations["FEATURES"])
    for type_ in ("LISTENED", "FRIEND", "TAGGED"):
        # Only people are at the start, and only friends are people at the end.
        target.relations[type_] = {
            pair: values
            for pair, values in existing.relations[type_].items()
            if pair[0] != user and not (type_ == "FRIEND" and pair[1] == user)
        }
    _derive(target)
    return target


def _source_content(frames: GraphFrames) -> GraphContent:
    content = GraphContent()
    content.nodes["User"] = {user: () for (user,) in _rows(frames.users, USER)}
    content.nodes["Artist"] = {
        id_: (name, raw, name_key(name), url, picture)
        for id_, name, raw, url, picture in _rows(
            frames.artists, ARTIST, NAME, RAW_NAME, URL, PICTURE_URL
        )
    }
    content.nodes["Tag"] = {
        id_: (name, name_key(name)) for id_, name in _rows(frames.tags, TAG, NAME)
    }
    content.relations["LISTENED"] = {
        (user, artist): (plays,)
        for user, artist, plays in _rows(frames.listens, USER, ARTIST, PLAYS)
    }
    content.relations["FRIEND"] = dict.fromkeys(_rows(frames.friendships, USER, FRIEND), ())
    content.relations["TAGGED"] = _tagged(frames.taggings)
    content.relations["FEATURES"] = dict.fromkeys(frames.features, ())
    return content


def _tagged(taggings: pd.DataFrame) -> Relations:
    """The assignments of each pair as two lists."""
    together = taggings.sort_values([USER, ARTIST], kind="stable")
    users, artists, tags, dates = (together[name].tolist() for name in (USER, ARTIST, TAG, DATE))
    pairs = list(zip(users, artists, strict=True))
    starts = [at for at, pair in enumerate(pairs) if at == 0 or pair != pairs[at - 1]]
    return {
        pairs[start]: (tags[start:end], dates[start:end])
        for start, end in pairwise([*starts, len(pairs)])
    }


def _rows(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Rows as tuples of plain Python values, nulls as None."""
    lists = []
    for column in columns:
        values = frame[column]
        lists.append(values.astype(object).where(values.notna(), None).tolist())
    return zip(*lists, strict=True)


def _derive(content: GraphContent) -> None:
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
    for (_, artist), (count,) in content.relations["LISTENED"].items():
        listeners[artist] += 1
        plays[artist] += count
    in_order = sorted(content.nodes["Artist"])
    placed = bands_of([listeners[artist] for artist in in_order]).tolist()
    band = dict(zip(in_order, (BANDS[place] for place in placed), strict=True))
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
