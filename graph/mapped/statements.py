"""The Cypher that a mapping stands for: names in backticks, values as parameters.

Nothing of a mapping stands in a query in any other way, but for the queries that it has itself,
which are only read with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tastegraph.errors import InputError
from tastegraph.graph.mapped.mapping import BOTH, IN, Friends, GraphMapping, Listens, Tags


def quoted(name: str) -> str:
    """A label, type or property as Cypher takes any: in backticks, its own doubled.

    InputError for a name that Cypher would read as another one: it takes backslash-u as the sign of
    that number before it looks for backticks.
    """
    if not name or "\\u" in name or "\0" in name:
        raise InputError(f"{name!r} can't be named in a query: it is empty, or holds \\u or NUL")
    return "`" + name.replace("`", "``") + "`"


@dataclass(frozen=True)
class Question:
    """A query for one kind of rows, and how many there will be.

    about     what is asked, as messages name it
    needed    names of the columns that it must give, optional of those that it may
    entries   a row is many where these are given: each has a node's id and, in the column
              entries, lists of the values of these columns. Messages of many rows cost a third of
              as many of one, and a node at a time takes little of the database's memory
    count     a query for the number of its rows, None where that is not known before
    """

    about: str
    cypher: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    count: str | None = None


def artists_question(mapping: GraphMapping) -> Question:
    """For artist, name, url, picture_url."""
    artists = mapping.artists
    optional = ("name", "url", "picture_url")
    if artists.cypher is not None:
        return Question("artists", artists.cypher, ("artist",), optional)
    node = f"(a:{quoted(artists.label)})"
    properties = {name: getattr(artists, name) for name in optional}
    wanted = [f"a.{quoted(artists.id)} AS artist"] + [
        f"a.{quoted(name)} AS {column}" for column, name in properties.items() if name
    ]
    return Question(
        _shown(node),
        f"MATCH {node} RETURN {', '.join(wanted)}",
        ("artist",),
        optional,
        count=f"MATCH {node} RETURN count(a)",
    )


def listens_question(mapping: GraphMapping) -> Question:
    """For user, artist, plays, time."""
    listens = mapping.listens
    if listens.cypher is not None:
        return Question("listens", listens.cypher, ("user", "artist"), ("plays", "time"))
    pattern = listen_pattern(mapping, listens)
    conditions = [f"r.{quoted(name)} >= $least{at}" for at, name in enumerate(listens.least)]
    condition = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = {"artist": f"a.{quoted(mapping.artists.id)}"}
    if listens.plays:
        columns["plays"] = f"r.{quoted(listens.plays)}"
    if listens.time:
        columns["time"] = f"toString(r.{quoted(listens.time)})"
    return Question(
        _shown(pattern),
        _of_users(mapping, pattern + condition, columns),
        ("user", "artist"),
        ("plays", "time"),
        tuple(columns),
        {f"least{at}": value for at, value in enumerate(listens.least.values())},
        f"MATCH {pattern} RETURN count(r)",
    )


def friends_question(mapping: GraphMapping, friends: Friends) -> Question:
    """For user, friend."""
    if friends.cypher is not None:
        return Question("friends", friends.cypher, ("user", "friend"))
    label = quoted(mapping.users.label)
    pattern = f"(u:{label})-[r:{types(friends.types)}]->(f:{label})"
    return Question(
        _shown(pattern),
        _of_users(mapping, pattern, {"friend": f"f.{quoted(mapping.users.id)}"}),
        ("user", "friend"),
        entries=("friend",),
        count=f"MATCH {pattern} RETURN count(r)",
    )


def tags_question(mapping: GraphMapping, tags: Tags) -> Question:
    """For artist, tag and, where it is known, user and time."""
    if tags.cypher is not None:
        return Question("tags", tags.cypher, ("artist", "tag"), ("user", "time"))
    artist = f"(a:{quoted(mapping.artists.label)})"
    id_ = f"a.{quoted(mapping.artists.id)} AS artist"
    if tags.of_users:
        pattern = listen_pattern(mapping, tags)
        time = f", toString(r.{quoted(tags.time)}) AS time" if tags.time else ""
        wanted = f"{', '.join(_pair(mapping))}, r.{quoted(tags.property_name or '')} AS tag{time}"
    elif tags.property_name is not None:
        pattern, wanted = artist, f"{id_}, a.{quoted(tags.property_name)} AS tag"
    else:
        pattern = tag_pattern(mapping, tags)
        wanted = f"{id_}, t.{quoted(tags.name or '')} AS tag"
    return Question(
        _shown(pattern),
        f"MATCH {pattern} RETURN {wanted}",
        ("artist", "tag"),
        ("user", "time"),
        count=f"MATCH {pattern} RETURN count(*)",
    )


def _of_users(mapping: GraphMapping, pattern: str, columns: Mapping[str, str]) -> str:
    """Each user with the ``columns`` of what a pattern finds of them."""
    users = mapping.users
    return (
        f"MATCH (u:{quoted(users.label)}) RETURN u.{quoted(users.id)} AS user, "
        f"[{pattern} | [{', '.join(columns.values())}]] AS entries"
    )


def listen_pattern(mapping: GraphMapping, relations: Listens | Tags) -> str:
    """Relationships ``r`` between a user ``u`` and an artist ``a``."""
    arrow = _arrow(relations.types, relations.direction)
    return f"(u:{quoted(mapping.users.label)}){arrow}(a:{quoted(mapping.artists.label)})"


def tag_pattern(mapping: GraphMapping, tags: Tags) -> str:
    """Relationships ``r`` between an artist ``a`` and a tag ``t``."""
    arrow = _arrow(tags.types, tags.direction)
    return f"(a:{quoted(mapping.artists.label)}){arrow}(t:{quoted(tags.label or '')})"


def types(names: tuple[str, ...]) -> str:
    """Types of which one is to be there."""
    return "|".join(map(quoted, names))


def _arrow(names: tuple[str, ...], direction: str) -> str:
    start = "<-" if direction == IN else "-"
    end = "-" if direction in (IN, BOTH) else "->"
    return f"{start}[r:{types(names)}]{end}"


def _pair(mapping: GraphMapping) -> list[str]:
    return [f"u.{quoted(mapping.users.id)} AS user", f"a.{quoted(mapping.artists.id)} AS artist"]


def _shown(pattern: str) -> str:
    """A pattern as a person writes it."""
    for variable in "uaftr":
        pattern = pattern.replace(f"({variable}:", "(:").replace(f"[{variable}:", "[:")
    return pattern.replace("`", "")
