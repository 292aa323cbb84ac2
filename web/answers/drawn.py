"""Parts of the graph to be drawn: what is around a node, and the ways between two."""

from collections.abc import Iterable, Mapping
from itertools import chain, zip_longest
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.web.answers.named import ID, identified
from tastegraph.web.answers.rows import Row, pairs, records

MOST = 300
"""Nodes of a drawing."""

# Ways and parts between two nodes.
_WAYS, _PARTS = 5, 10

KINDS = ("user", "artist", "tag")

_WHAT = (
    "name one of user, artist and tag to see what is around it; user and artist, user and other, "
    "or artist and other to see the ways between them"
)

# What the neighbours of a node are asked by: query, its parameter, kind of the neighbours, their
# link and the column of its number; is_from says that the link leads from the node.
_AROUND = {
    "user": (
        ("user-listens", "artist", "LISTENED", "plays", True),
        ("user-friends", "user", "FRIEND", None, True),
        ("user-tags", "tag", "USES_TAG", "given", True),
    ),
    "artist": (
        ("artist-listeners", "user", "LISTENED", "plays", False),
        ("artist-tags", "tag", "HAS_TAG", "times", True),
    ),
    "tag": (
        ("tag-artists", "artist", "HAS_TAG", "times", False),
        ("tag-users", "user", "USES_TAG", "times", False),
    ),
}


class Drawing:
    """Nodes and links, each once, in the order in which they are found."""

    def __init__(self) -> None:
        self.nodes: dict[str, Row] = {}
        self.links: dict[tuple[str, str, str], Row] = {}

    def node(self, kind: str, id_: Any, name: str | None) -> str:
        """Add a node; gives its key."""
        key = f"{kind}:{id_}"
        new = {"key": key, "kind": kind, "id": id_, "name": name, "community": None}
        self.nodes.setdefault(key, new)
        return key

    def link(self, source: str, target: str, kind: str, value: float | None) -> None:
        """Add a link between two nodes."""
        new = {"source": source, "target": target, "kind": kind, "value": value}
        self.links.setdefault((source, target, kind), new)

    def answer(self, graph: Graph) -> Row:
        """As a program gets it, with the communities of people where they are kept."""
        people = [node for node in self.nodes.values() if node["kind"] == "user"]
        asked = [node["id"] for node in people]
        kept = records(graph.run_query("user-communities", users=asked)) if asked else []
        number = {row["user"]: row["community"] for row in kept}
        for node in people:
            node["community"] = number.get(node["id"])
        return {"nodes": list(self.nodes.values()), "links": list(self.links.values())}


def drawn(graph: Graph, values: Mapping[str, Any]) -> Row:
    """What an address asks to be drawn; UnknownIdError, InputError where that is no drawing.

    One of user, artist and tag is drawn with what is around it; user and artist, or one of these
    and another of its kind, with the ways between them. Where none is named, nothing is drawn,
    and a note says so.
    """
    named = [kind for kind in KINDS if values[kind]]
    other = values["other"]
    if not named:
        graph.note(_WHAT)
        return {"ends": [], **Drawing().answer(graph), "parts": [], "more": False}
    if named == ["user", "artist"] and not other:
        return _reasons(graph, values["user"], values["artist"])
    if len(named) != 1 or (other and named == ["tag"]):
        for kind in named:
            identified(graph, kind, values[kind])
        raise InputError(_WHAT)
    (kind,) = named
    if other:
        return _between(graph, kind, values[kind], other)
    return _around(graph, kind, values[kind], values["start"], values["k"])


def _around(graph: Graph, kind: str, id_: str, start: int, count: int) -> Row:
    """A node, and ``count`` of its neighbours from the place ``start`` on, kinds by turns."""
    drawing = Drawing()
    centre, found = _centre(graph, drawing, kind, id_)
    most = start + count + 1
    lists = [
        [(near, link, number, is_from, row) for row in _rows(graph, query, kind, found, most)]
        for query, near, link, number, is_from in _AROUND[kind]
    ]
    turns = [each for each in chain.from_iterable(zip_longest(*lists)) if each is not None]
    for near, link, number, is_from, row in turns[start : start + count]:
        other = drawing.node(near, row[near], row.get("name"))
        ends = (centre, other) if is_from else (other, centre)
        drawing.link(*ends, link, row[number] if number else None)
    answer = drawing.answer(graph)
    return {"ends": [centre], **answer, "parts": [], "more": len(turns) > start + count}


def _rows(graph: Graph, query: str, kind: str, id_: Any, count: int) -> list[Row]:
    return records(graph.run_query(query, **{f"{kind}Id": id_, "k": count}))


def _centre(graph: Graph, drawing: Drawing, kind: str, id_: str) -> tuple[str, Any]:
    found = identified(graph, kind, id_)
    if kind == "user":
        return drawing.node(kind, found, None), found
    return drawing.node(
        kind, found, pairs(graph.show(kind, f"{ID}{found}", lists=False)).get("name")
    ), found


def _reasons(graph: Graph, user: str, artist: str) -> Row:
    """The ways that lead from a user to an artist, with the parts of its score."""
    drawing = Drawing()
    start, user_id = _centre(graph, drawing, "user", user)
    end, artist_id = _centre(graph, drawing, "artist", artist)
    graph.model_card()
    rows = records(graph.ways(f"{ID}{user_id}", f"{ID}{artist_id}", parts=_PARTS))
    _draw(drawing, rows)
    parts = {
        (row["kind"], row["id"]): {name: row[name] for name in ("kind", "id", "name", "value")}
        for row in rows
    }
    answer = drawing.answer(graph)
    return {"ends": [start, end], **answer, "parts": list(parts.values()), "more": False}


def _between(graph: Graph, kind: str, one: str, other: str) -> Row:
    """The ways between two people, or between two artists."""
    drawing = Drawing()
    start, first = _centre(graph, drawing, kind, one)
    end, second = _centre(graph, drawing, kind, other)
    if first == second:
        raise InputError(f"{one} and {other} are the same: name two")
    for rows in _ways(graph, kind, first, second):
        _draw(drawing, rows)
    if not drawing.links:
        graph.note(f"no way leads from {kind} {first} to {kind} {second}")
    return {"ends": [start, end], **drawing.answer(graph), "parts": [], "more": False}


def _ways(graph: Graph, kind: str, one: Any, other: Any) -> Iterable[list[Row]]:
    if kind == "artist":
        yield _asked(graph, "draw-between-artists", artistId=one, otherId=other, each=_PARTS)
        return
    pair = {"userId": one, "otherId": other}
    common = _asked(graph, "draw-common", **pair, each=_PARTS)
    yield common
    yield _asked(graph, "path-by-friends", **pair, ways=_WAYS)
    if not common:
        yield _asked(graph, "path-by-artists", **pair)


def _asked(graph: Graph, query: str, **parameters: Any) -> list[Row]:
    return records(graph.run_query(query, **parameters))


# Which number of a relationship is shown.
_NUMBERS = {"LISTENED": "plays", "HAS_TAG": "count", "USES_TAG": "count"}


def _draw(drawing: Drawing, rows: Iterable[Row]) -> None:
    """Add the links of ``rows``, which have source, link and target."""
    for row in rows:
        if row["link"] is None:
            continue
        ends = [
            drawing.node(end["label"].lower(), end["id"], end.get("name"))
            for end in (row["source"], row["target"])
        ]
        type_ = row["link"]["type"]
        number = row["link"]["properties"].get(_NUMBERS.get(type_, ""))
        drawing.link(ends[0], ends[1], type_, number)
