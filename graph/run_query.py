"""Running a query of the catalog or of somebody's own, and saying why it finds nothing."""

import re
from dataclasses import dataclass, field
from typing import Any

from tastegraph.errors import InputError, StoreError
from tastegraph.graph.counts import counts
from tastegraph.graph.names import name_key
from tastegraph.graph.query_files import NamedQuery, bind, bind_own, without_asides
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row

# What parameters are ids of; the kind is also what people call it.
_ID_OF = {
    "userId": "User",
    "otherId": "User",
    "artistId": "Artist",
    "tagId": "Tag",
    "otherTagId": "Tag",
}

_LISTS_OF = {"withTags": "Tag", "withoutTags": "Tag", "artistIds": "Artist"}

# Different ways to say what is looked for: where one is given, the examples of the others are not
# what is asked for.
_LOOKED_FOR = ("name", "key", "number", "text")

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")

_LOAD = "'tastegraph load PATH' or 'tastegraph demo' puts some in"

# What a query speaks of, what counts it, and what mends that there is none.
_NEEDS = (
    (r":User\b|:Artist\b|fulltext", "LISTENED", f"there are no listens in the graph: {_LOAD}"),
    (
        r":FRIEND\b",
        "FRIEND",
        "there are no friendships in the graph: load data that have them (table friends)",
    ),
    (
        r":HAS_TAG\b|:TAGGED\b|:USES_TAG\b",
        "TAGGED",
        "there are no tags in the graph: load data that have them (table tags)",
    ),
    (r":Model\b|\.embedding\b", "Model", "there is no model yet: 'tastegraph train' learns one"),
)


@dataclass(frozen=True)
class Answer:
    """Rows with the names of their columns; where there are none, ``nothing`` says why.

    changes  what was written, as in {"nodes_created": 1}
    """

    columns: list[str]
    rows: list[Row]
    nothing: str = ""
    changes: dict[str, int] = field(default_factory=dict)


def answer(store: GraphStore, asked: NamedQuery, given: dict[str, Any]) -> Answer:
    """Run ``asked`` with the parameters ``given``, and the examples of the others.

    An id may be given as a number where the graph's ids are text, and the other way round. Raises
    InputError for parameters that don't fit, and StoreError.
    """
    given = _in_kinds_of(store, given)
    values = bind(asked, given) | _also_looked_for(asked, given)
    indexes = INDEX_PARAMETERS
    known = {name: value for name, value in indexes.items() if name in asked.examples}
    try:
        columns, rows = store.table(asked.cypher, values | known | given)
    except StoreError as error:
        raise _explained(store, asked, values, error) from error
    nothing = "" if rows else _why_nothing(store, asked, values)
    return Answer(columns or asked.columns, rows, nothing)


def answer_own(
    store: GraphStore, asked: NamedQuery, given: dict[str, Any], write: bool = False
) -> Answer:
    """Run somebody's own query, which may write only with ``write``.

    Raises InputError for parameters that don't fit, and StoreError: also where the query writes
    and may not, before anything is written.
    """
    values = bind_own(asked, given)
    if write:
        with store.writing("query") as writer:
            result = writer.result(asked.cypher, values)
    else:
        result = store.result(asked.cypher, values)
    nothing = "" if result.rows or result.changes else f"{asked.name} gives no rows"
    return Answer(result.columns or _named(asked), result.rows, nothing, result.changes)


def _named(asked: NamedQuery) -> list[str]:
    """The columns that a query of somebody's own names; a database may not, without rows."""
    returned = re.split(r"\bRETURN\b", without_asides(asked.cypher), flags=re.IGNORECASE)
    if len(returned) == 1:
        return []
    own = NamedQuery(asked.name, "", f"RETURN {returned[-1]}", "", {})
    plain = [column for column in own.columns if re.fullmatch(r"[\w.]+", column)]
    return plain if len(plain) == len(own.columns) else []


def _in_kinds_of(store: GraphStore, given: dict[str, Any]) -> dict[str, Any]:
    """``given`` with ids of the kind that the graph has, whole numbers or text."""
    changed: dict[str, Any] = {}
    for name in given.keys() & (_ID_OF.keys() | _LISTS_OF.keys()):
        label = _ID_OF.get(name) or _LISTS_OF[name]
        some = store.values(f"MATCH (n:{label}) RETURN n.id LIMIT 1")
        if not some:
            continue
        value, is_text = given[name], isinstance(some[0][0], str)
        changed[name] = (
            [_of_kind(each, is_text) for each in value]
            if isinstance(value, list)
            else _of_kind(value, is_text)
        )
    return given | changed


def _of_kind(value: Any, is_text: bool) -> Any:
    """An id as text or, where it is one, as a whole number."""
    if is_text:
        return str(value) if type(value) is int else value
    return int(value) if isinstance(value, str) and _WHOLE.fullmatch(value) else value


def _also_looked_for(asked: NamedQuery, given: dict[str, Any]) -> dict[str, Any]:
    """Where something is looked for by one parameter, the others that say the same."""
    ways = [name for name in _LOOKED_FOR if name in asked.examples]
    if len(ways) < 2 or not given.keys() & {*ways}:
        return {}
    others: dict[str, Any] = dict.fromkeys(name for name in ways if name not in given)
    if "key" in others and given.get("name"):
        others["key"] = name_key(str(given["name"]))
    return others


def _explained(
    store: GraphStore, asked: NamedQuery, values: dict[str, Any], error: StoreError
) -> Exception:
    """The error in the words of what was asked, where it is known."""
    if "fulltext.queryNodes" not in asked.cypher:
        return error
    lacking = _lacking(store, asked)
    if lacking:
        return InputError(f"{asked.name} can't run: {'; '.join(lacking)}")
    return InputError(
        f"{asked.name} can't search for {values['text']!r}: give one or more words; signs such as "
        "( and \" mean something to the index (those of Lucene's query language)"
    )


def _why_nothing(store: GraphStore, asked: NamedQuery, values: dict[str, Any]) -> str:
    indexes = INDEX_PARAMETERS
    shown = [f"{name}={value!r}" for name, value in values.items() if name not in indexes]
    reasons = _lacking(store, asked) or _unknown(store, values)
    if not reasons and values.get("userId", 0) == values.get("otherId", ""):
        reasons = ["userId and otherId are the same person"]
    finds = f"{asked.name} finds nothing{' with ' if shown else ''}{', '.join(shown)}"
    return "; ".join([finds, *reasons])


def _lacking(store: GraphStore, asked: NamedQuery) -> list[str]:
    """What the query speaks of and the graph has nothing of; without listens, that alone."""
    held = counts(store)
    held["Model"] = int(store.values("MATCH (m:Model) RETURN count(m)")[0][0])
    lacking = [
        text for speaks, kind, text in _NEEDS if re.search(speaks, asked.cypher) and not held[kind]
    ]
    return lacking[:1] if not held["LISTENED"] else lacking


def _unknown(store: GraphStore, values: dict[str, Any]) -> list[str]:
    """Which ids among ``values`` nobody has."""
    return [
        f"there is no {label.lower()} {values[name]!r}"
        for name, label in _ID_OF.items()
        if name in values
        and not store.values(f"MATCH (n:{label} {{id: $id}}) RETURN n.id", {"id": values[name]})
    ]
