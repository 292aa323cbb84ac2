"""The tables that flow from files to the graph and from the graph to models.

Every column is named here once. An id is the data's own: a whole number or a string, one of
the two throughout a kind. Frames that reach the graph are valid: no nulls in ids, no duplicate
keys, every id of a relation present in its node table.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

USER = "user"
ARTIST = "artist"
TAG = "tag"
FRIEND = "friend"
PLAYS = "plays"
NAME = "name"
RAW_NAME = "raw_name"
URL = "url"
PICTURE_URL = "picture_url"
DATE = "date"
FIRST_HEARD = "first_heard"
LAST_HEARD = "last_heard"

USERS = (USER,)
ARTISTS = (ARTIST, NAME, RAW_NAME, URL, PICTURE_URL)
TAGS = (TAG, NAME)
LISTENS = (USER, ARTIST, PLAYS)
HEARD = (FIRST_HEARD, LAST_HEARD)
FRIENDSHIPS = (USER, FRIEND)
TAGGINGS = (USER, ARTIST, TAG, DATE)

Id = int | str


def come_after(ids: pd.Series, others: pd.Series) -> "pd.Series[bool]":
    """Whether each of ``ids`` comes after that of ``others``, in whose order friendships go.

    Text goes by its length first, so that whole numbers keep their order where they become text.
    """
    # A column of objects may hold whole numbers, which have yet to become the graph's text.
    if pd.api.types.infer_dtype(ids, skipna=False) == "integer":
        return ids > others
    one, other = ids.str.len(), others.str.len()
    return (one > other) | ((one == other) & (ids > others))


class OwnProperty(NamedTuple):
    """A property that somebody has put on a node: ``value`` is text, a number, a truth value or
    a list of these.
    """

    label: str
    id: Id
    name: str
    value: Any


@dataclass(frozen=True)
class ReportRow:
    """What became of one kind of row: ``read`` from the source, ``loaded`` into the graph as
    nodes or relationships, ``dropped`` as unusable, and why rows were dropped or folded.
    """

    kind: str
    read: int
    loaded: int
    dropped: int
    reason: str


@dataclass(frozen=True)
class GraphFrames:
    """One source, read and validated, ready for the graph.

    users        user                                      one row a user
    artists      artist, name, raw_name, url, picture_url  the last three may be None; raw_name
                                                           only where the name was repaired
    tags         tag, name                                 one row a tag
    listens      user, artist, plays                       one row a pair; plays a whole number;
                 [first_heard, last_heard]                 where the source has times, as
                                                           "YYYY-MM-DDTHH:MM:SSZ" or None
    friendships  user, friend                              one row a friendship, friend after user
    taggings     user, artist, tag, date                   one row an assignment; date is
                                                           "YYYY-MM-DD" as given, "" if unknown

    All are sorted by their key columns. ``report`` has one row a kind, in the order above,
    named users, artists, tags, listens, friendships, tag_assignments; ``notes`` are sentences
    for the person who loads (an encoding that was fallen back to, names that were repaired).
    ``features`` are pairs of an artist that is several and one of these, where they were looked
    for; the report then has a row collaborations as well. Where ``named`` is False the source
    says no artist's name, and ``artists`` has what to call those that the graph does not know.
    ``matches`` says then what names were taken for, in the columns name, artist, called, how.
    Friendships, listens and taggings may speak of ids that are in the graph alone, where that
    was known when the source was read. ``hidden`` are pairs of a user and an artist that they never
    want to see, ``properties`` what people have put on nodes, where the source speaks of these.
    """

    users: pd.DataFrame
    artists: pd.DataFrame
    tags: pd.DataFrame
    listens: pd.DataFrame
    friendships: pd.DataFrame
    taggings: pd.DataFrame
    report: list[ReportRow]
    notes: list[str] = field(default_factory=list)
    features: list[tuple[Id, Id]] = field(default_factory=list)
    named: bool = True
    matches: pd.DataFrame | None = None
    hidden: list[tuple[Id, Id]] = field(default_factory=list)
    properties: list[OwnProperty] = field(default_factory=list)
