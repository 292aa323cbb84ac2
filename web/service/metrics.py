"""How much is asked and how long it takes, in Prometheus' text form.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tastegraph.api.graph import Graph
from tastegraph.errors import TastegraphError
from tastegraph.web.answers.rows import pairs
from tastegraph.web.service.asking import asked, values_of

PATH = "/metrics"
MEDIA_TYPE = "text/plain; version=0.0.4"

# Upper ends in seconds.
_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)

_OTHER = "other"


class Metrics:
    """Counts what was answered, by route (never by address, which holds ids) and status."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, int]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._within: Counter[tuple[str, float]] = Counter()

    def add(self, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._answers[route, status] += 1
        self._seconds[route] += seconds
        for most in _BUCKETS:
            self._within[route, most] += seconds <= most

    def text(self, model: Mapping[str, float]) -> str:
        """All of it, and the gauges ``model``, each with the sentence that explains it."""
        lines = [*self._counters(), *self._histogram()]
        for name, value in model.items():
            lines += [*_head(name, _GAUGES[name], "gauge"), f"{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _counters(self) -> Iterator[str]:
        name = "tastegraph_requests_total"
        yield from _head(name, "Requests that were answered.", "counter")
        for (route, status), count in sorted(self._answers.items()):
            yield f'{name}{{route="{route}",status="{status}"}} {count}'

    def _histogram(self) -> Iterator[str]:
        name = "tastegraph_request_seconds"
        yield from _head(name, "How long answers took.", "histogram")
        for route, seconds in sorted(self._seconds.items()):
            total = sum(count for (of, _), count in self._answers.items() if of == route)
            for most in _BUCKETS:
                yield f'{name}_bucket{{route="{route}",le="{most:g}"}} {self._within[route, most]}'
            yield f'{name}_bucket{{route="{route}",le="+Inf"}} {total}'
            yield f'{name}_sum{{route="{route}"}} {seconds:.6f}'
            yield f'{name}_count{{route="{route}"}} {total}'


_GAUGES = {
    "tastegraph_model_age_seconds": "Time since the model was trained.",
    "tastegraph_model_stale": "1 where the graph has changed since.",
    "tastegraph_model_in_memory": "1 where answers come from memory.",
}


class Measured:
    """Counts what ``app`` answers; ``routes`` are its own."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: list[BaseRoute]) -> None:
        self._app = app
        self._metrics = metrics
        # What a router notes of the route that it has chosen is what answers there.
        self._paths = {
            id(route.endpoint if isinstance(route, Route) else route.app): route.path
            for route in routes
            if isinstance(route, Route | Mount)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and count it."""
        start, status, is_counted = time.monotonic(), 500, False

        def count() -> None:
            nonlocal is_counted
            if not is_counted:
                is_counted = True
                route = self._paths.get(id(scope.get("endpoint")), _OTHER)
                self._metrics.add(route, status, time.monotonic() - start)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body"):
                # Before its last part leaves: who has the answer may ask for the metrics at once.
                count()
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            count()


def metrics_route(graph: Graph, metrics: Metrics, root: str) -> Route:
    """Where the metrics are read, below ``root``."""

    async def answer(request: Request) -> Response:
        values_of(request, ())
        return PlainTextResponse(metrics.text(await _model(graph)), media_type=MEDIA_TYPE)

    return Route(f"{root}{PATH}", answer)


def described() -> dict[str, Any]:
    """The metrics in OpenAPI."""
    return {
        "operationId": "metrics",
        "summary": "How much is asked and how long it takes, in Prometheus' text form",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        "responses": {},
    }


async def _model(graph: Graph) -> dict[str, float]:
    """What there is to say of the model; nothing where there is none, or no database."""
    with suppress(TastegraphError, TimeoutError):
        card, _ = await asked(graph, lambda own: pairs(own.model_card()))
        age = datetime.now(UTC) - datetime.fromisoformat(card["trained_at"])
        is_held, _ = await asked(graph, lambda own: own.is_in_memory)
        return dict(zip(_GAUGES, (age.total_seconds(), card["stale"], is_held), strict=True))
    return {}


def _head(name: str, about: str, kind: str) -> list[str]:
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
