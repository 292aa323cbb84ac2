"""From what a person types to what is in the graph: users by id, artists and tags by name."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.frames import Id
from tastegraph.graph.names import name_key
from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore

# A whole number that a 64-bit integer can't hold is no id of anybody.
_LARGEST = 2**63 - 1

_WHOLE = re.compile("-?[0-9]{1,19}")


@dataclass(frozen=True)
class Found:
    """An artist or a tag that a name stands for; ``others`` are names that it could also mean."""

    id: Id
    name: str
    others: list[str]


def find_user(store: GraphStore, text: str) -> Id:
    """The id of the user that ``text`` names; raises NotFoundError."""
    found = store.values(query("find-user").cypher, _as_id(text))
    if found:
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
    some = store.values("MATCH (u:User) RETURN u.id LIMIT 1")
    numbers = bool(some) and isinstance(some[0][0], int)
    if numbers and not isinstance(ids["number"], int):
        raise InputError(f"{text!r} can't be the id of a new user: ids here are whole numbers")
    return ids["number"] if numbers else text


def find_artist(store: GraphStore, text: str) -> Found:
    """The artist that ``text`` names: exactly, by id, without case and accents, or by part."""
    return _find(store, "Artist", text)


def find_tag(store: GraphStore, text: str) -> Found:
    """The tag that ``text`` names, matched as an artist is."""
    return _find(store, "Tag", text)


def _find(store: GraphStore, label: str, text: str) -> Found:
    parameters = {"name": text, "key": name_key(text) or None, **_as_id(text)}
    rows = store.rows(query(f"find-{label.lower()}").cypher, parameters)
    if not rows:
        raise NotFoundError(_unknown(store, label, text))
    first = rows[0]
    others = [row["name"] for row in rows[1:] if row["match"] == first["match"]]
    return Found(first["id"], first["name"], others if first["match"] > 1 else [])


def _unknown(store: GraphStore, label: str, text: str) -> str:
    names = dict(store.values(f"MATCH (n:{label}) RETURN n.nameKey, n.name"))
    near = get_close_matches(name_key(text), [key for key in names if key], n=3, cutoff=0.6)
    hint = (
        "; did you mean " + ", ".join(repr(names[key]) for key in near) + "?"
        if near
        else "; 'tastegraph search TEXT' finds parts of names"
    )
    return f"there is no {label.lower()} {text!r} in the graph{hint}"


def _as_id(text: str) -> dict[str, Id]:
    """``text`` as both kinds of id that a graph may use."""
    number = int(text) if _WHOLE.fullmatch(text) else None
    usable = number is not None and abs(number) <= _LARGEST
    return {"text": text, "number": number if usable and number is not None else text}
