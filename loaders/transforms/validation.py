"""From parsed rows to valid frames: known ids only, no key twice, everything counted."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    ARTISTS,
    DATE,
    FIRST_HEARD,
    FRIEND,
    FRIENDSHIPS,
    HEARD,
    LAST_HEARD,
    LISTENS,
    NAME,
    PLAYS,
    TAG,
    TAGGINGS,
    TAGS,
    USER,
    USERS,
    GraphFrames,
    Id,
    ReportRow,
    come_after,
)
from tastegraph.graph.moments import moments
from tastegraph.loaders.files.cells import id_type, is_whole
from tastegraph.loaders.files.table import ROWS, Table
from tastegraph.loaders.transforms.kept_apart import kept_apart_note
from tastegraph.loaders.transforms.known import NOTHING, Known, are_text
from tastegraph.loaders.transforms.tally import Tally


@dataclass(frozen=True)
class Parsed:
    """One source with every cell read, but nothing checked against anything else.

    Columns are those of ``GraphFrames``, each frame indexed by the place of its rows.
    ``friendships`` may hold both directions; ``users`` may name a user many times. An id is "" in
    a row that lacks it. Listens may have first_heard and last_heard as well, seconds since 1970 or
    NaN, and ROWS where a row stands for several. Where ``named`` is False, names are what to call
    unknown artists. Those of user, artist and tag that are in ``text_ids`` have ids of text,
    whatever these look like.
    """

    users: Table
    artists: Table
    tags: Table
    listens: Table
    friendships: Table
    taggings: Table
    named: bool = True
    text_ids: frozenset[str] = frozenset()


def build(parsed: Parsed, notes: list[str], known: Known = NOTHING) -> GraphFrames:
    """Return the valid frames of a source and the report on what became of its rows.

    Rows may speak of what the graph has (``known``). InputError where two rows give one artist or
    tag different content.
    """
    users = parsed.users.frame.drop_duplicates()
    users = users[users[USER] != ""]
    artists, artist_row = _nodes(parsed.artists, ARTIST, "artists")
    tags, tag_row = _nodes(parsed.tags, TAG, "tags")
    kinds = _Kinds(parsed, known)
    listens, listen_row = _listens(parsed.listens, kinds)
    friendships, friendship_row = _friendships(parsed.friendships, kinds)
    taggings, tagging_row = _taggings(parsed.taggings, kinds)
    user_row = Tally("users", len(users)).row(len(users))
    apart = kept_apart_note("users", _texts(users[USER]), filter(_is_text, known.users))
    apart += kept_apart_note("tags", _texts(tags[NAME]), known.tags.values())
    return GraphFrames(
        users=_sorted(kinds.typed(users), USERS, USERS),
        artists=_sorted(kinds.typed(artists), [ARTIST], ARTISTS),
        tags=_sorted(kinds.typed(tags), [TAG], TAGS),
        listens=listens,
        friendships=friendships,
        taggings=taggings,
        report=[user_row, artist_row, tag_row, listen_row, friendship_row, tagging_row],
        notes=[*notes, *apart],
        named=parsed.named,
        matches=parsed.artists.matches,
    )


def _is_text(id_: object) -> TypeGuard[str]:
    return isinstance(id_, str)


def _texts(ids: Iterable[object]) -> list[str]:
    """Those of ``ids`` that can be written in several ways."""
    return list(filter(_is_text, ids))


class _Kinds:
    """The ids that exist, what their column is called in reasons, and their type."""

    def __init__(self, parsed: Parsed, known: Known) -> None:
        users, artists, tags = parsed.users, parsed.artists, parsed.tags
        self._known = {
            USER: (_both(users.frame[USER], known.users), _lacking("user", users, known.users)),
            FRIEND: (_both(users.frame[USER], known.users), _lacking("friend", users, known.users)),
            ARTIST: (
                _both(artists.frame[ARTIST], known.artists),
                _lacking("artist", artists, known.artists),
            ),
            TAG: (_both(tags.frame[TAG], known.tags), _lacking("tag", tags, known.tags)),
        }
        of_text = {USER: are_text(known.users), ARTIST: are_text(known.artists)}
        of_text |= dict.fromkeys(parsed.text_ids, True)
        user_type = object if of_text[USER] else id_type(users.frame[USER])
        artist_type = object if of_text[ARTIST] else id_type(artists.frame[ARTIST])
        self._types = {USER: user_type, FRIEND: user_type, ARTIST: artist_type}
        if known.tags and not are_text(known.tags) and TAG not in of_text:
            self._types[TAG] = id_type(tags.frame[TAG])

    def only_known(self, frame: pd.DataFrame, tally: Tally) -> pd.DataFrame:
        """Return the rows of which every id exists, its ids in their final type."""
        for column, (ids, reason) in self._known.items():
            if column in frame:
                missing = frame[column] == ""
                tally.drop(f"{column} is missing", _count(frame[missing]))
                known = frame[column].isin(ids) & ~missing
                tally.drop(reason, _count(frame[~known & ~missing]))
                frame = frame[known]
        return self.typed(frame)

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with its ids in their final type."""
        return frame.astype({key: kind for key, kind in self._types.items() if key in frame})


