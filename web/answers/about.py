"""What is in the graph, which model it has, and which program this is."""

from importlib.metadata import version
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.errors import NotFoundError
from tastegraph.web.answers.rows import Row, pairs, records

NAMES = {
    "User": "people",
    "Artist": "artists",
    "Tag": "tags",
    "LISTENED": "listens",
    "FRIEND": "friendships",
}
"""What a page calls what the graph counts."""


def health(graph: Graph) -> Row:
    """That the store answers; StoreError where it does not."""
    graph.run_query("model-card")
    return {"status": "ok"}


def about(graph: Graph) -> Row:
    """The program's version and what the graph holds."""
    counts = pairs(graph.info(kinds=NAMES))
    held = {called: counts[kind] for kind, called in NAMES.items()}
    return {"version": version("tastegraph"), "model": counts["model"], "graph": held}


def model(graph: Graph) -> Row:
    """The model in use, and the versions that are kept."""
    card = pairs(graph.model_card())
    return card | {"kept": records(graph.list_models()), "knobs": knobs(graph)}


def knobs(graph: Graph) -> list[Row]:
    """What each knob costs and wins, as it was measured of the model; nothing where it was not."""
    try:
        return records(graph.knob_curves().drop(columns="model"))
    except NotFoundError:
        return []


def found(graph: Graph, text: str, k: int) -> Row:
    """Artists, tags and people that are called like ``text``."""
    return {"query": text, "found": records(graph.search(text, k=k))}


def nearest(graph: Graph, text: str, kind: str, k: int = 5) -> list[dict[str, Any]]:
    """What somebody may have meant who asked for a ``kind`` that is not there."""
    near = records(graph.search(text, k=50)) if text.strip() else []
    same = [row for row in near if row["kind"] == kind]
    return (same or near)[:k]
