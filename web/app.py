"""The whole service: pages, their JSON twins, and what guards both."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib import resources
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from tastegraph.api.graph import Graph
from tastegraph.errors import TastegraphError
from tastegraph.web.pages.views import Views
from tastegraph.web.service.endpoints import ROOT
from tastegraph.web.service.guard import Guard
from tastegraph.web.service.hosts import Hosts
from tastegraph.web.service.metrics import Measured, Metrics, metrics_route
from tastegraph.web.service.problems import Problem
from tastegraph.web.service.routes import problem, routes
from tastegraph.web.service.token import Token

# Bytes below which packing gains nothing.
_SMALL = 800


def make_app(
    graph: Graph, hosts: Hosts, token: Token | None = None, *, writes: bool = False
) -> ASGIApp:
    """The service on ``graph``, reached by the names ``hosts`` and, if given, with ``token``.

    With ``writes``, which need a token, artists can be hidden and people kept.
    """
    assert token is not None or not writes
    views = Views(graph, token, writes=writes)
    metrics = Metrics()
    static = Path(str(resources.files("tastegraph.web.static")))
    app = Starlette(
        routes=[
            *routes(graph, writes),
            metrics_route(graph, metrics, ROOT),
            *views.routes(),
            Mount("/static", StaticFiles(directory=static), name="static"),
        ],
        exception_handlers={
            error: _handler(graph, views)
            for error in (TastegraphError, TimeoutError, HTTPException, Exception)
        },
    )
    app.router.redirect_slashes = False
    measured = Measured(app, metrics, app.routes)
    return Guard(GZipMiddleware(measured, minimum_size=_SMALL), hosts, token)


def _handler(graph: Graph, views: Views) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            said = _of_http(error)
        else:
            said = await problem(graph, error)
        is_page = not request.url.path.startswith("/api/")
        return views.problem(said) if is_page else said.response()

    return handle


def _of_http(error: HTTPException) -> Problem:
    """A path that leads nowhere, and a method that nothing here has."""
    details = {
        HTTPStatus.NOT_FOUND: "nothing is at this address: /api lists all that programs can ask",
        HTTPStatus.METHOD_NOT_ALLOWED: "nothing is changed at this address in this way",
    }
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    return Problem(status, details.get(status, str(error.detail)), headers)
