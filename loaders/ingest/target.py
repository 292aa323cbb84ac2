"""What the graph should hold after a load: the source, and what follows from it.

Kept apart from writing, so that it can be computed, compared and tested without a database.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.content import FROM_SOURCE, GraphContent, Relations
from tastegraph.graph.derived_counts import derive
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
)
from tastegraph.graph.names import name_key


def target_content(existing: GraphContent, frames: GraphFrames, replace: bool) -> GraphContent:
    """The content of the graph once ``frames`` are loaded into ``existing``.

    Where both have the same node or relationship, the source's properties win; with
    ``replace`` only the source counts. Raises InputError when ids are whole numbers on one
    side and text on the other, since no order would hold them together.
    """
    target = _source_content(frames)
    if not replace:
        _check_id_types(existing, target)
        for label, nodes in existing.nodes.items():
            target.nodes[label] = nodes | target.nodes[label]
        for type_ in FROM_SOURCE:
            target.relations[type_] = existing.relations[type_] | target.relations[type_]
    derive(target)
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


def _check_id_types(existing: GraphContent, source: GraphContent) -> None:
    for label, nodes in source.nodes.items():
        old, new = next(iter(existing.nodes[label]), None), next(iter(nodes), None)
        if old is not None and new is not None and isinstance(old, str) != isinstance(new, str):
            words = ("text", "whole numbers")
            raise InputError(
                f"the {label.lower()} ids of this source are {words[not isinstance(new, str)]}, "
                f"those in the graph are {words[not isinstance(old, str)]}: load it into another "
                "--store, or with --replace"
            )
