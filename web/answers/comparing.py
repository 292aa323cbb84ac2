"""Two people beside each other."""

from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers.named import ID, identified
from tastegraph.web.answers.rows import Row, records


def comparison(graph: Graph, id_: str, other: str, k: int) -> Row:
    """How alike two people's tastes are, what they share, and what each might like, ``k`` of each.

    InputError where they are the same.
    """
    one, two = (identified(graph, "user", each) for each in (id_, other))
    rows = records(graph.compare_users(f"{ID}{one}", f"{ID}{two}", k=k))
    likeness = {row["name"]: row["value"] for row in _of(rows, "likeness") if row["user"] is None}
    counts = {row["user"]: row["value"] for row in _of(rows, "likeness") if row["user"] is not None}
    return {
        "id": one,
        "other": two,
        "likeness": likeness,
        "artists": counts.get(one),
        "other_artists": counts.get(two),
        "shared_artists": [
            _renamed(row, "artist", "plays", "other_plays") for row in _of(rows, "shared artists")
        ],
        "shared_tags": [_renamed(row, "tag", "value") for row in _of(rows, "shared tags")],
        "might_like": [_recommended(row, one, two) for row in _of(rows, "might like")],
    }


def _of(rows: list[Row], section: str) -> list[Row]:
    return [row for row in rows if row["section"] == section]


def _renamed(row: Row, kind: str, *columns: str) -> Row:
    return {kind: row["id"], "name": row["name"], **{name: row[name] for name in columns}}


def _recommended(row: Row, one: Any, two: Any) -> Row:
    """What one might like of the other's, with how often the other plays it."""
    played = row["other_plays"] if row["plays"] is None else row["plays"]
    whose = two if row["user"] == one else one
    return _renamed(row, "artist") | {
        "user": row["user"],
        "score": row["value"],
        "played_by": whose,
        "plays": played,
    }
