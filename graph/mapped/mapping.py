"""A mapping: what in somebody else's graph is a user, an artist, a listen, a friend, a tag."""

from collections.abc import Mapping
from dataclasses import dataclass, field

OUT, IN, BOTH = "out", "in", "both"
"""Which way relationships point: from the user to the artist or from the artist to the tag is
``OUT``.
"""

K = 10
"""Recommendations a user that are written back unless the mapping says how many."""


@dataclass(frozen=True)
class Users:
    """Nodes that listen: their label, and the property that identifies them."""

    label: str
    id: str


@dataclass(frozen=True)
class Artists:
    """Nodes that are listened to and recommended.

    name, url, picture_url  properties, None where there are none
    cypher                  a query that gives artist, name [, url, picture_url] instead
    """

    label: str
    id: str
    name: str | None = None
    url: str | None = None
    picture_url: str | None = None
    cypher: str | None = None

    @property
    def are_names(self) -> bool:
        """Whether artists are known by their names alone."""
        return self.cypher is None and self.name == self.id


@dataclass(frozen=True)
class Listens:
    """Relationships between users and artists.

    plays   property that counts, None where each counts one
    time    property that says when
    least   only those whose properties are at least this
    cypher  a query that gives user, artist [, plays, time] instead
    """

    types: tuple[str, ...] = ()
    direction: str = OUT
    plays: str | None = None
    time: str | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    cypher: str | None = None


@dataclass(frozen=True)
class Friends:
    """Relationships between users, or a query that gives user, friend."""

    types: tuple[str, ...] = ()
    cypher: str | None = None


@dataclass(frozen=True)
class Tags:
    """What artists are described by, in one of four ways.

    types, direction, label, name  relationships from artists to nodes that have a name
    property_name                  a property of artists, text or a list of it
    types, property_name, time     a property of relationships from users to artists
    cypher                         a query that gives artist, tag [, user, time]

    Where nobody is said to have given them, ``by`` is the user who has.
    """

    types: tuple[str, ...] = ()
    direction: str = OUT
    label: str | None = None
    name: str | None = None
    property_name: str | None = None
    time: str | None = None
    by: str | int | None = None
    cypher: str | None = None

    @property
    def of_users(self) -> bool:
        """Whether they are properties of relationships from users to artists."""
        return bool(self.types) and self.label is None


@dataclass(frozen=True)
class Written:
    """What is written back.

    embedding    property of users and artists for their vectors, None for none
    recommended  type of relationships {rank, score, model}, None for none
    k            how many of these a user
    """

    embedding: str | None = "embedding"
    recommended: str | None = None
    k: int = K


@dataclass(frozen=True)
class GraphMapping:
    """What is what in somebody else's graph."""

    users: Users
    artists: Artists
    listens: Listens
    friends: Friends | None = None
    tags: Tags | None = None
    written: Written = Written()
