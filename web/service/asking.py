"""Asking the graph on a thread of its own, for no longer than somebody waits."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import unquote

import anyio
import anyio.to_thread
from starlette.requests import Request

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.web.service.parameters import Parameter, read_all

T = TypeVar("T")

SECONDS = 30.0
"""How long an answer may take."""

Notes = list[str]


async def asked(graph: Graph, ask: Callable[[Graph], T]) -> tuple[T, Notes]:
    """What ``ask`` gives, and what there is to say beside it; TimeoutError after ``SECONDS``.

    A server ends the query that is left behind by itself.
    """
    notes: Notes = []

    def work() -> T:
        return ask(graph.with_note(notes.append))

    with anyio.fail_after(SECONDS):
        answer = await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
    return answer, list(dict.fromkeys(notes))


def values_of(
    request: Request, parameters: tuple[Parameter, ...], is_form: bool = False
) -> dict[str, object]:
    """The values of ``parameters`` in the address of ``request``; InputError.

    is_form  what is empty was left empty, and says nothing
    """
    given: dict[str, list[str]] = {}
    for name, text in request.query_params.multi_items():
        if text or not is_form:
            given.setdefault(name, []).append(text)
    for each in parameters:
        if each.in_path:
            given[each.name] = [_decoded(request.path_params[each.name])]
    return read_all(parameters, given)


def _decoded(part: str) -> str:
    try:
        return unquote(part, errors="strict")
    except UnicodeDecodeError as error:
        raise InputError("the address holds bytes that are no text in UTF-8") from error
