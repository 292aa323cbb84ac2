"""What the graph should hold after a load: the source, and what follows from it.

Kept apart from writing, so that it can be computed, compared and tested without a database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tastegraph.graph.columns import NONE, Column, Lists, Places
from tastegraph.graph.content import FROM_SOURCE, TEXTS, GraphContent, Nodes
from tastegraph.graph.derived_counts import derive, derive_from_listens
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    HEARD,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.graph.names import name_key
from tastegraph.graph.relations import Relations, keys_of
from tastegraph.graph.schema import FEATURES, LISTENED, TAGGED
from tastegraph.graph.schema import FRIEND as FRIENDSHIP


def target_content(
    existing: GraphContent, frames: GraphFrames, replace: bool, add: bool = False
) -> GraphContent:
    """The content of the graph once ``frames`` are loaded into ``existing``.

    Ids are of one kind on both sides (``ingest/id_kinds.py``). With ``replace`` only the source
    counts. Otherwise what it says nothing of stays: users, artists and relationships that it does
    not name, names and addresses that it leaves out. Plays of a pair that both have are the
    source's, or with ``add`` the sum; tags are those of both. Of an ``existing`` that is not whole
    the target has as much. Both have the same ``numbers``.
    """
    target = _source_content(frames, existing)
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
        return old.updated(new.take(old.places_of(keys_of(new.ends, new.starts)) == NONE))
    both = old.places_of(new.codes)
    if type_ == "LISTENED":
        return old.updated(_heard_again(old, new, both, add))
    if type_ == "TAGGED":
        return _tags_of_both(old, new, both)
    return old.updated(new)


def _heard_again(old: Relations, new: Relations, both: Places, add: bool) -> Relations:
    """Listens of the source, of which the graph has those at ``both``: first heard at the earlier
    time and last at the later one, of those that are known.
    """
    again = np.flatnonzero(both != NONE)
    if not len(again):
        return new
    columns = [column for column in new.columns if isinstance(column, Column)]
    was = [column for column in old.take(both[again]).columns if isinstance(column, Column)]
    plays = columns[0].values.copy()
    if add:
        plays[again] += was[0].values
    times = [
        _chosen(own, again, before, choose)
        for own, before, choose in zip(columns[1:], was[1:], (min, max), strict=True)
    ]
    return replace(new, columns=(Column(plays), *times))


def _chosen(own: Column, again: Places, was: Column, choose: Callable[[list[str]], str]) -> Column:
    """``own`` with what ``choose`` gives of each time at ``again`` and the one that it ``was``."""
    values = own.values.copy()
    at = np.flatnonzero(values[again] != was.values)
    assert own.names is not None
    pairs = zip(own.names.of(values[again[at]]), was.take(at).tolist(), strict=True)
    values[again[at]] = own.names.codes([choose([*filter(None, pair)]) for pair in pairs])
    return Column(values, own.names)


def _tags_of_both(old: Relations, new: Relations, both: Places) -> Relations:
    again = np.flatnonzero(both != NONE)
    others = new.take(both == NONE)
    changed = again[new.take(again).differs(old.take(both[again]))]
    if not len(changed):
        return old.updated(others)
    was, now = old.take(both[changed]), new.take(changed)
    pairs = zip(*(zip(*_lists(each), strict=True) for each in (was, now)), strict=True)
    unions = [_union(before, after) for before, after in pairs]
    columns = tuple(
        Lists.of(values, column.flat.names)
        for column, values in zip(now.columns, zip(*unions, strict=True), strict=True)
        if isinstance(column, Lists)
    )
    return old.updated(others).updated(replace(now, columns=columns))


def _lists(tagged: Relations) -> list[list[list[Any]]]:
    return [column.tolist() for column in tagged.columns]


def _union(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Tags of both with their dates, of which one that is given goes before one that is not."""
    dates = dict(zip(*old, strict=True))
    for tag, date in zip(*new, strict=True):
        dates[tag] = date or dates.get(tag, "")
    if dates == dict(zip(*old, strict=True)):
        return old
    tags = sorted(dates)
    return tags, [dates[tag] for tag in tags]


def _source_content(frames: GraphFrames, existing: GraphContent) -> GraphContent:
    content = GraphContent(numbers=existing.numbers)
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
    content.relations |= {
        LISTENED.type: _listened(content, frames.listens),
        FRIENDSHIP.type: content.related(
            FRIENDSHIP, frames.friendships[USER], frames.friendships[FRIEND]
        ),
        TAGGED.type: _tagged(content, frames.taggings),
        FEATURES.type: content.related(
            FEATURES, *([*zip(*frames.features, strict=True)] or [(), ()])
        ),
    }
    return content


def _listened(content: GraphContent, listens: pd.DataFrame) -> Relations:
    texts = content.numbers[TEXTS]
    times = [
        Column(
            texts.codes(listens[name])
            if name in listens
            else np.full(len(listens), NONE, dtype=np.int32),
            texts,
        )
        for name in HEARD
    ]
    keys = content.keys(LISTENED, listens[USER], listens[ARTIST])
    return content.of_keys(LISTENED, keys, Column(listens[PLAYS].to_numpy(np.int64)), *times)[0]


def _tagged(content: GraphContent, taggings: pd.DataFrame) -> Relations:
    """The assignments of each pair as two lists."""
    keys = content.keys(TAGGED, taggings[USER], taggings[ARTIST])
    order = np.argsort(keys, kind="stable")
    pairs, lengths = np.unique(keys, return_counts=True)
    columns = (
        Lists.cut(lengths, Column(names.codes(taggings[column])[order], names))
        for column, names in ((TAG, content.numbers["Tag"]), (DATE, content.numbers[TEXTS]))
    )
    return content.of_keys(TAGGED, pairs, *columns)[0]


def _rows(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Rows as tuples of plain Python values, nulls as None."""
    lists = []
    for column in columns:
        values = frame[column]
        lists.append(values.astype(object).where(values.notna(), None).tolist())
    return zip(*lists, strict=True)