def _both(ids: "pd.Series[str] | pd.Series[int]", known: Iterable[Id]) -> list[Id]:
    """All of ``ids``, and of those that are ``known`` what their kind can be."""
    own: list[Id] = list(ids.drop_duplicates())
    if pd.api.types.is_integer_dtype(ids.dtype):
        return [*own, *(int(id_) for id_ in known if is_whole(str(id_)))]
    return [*own, *map(str, known)]


def _lacking(what: str, table: Table, known: Sized) -> str:
    return f"{what} not in {table.name}" + (" nor in the graph" if len(known) else "")


def _nodes(table: Table, key: str, kind: str) -> tuple[pd.DataFrame, ReportRow]:
    tally = Tally(kind, len(table.frame) + sum(table.folded.values()))
    named = table.frame[table.frame[key] != ""]
    tally.drop(f"{key} is missing", len(table.frame) - len(named))
    distinct = named.drop_duplicates()
    again = distinct.duplicated(key)
    if again.any():
        raise _conflict(table, distinct, key, int(distinct.index[again][0]))
    tally.fold("the same row again", len(named) - len(distinct))
    for reason, count in table.folded.items():
        tally.fold(reason, count)
    return distinct, tally.row(len(distinct))


def _conflict(table: Table, distinct: pd.DataFrame, key: str, second: int) -> InputError:
    now = distinct.loc[second].to_dict()
    first = int(distinct.index[distinct[key] == now[key]][0])
    was = distinct.loc[first].to_dict()
    differs = next(column for column in [NAME, *distinct.columns] if was[column] != now[column])
    return table.error(
        second,
        f"{key} {now[key]} is there a second time with another {differs}: "
        f'"{now[differs]}", but "{was[differs]}" in {table.unit} {first}',
    )


def _listens(table: Table, kinds: _Kinds) -> tuple[pd.DataFrame, ReportRow]:
    before = sum(table.folded.values()) + sum(table.dropped.values())
    tally = Tally("listens", _count(table.frame) + before)
    for reason, count in table.dropped.items():
        tally.drop(reason, count)
    rows = kinds.only_known(table.frame, tally)
    heard = rows[rows[PLAYS] > 0]
    tally.drop("0 plays", _count(rows) - _count(heard))
    summed = _summed(heard)
    tally.fold("the same user and artist again, plays summed", _count(heard) - len(summed))
    for reason, count in table.folded.items():
        tally.fold(reason, count)
    columns = [*LISTENS, *(name for name in HEARD if name in summed)]
    return _sorted(summed, [USER, ARTIST], columns), tally.row(len(summed))


def _count(frame: pd.DataFrame) -> int:
    return int(frame[ROWS].sum()) if ROWS in frame else len(frame)


def _summed(heard: pd.DataFrame) -> pd.DataFrame:
    """One row a pair: its plays, and between which times where any of these is known."""
    how = {PLAYS: "sum", FIRST_HEARD: "min", LAST_HEARD: "max"}
    there = {name: each for name, each in how.items() if name in heard}
    summed = heard.groupby([USER, ARTIST], as_index=False).agg(there)
    times = [name for name in HEARD if name in there]
    if not times or summed[times].isna().all(axis=None):
        return summed[list(LISTENS)]
    for name in times:
        texts = moments(summed[name].to_numpy(dtype=np.float64))
        summed[name] = pd.Series(texts, index=summed.index, dtype=object)
    return summed


def _friendships(table: Table, kinds: _Kinds) -> tuple[pd.DataFrame, ReportRow]:
    tally = Tally("friendships", len(table.frame))
    rows = kinds.only_known(table.frame, tally)
    others = rows[rows[USER] != rows[FRIEND]]
    tally.drop("a user as their own friend", len(rows) - len(others))
    directed = others.drop_duplicates()
    tally.fold("the same row again", len(others) - len(directed))
    swap = come_after(directed[USER], directed[FRIEND]).to_numpy(dtype=bool)
    ordered = directed.assign(
        user=np.where(swap, directed[FRIEND], directed[USER]),
        friend=np.where(swap, directed[USER], directed[FRIEND]),
    )
    friendships = ordered.drop_duplicates()
    tally.fold("both directions are one friendship", len(directed) - len(friendships))
    return _sorted(kinds.typed(friendships), FRIENDSHIPS, FRIENDSHIPS), tally.row(len(friendships))


def _taggings(table: Table, kinds: _Kinds) -> tuple[pd.DataFrame, ReportRow]:
    tally = Tally("tag_assignments", len(table.frame))
    rows = kinds.only_known(table.frame, tally)
    taggings = rows.drop_duplicates([USER, ARTIST, TAG])
    tally.fold("the same user, artist and tag again, first kept", len(rows) - len(taggings))
    in_order = _sorted(taggings, [USER, ARTIST, TAG], TAGGINGS)
    return in_order.astype({DATE: object}), tally.row(len(taggings))


def _sorted(frame: pd.DataFrame, keys: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    return frame.sort_values(list(keys), kind="stable")[list(columns)].reset_index(drop=True)
