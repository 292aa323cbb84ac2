"""Pages are made once for all who ask while the graph is the same, and anew when it is not."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.settings import Settings
from tastegraph.web.answers.rows import Row
from tastegraph.web.app import make_app
from tastegraph.web.pages.kept import KeptPages
from tastegraph.web.serve import HeldAfterFirst
from tastegraph.web.service.hosts import Hosts
from tests.patience import until


class WhyNot:
    """Contents of a page on an artist that is left out, which are counted."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, graph: Graph, values: Mapping[str, Any]) -> Row:
        """A note, after a while."""
        artist = values["artist"]
        self.asked.append(artist)
        sleep(0.05)
        graph.note(f"{artist} is hidden")
        nothing: Row = {"place": None, "refusal": "", "lines": [], "segments": []}
        return nothing | {"user": 2, "asked": artist}


@pytest.fixture
def unheld(folder: Path) -> Iterator[Graph]:
    """The graph without its model in memory."""
    with Graph(Settings.of(folder), quiet=True) as graph:
        yield graph


def pages(graph: Graph, always: bool = False) -> tuple[list[str], Callable[[str], str]]:
    """What was asked of the content, and how a page is asked for."""
    content = WhyNot()
    kept = KeptPages("why_not", content, always)
    return content.asked, lambda artist: kept.html(graph, {"artist": artist})


def test_a_page_is_made_once_with_its_notes(graph: Graph) -> None:
    asked, page = pages(graph)
    first = page("Air")
    assert "Air is hidden" in first
    assert page("Air") == first
    assert page("Beck") != first
    assert asked == ["Air", "Beck"]


def test_those_who_ask_at_once_wait_for_one(graph: Graph) -> None:
    asked, page = pages(graph)
    with ThreadPoolExecutor(8) as askers:
        assert len({*askers.map(page, ["Air"] * 8)}) == 1
    assert asked == ["Air"]


def test_a_page_is_made_anew_when_the_graph_changes(graph: Graph) -> None:
    asked, page = pages(graph)
    page("Air")
    best = graph.recommend(2, k=1)["artist"].tolist()
    graph.hide(2, best)
    try:
        assert until(lambda: page("Air") != "" and len(asked) > 1)
    finally:
        graph.unhide(2, best)
    assert until(lambda: graph.state_in_memory is not None)


def test_without_a_model_in_memory_only_what_takes_long_is_kept(unheld: Graph) -> None:
    assert unheld.state_in_memory is None
    asked, page = pages(unheld)
    page("Air"), page("Air")
    assert asked == ["Air", "Air"]
    asked, page = pages(unheld, always=True)
    page("Air"), page("Air")
    assert asked == ["Air"]


def test_few_pages_are_kept(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tastegraph.web.pages.kept._MOST", 2)
    asked, page = pages(graph)
    for artist in ("Air", "Beck", "Can", "Beck", "Air"):
        page(artist)
    assert asked == ["Air", "Beck", "Can", "Air"]


async def status(app: HeldAfterFirst, path: str) -> int:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return (await client.get(path)).status_code


def test_the_model_is_read_once_something_has_been_answered(unheld: Graph) -> None:
    app = HeldAfterFirst(make_app(unheld, Hosts("127.0.0.1")), unheld)
    assert unheld.state_in_memory is None
    assert asyncio.run(status(app, "/api/version")) == 200
    assert until(lambda: unheld.is_in_memory)
    app.close()
