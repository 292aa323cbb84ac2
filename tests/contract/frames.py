"""Small sources written by hand."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tastegraph.graph.frames import (
    ARTISTS,
    FRIENDSHIPS,
    LISTENS,
    TAGGINGS,
    TAGS,
    USERS,
    GraphFrames,
    Id,
)


def frames(
    users: Sequence[Id] = (),
    artists: Sequence[tuple[Id, str]] = (),
    tags: Sequence[tuple[Id, str]] = (),
    listens: Sequence[tuple[Id, Id, int]] = (),
    *,
    friendships: Sequence[tuple[Id, Id]] = (),
    taggings: Sequence[tuple[Id, Id, Id, str]] = (),
) -> GraphFrames:
    """Frames from rows, which must be sorted; artists have no more than a name."""
    return GraphFrames(
        users=_frame([(user,) for user in users], USERS),
        artists=_frame([(id_, name, None, None, None) for id_, name in artists], ARTISTS),
        tags=_frame(tags, TAGS),
        listens=_frame(listens, LISTENS),
        friendships=_frame(friendships, FRIENDSHIPS),
        taggings=_frame(taggings, TAGGINGS),
        report=[],
    )


def _frame(rows: Sequence[tuple[Any, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))
