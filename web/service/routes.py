"""The endpoints as routes that answer in JSON."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tastegraph.api.graph import Graph
from tastegraph.errors import TastegraphError
from tastegraph.web.answers.about import nearest
from tastegraph.web.answers.named import UnknownIdError
from tastegraph.web.service.asking import SECONDS, asked, values_of
from tastegraph.web.service.endpoints import ROOT, Endpoint, endpoints
from tastegraph.web.service.map_file import map_route
from tastegraph.web.service.openapi import document
from tastegraph.web.service.problems import Problem, problem_of, too_slow


def routes(graph: Graph, writes: bool = False) -> list[Route]:
    """A route for each endpoint, and one for their description; with ``writes`` also for those that
    change the graph.
    """
    described = document(writes)

    async def openapi(_: Request) -> Response:
        return JSONResponse(described)

    made = [
        Route(f"{ROOT}{each.path}", _answering(graph, each), methods=[each.method])
        for each in endpoints(writes)
    ]
    made.append(map_route(graph, ROOT))
    return [*made, Route(f"{ROOT}/openapi.json", openapi)]


def _answering(graph: Graph, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        values = values_of(request, endpoint.parameters)
        found, notes = await asked(graph, lambda own: endpoint.answer(own, values))
        return JSONResponse(found | ({"notes": notes} if endpoint.has_notes else {}))

    return answer


async def problem(graph: Graph, error: Exception) -> Problem:
    """What to say of ``error``; where nobody has an id, with the names that are nearest to it."""
    if isinstance(error, TimeoutError):
        return too_slow(SECONDS)
    said = problem_of(error)
    if isinstance(error, UnknownIdError):
        kind, id_ = error.kind, error.id
        with suppress(TastegraphError, TimeoutError):
            said.more["nearest"], _ = await asked(graph, lambda own: nearest(own, id_, kind))
    return said
