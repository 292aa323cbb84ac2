"""What the graph should hold after a load: the source, and what follows from it.

Kept apart from writing, so that it can be computed, compared and tested without a database.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pandas as pd

from tastegraph.graph.content import FROM_SOURCE, GraphContent, Nodes, Relations
from tastegraph.graph.derived_counts import derive, derive_from_listens
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    HEARD,
    LISTENS,
    NAME,
    PICTURE_URL,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.graph.names import name_key


def target_content(
    existing: GraphContent, frames: GraphFrames, replace: bool, add: bool = False
) -> GraphContent:
    """The content of the graph once ``frames`` are loaded into ``existing``.

    Ids are of one kind on both sides (``ingest/id_kinds.py``). With ``replace`` only the source
    counts. Otherwise what it says nothing of stays: users, artists and relationships that it does
    not name, names and addresses that it leaves out. Plays of a pair that both have are the
    source's, or with ``add`` the sum; tags are those of both. Of an ``existing`` that is not whole
    the target has as much.
    """
    target = _source_content(frames)
    if not replace:
        source, target.nodes = target.nodes, defaultdict(dict)
        for label in (*existing.nodes, *source):
            target.nodes[label] = existing.nodes[label] | source[label]
        target.nodes["Artist"] |= _described(existing, source["Artist"], frames.named)
        for type_ in FROM_SOURCE:
            target.relations[type_] = _together(
                type_, existing.relations[type_], target.relations[type_], add
            )
    if existing.whole:
        derive(target)
    else:
        target.whole = False
        target.relations["HAS_TAG"] = existing.relations["HAS_TAG"]
        derive_from_listens(target, existing)
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
    if type_ == "LISTENED":
        return old | {pair: _heard_again(old.get(pair), given, add) for pair, given in new.items()}
    if type_ == "TAGGED":
        return old | {pair: _union(old.get(pair), given) for pair, given in new.items()}
    return old | new


def _heard_again(old: tuple[Any, ...] | None, new: tuple[Any, ...], add: bool) -> tuple[Any, ...]:
    """A listen of both: first heard at the earlier time and last at the later one, of those that
    are known.
    """
    if old is None:
        return new
    first, last = (sorted(filter(None, pair)) for pair in zip(old[1:], new[1:], strict=True))
    plays = old[0] + new[0] if add else new[0]
    return plays, *(first[:1] or [None]), *(last[-1:] or [None])


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
    listens = frames.listens.reindex(columns=[*LISTENS, *HEARD])
    content.relations["LISTENED"] = {
        (user, artist): (plays, *heard)
        for user, artist, plays, *heard in _rows(listens, *LISTENS, *HEARD)
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
