"""What forms change, where that is allowed, and the page that is shown then."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tastegraph.api.graph import Graph
from tastegraph.web.answers.what_if import GROUPS, taste_of
from tastegraph.web.answers.writing import hide, keep, unhide
from tastegraph.web.pages.addresses import KEEP
from tastegraph.web.pages.rendering import part
from tastegraph.web.service.parameters import ARTIST, NEW_ID, SAID, read_all

Fields = Mapping[str, Sequence[str]]

Change = Callable[[Graph, str, Fields], str]
"""Changes what a form says about the person of an id; gives the address to go to."""


def _changed(
    change: Callable[[Graph, str, str], object], graph: Graph, id_: str, fields: Fields
) -> str:
    change(graph, id_, read_all([ARTIST], fields)["artist"])
    return f"/users/{part(id_)}"


def _keep(graph: Graph, _: str, fields: Fields) -> str:
    said = {name: texts for name, texts in fields.items() if name in (*GROUPS, NEW_ID.name)}
    values = read_all([NEW_ID, *SAID], said)
    kept = keep(graph, taste_of(graph, values), values["id"])
    return f"/users/{part(kept['id'])}"


CHANGES: Mapping[str, Change] = {
    "/users/{id}/hidden": partial(_changed, hide),
    "/users/{id}/shown": partial(_changed, unhide),
    KEEP: _keep,
}
"""What answers a form, by its address."""
