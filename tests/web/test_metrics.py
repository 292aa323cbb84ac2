"""The metrics as Prometheus reads them."""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from tastegraph.api.graph import Graph
from tastegraph.errors import StoreUnreachableError
from tastegraph.web.service.metrics import Measured, Metrics
from tests.web.serving import serving

PATH = "/api/metrics"
LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+$')


def values(text: str) -> dict[str, float]:
    """Each line that is no comment, by what stands before its number."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.match(line) for line in lines)
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.fixture
def fresh(graph: Graph) -> Iterator[httpx.Client]:
    """A service that nobody has asked yet."""
    with serving(graph) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_answers_are_counted_by_route_and_status(fresh: httpx.Client) -> None:
    for path in ("/api/artists/7", "/api/artists/1", "/api/artists/none", "/", "/nowhere"):
        fresh.get(path)
    fresh.get("/static/page.css")
    answer = fresh.get(PATH)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = values(answer.text)
    total = 'tastegraph_requests_total{route="%s",status="%d"}'
    assert found[total % ("/api/artists/{id}", 200)] == 2
    assert found[total % ("/api/artists/{id}", 404)] == 1
    assert found[total % ("/", 200)] == 1
    assert found[total % ("/static", 200)] == 1
    assert found[total % ("other", 404)] == 1
    seconds = 'tastegraph_request_seconds_%s{route="/api/artists/{id}"%s}'
    assert found[seconds % ("count", "")] == 3
    assert found[seconds % ("bucket", ',le="+Inf"')] == 3
    assert found[seconds % ("sum", "")] > 0
    steps = [found[seconds % ("bucket", f',le="{most}"')] for most in ("0.01", "0.3", "30")]
    assert steps == sorted(steps)
    assert steps[-1] == 3
    # The question for the metrics itself is counted when its text has been made.
    assert values(fresh.get(PATH).text)[total % (PATH, 200)] == 1


def test_an_answer_is_counted_once_and_before_its_last_part_leaves() -> None:
    metrics = Metrics()
    parts = [
        {"type": "http.response.start", "status": 200},
        {"type": "http.response.body", "body": b"one", "more_body": True},
        {"type": "http.response.body", "body": b"two"},
    ]
    told = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for part in parts:
            await send(part)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        told.append((message, "_total{" in metrics.text({})))

    asyncio.run(Measured(app, metrics, [])({"type": "http"}, receive, send))
    assert told == list(zip(parts, [False, False, True], strict=True))
    assert values(metrics.text({}))['tastegraph_requests_total{route="other",status="200"}'] == 1


def test_the_model_is_told_and_no_id_is(
    fresh: httpx.Client, monkeypatch: pytest.MonkeyPatch, graph: Graph
) -> None:
    fresh.get("/users/2")
    text = fresh.get(PATH).text
    found = values(text)
    assert 0 < found["tastegraph_model_age_seconds"] < 1e6
    assert found["tastegraph_model_in_memory"] == 1
    assert found["tastegraph_model_stale"] in (0, 1)
    assert 'route="/users/{id}"' in text
    assert "/users/2" not in text

    def gone(*_: object) -> object:
        raise StoreUnreachableError("nobody answers there")

    with monkeypatch.context() as patch:
        patch.setattr(type(graph), "model_card", gone)
        answer = fresh.get(PATH)
    assert answer.status_code == 200
    assert "tastegraph_model" not in answer.text
