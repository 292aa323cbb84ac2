"""Pages without a browser: what they say, that data stay text, that they are small."""

import gzip
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import StoreUnreachableError
from tests.web.conftest import ODD

PATHS = (
    "/",
    "/search?q=an",
    "/users/2",
    "/users/2/why-not?artist=id:7",
    "/users/2/compare?other=5",
    "/artists/7",
    "/tags/1",
    "/what-if",
    "/what-if?likes=id:7&friends=2&dislikes=id:9&moved_by=dislikes:9",
    "/map",
    "/map?user=2",
    "/graph",
    "/graph?user=2",
    "/graph?user=2&artist=7",
    "/model",
    "/api",
    "/artists/none",
)

# Bytes of a page with all that it loads, packed.
LARGEST = 200_000


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_small_and_load_nothing_from_elsewhere(ask: httpx.Client, path: str) -> None:
    html = ask.get(path).text
    loaded = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', html)
    assert all(each.startswith("/static/") for each in loaded)
    whole = [html.encode(), *(ask.get(each).content for each in loaded)]
    assert sum(len(gzip.compress(each)) for each in whole) < LARGEST
    assert not re.search(r"<style|\sstyle=|<script(?! type=\"module\" src=)|\son\w+=", html)


@pytest.mark.parametrize("name", ODD)
def test_names_are_text_everywhere(ask: httpx.Client, name: str) -> None:
    at = ODD.index(name) + 1
    for path in (
        f"/artists/{at}",
        "/users/2?k=100&include_known=true",
        f"/search?q={at}",
        f"/what-if?likes=id:{at}&friends=2&k=100",
    ):
        html = ask.get(path).text
        assert "<script>alert" not in html
        assert "1337" not in re.findall(r"<bdi[^>]*>(.*?)</bdi>", html)
    assert f"<bdi>{name}</bdi>" in unescape(ask.get(f"/artists/{at}").text)


def test_reasons_visibly_add_up(ask: httpx.Client) -> None:
    html = ask.get("/users/2").text
    tables = re.findall(r'<table class="reasons">.*?</table>', html, re.DOTALL)
    assert len(tables) == 10
    for table in tables:
        *parts, total = [float(n.replace("−", "-")) for n in re.findall(r"<td>(.*?)</td>", table)]
        assert round(sum(parts), 3) == pytest.approx(total, abs=1e-9)


def test_a_list_is_steered_by_its_address(ask: httpx.Client) -> None:
    def names(query: str) -> list[str]:
        return re.findall(r'<bdi class="name">(.*?)</bdi>', ask.get(f"/users/2?{query}").text)

    assert len(names("k=3")) == 3
    assert names("") != names("novelty=1")
    # What a form leaves empty says nothing.
    assert names("tag=&exclude_tag=&k=10") == names("")


def test_what_is_not_there_is_said_with_the_nearest(ask: httpx.Client) -> None:
    name = ask.get("/api/artists/7").json()["name"]
    answer = ask.get(f"/artists/{name}")
    assert answer.status_code == 404
    assert 'href="/artists/7"' in answer.text
    assert ask.get("/users/none").status_code == 404
    assert "nothing is at this address" in ask.get("/nowhere").text


def test_a_database_that_is_gone_is_said_and_comes_back(
    ask: httpx.Client, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> object:
        raise StoreUnreachableError("nobody answers there")

    with monkeypatch.context() as patch:
        patch.setattr(type(graph.store), "_execute", gone)
        # One that nobody has asked for before, and that is not kept.
        page, answer = ask.get("/users/2?k=11"), ask.get("/api/health")
        assert page.status_code == answer.status_code == 503
        assert "The database does not answer" in page.text
        assert answer.json()["detail"] == "nobody answers there"
        assert page.headers["retry-after"]
    assert ask.get("/users/2").status_code == 200


def test_every_file_beside_the_pages_is_used() -> None:
    pages = "".join(
        file.read_text(encoding="utf-8")
        for file in (Path(__file__).parents[2] / "web" / "templates").glob("*.html")
    )
    static = (Path(__file__).parents[2] / "web" / "static").glob("*.[cjs]*")
    assert all(f"static('{file.name}')" in pages for file in static)
