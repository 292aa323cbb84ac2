"""From what a person types to what is in the graph, by one rule in every command.

An argument is an id if there is one that is written so; otherwise it is a name: exactly, then
without case and accents, then by part, and of several the one with most listeners. What else it
could mean is told. ``id:X`` is the id X alone, ``name:X`` the name X alone.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.frames import Id
from tastegraph.graph.names import name_key
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row

# A whole number that a 64-bit integer can't hold is no id of anybody.
_LARGEST = 2**63 - 1
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,18}")

# Letters of a name that is not found that are shown.
_LONGEST = 200

_ID, _NAME = "id:", "name:"

# Null is equal to nothing.
_NO_ID: dict[str, Id | None] = {"text": None, "number": None}
_NO_NAME: dict[str, Id | None] = {"name": None, "key": None}

# The column match of the queries: by id, by the exact name, and more loosely.
_BY_NAME = 1


@dataclass(frozen=True)
class Found:
    """An artist or a tag that an argument stands for.

    ``others`` are what it could also mean; where names would not tell these apart, with their ids
    as they are typed, and ``shown`` has the one that was taken likewise.
    """

    id: Id
    name: str
    others: list[str]
    shown: str = ""


def find_user(store: GraphStore, text: str) -> Id:
    """The id of the user that ``text`` or ``id:text`` names; raises NotFoundError."""
    for written in (text, text.removeprefix(_ID)):
        if found := store.values(query("find-user").cypher, _as_id(written)):
            id_: Id = found[0][0]
            return id_
    ends = store.values("MATCH (u:User) RETURN min(u.id), max(u.id), count(u)")[0]
    if not ends[2]:
        raise NotFoundError(
            f"there is no user {text}: the graph holds nobody yet; 'tastegraph load' fills it"
        )
    raise NotFoundError(
        f"there is no user {text} in the graph: its {ends[2]:,} users run from {ends[0]} to "
        f"{ends[1]}; 'tastegraph query run top-listeners' names some"
    )


def new_user_id(store: GraphStore, text: str) -> Id:
    """``text`` as an id that no user has yet, of the kind that the graph's users have.

    InputError for one that exists, or is of the other kind.
    """
    ids = _as_id(text)
    if not text.strip() or store.values(query("find-user").cypher, ids):
        raise InputError(f"{text!r} can't be the id of a new user: give one that nobody has")
    last = store.values("MATCH (u:User) RETURN max(u.id)")[0][0]
    numbers = isinstance(last, int)
    if numbers and not isinstance(ids["number"], int):
        raise InputError(
            f"{text!r} can't be the id of a new user: ids here are whole numbers, and {last + 1} "
            "is free"
        )
    number = ids["number"]
    return number if numbers and number is not None else text


def find_artist(store: GraphStore, text: str, is_name: bool = False) -> Found:
    """The artist that ``text`` stands for; where it ``is_name`` it is no id and has no prefix."""
    return _find(store, "Artist", text, is_name)


def written_ids(text: str) -> list[Id]:
    """The ids that ``id:X`` may mean, whichever kind the graph has; nothing for other text."""
    if not text.startswith(_ID):
        return []
    return [id_ for id_ in set(_as_id(text.removeprefix(_ID)).values()) if id_ is not None]


def find_tag(store: GraphStore, text: str) -> Found:
    """The tag that ``text`` stands for, found as an artist is."""
    return _find(store, "Tag", text)


def _find(store: GraphStore, label: str, text: str, is_name: bool = False) -> Found:
    readings = [_as_name(text) | _NO_ID] if is_name else _readings(text)
    for reading in readings:
        rows = store.rows(query(f"find-{label.lower()}").cypher, reading)
        if rows:
            return _best(rows)
    raise NotFoundError(_unknown(store, label, text))


def _readings(text: str) -> list[dict[str, Id | None]]:
    """What ``text`` is looked up as, one after the other: whole, unless a prefix says as what."""
    whole = _as_name(text) | _as_id(text)
    if text.startswith(_ID):
        return [_NO_NAME | _as_id(text.removeprefix(_ID)), whole]
    if text.startswith(_NAME):
        return [_NO_NAME | _as_id(text), _as_name(text.removeprefix(_NAME)) | _NO_ID, whole]
    return [whole]


def _best(rows: list[Row]) -> Found:
    first = rows[0]
    if first["match"] > _BY_NAME:
        others = [row["name"] for row in rows[1:] if row["match"] == first["match"]]
        return Found(first["id"], first["name"], others)
    others = [f"{row['name']!r} (id:{row['id']})" for row in rows[1:] if row["match"] == _BY_NAME]
    shown = f"{first['name']!r} (id:{first['id']})" if others else ""
    return Found(first["id"], first["name"], others, shown)


def _unknown(store: GraphStore, label: str, text: str) -> str:
    text = text.removeprefix(_NAME)
    # What is longer than any name is a damaged file's, and nobody wants to read all of it.
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    names = dict(store.values(f"MATCH (n:{label}) RETURN n.nameKey, n.name"))
    near = get_close_matches(name_key(text), [key for key in names if key], n=3, cutoff=0.6)
    hint = (
        "; did you mean " + ", ".join(repr(names[key]) for key in near) + "?"
        if near
        else "; 'tastegraph search TEXT' finds parts of names"
    )
    return f"there is no {label.lower()} {text!r} in the graph{hint}"


def _as_name(text: str) -> dict[str, Id | None]:
    return {"name": text, "key": name_key(text) or None}


def _as_id(text: str) -> dict[str, Id | None]:
    """``text`` as both kinds of id that a graph may use; a number is written as it is printed."""
    if _WHOLE.fullmatch(text) and abs(int(text)) <= _LARGEST:
        return {"text": text, "number": int(text)}
    return {"text": text, "number": text}
