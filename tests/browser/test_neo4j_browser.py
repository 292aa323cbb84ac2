"""The real Neo4j Browser plays the guide, takes the style and the scripts, and runs the queries."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tastegraph.graph.query_files import query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.values import NodeValue, PathValue
from tastegraph.web.browser_files import GUIDE
from tastegraph.web.browser_guide import SCRIPTS, STYLE
from tastegraph.web.chapters import CHAPTERS
from tests.browser.driving import Neo4jBrowser, drawn, drop, heights, keep, show, table
from tests.neo4j_packages import ROOT

pytestmark = pytest.mark.slow

SECTION = (ROOT / "docs" / "explore.md").read_text(encoding="utf-8").split("## In Neo4j Browser")[1]
DOCUMENTED = sorted(set(re.findall(r"graph/queries/([\w-]+)\.cypher", SECTION)))
# What of a table somebody still reads, in pixels of a row.
HIGHEST = 400
BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#007A59"


@pytest.fixture(autouse=True)
def _clear(browser: Neo4jBrowser) -> None:
    """Each test begins on an empty page."""
    browser.clear()


def nodes_in(value: Any) -> Iterator[NodeValue]:
    """All nodes of a result."""
    if isinstance(value, NodeValue):
        yield value
    elif isinstance(value, PathValue):
        yield from value.nodes
    elif isinstance(value, list):
        for entry in value:
            yield from nodes_in(entry)


def test_guide_has_a_slide_a_chapter_and_its_queries_run(
    browser: Neo4jBrowser, served: str, pictures: Path
) -> None:
    guide = browser.run(f":play {served}/{GUIDE}")
    guide.get_by_text(f"1 / {len(CHAPTERS) + 1}").wait_for()
    keep(guide, pictures / "guide.png")
    guide.get_by_test_id("nextSlide").click()
    guide.get_by_role("heading", name=CHAPTERS[0].title).wait_for()
    first = CHAPTERS[0].queries[0]
    guide.locator("pre.runnable").first.click()
    browser.run_editor()
    result = browser.frames.first
    assert drawn(result)[0] > 1
    assert query(first).answers[:40] in result.inner_text()


def test_style_colours_and_names(
    browser: Neo4jBrowser, served: str, store: GraphStore, pictures: Path
) -> None:
    browser.run(f":style {served}/{STYLE}")
    result = browser.run(query("draw-neighbourhood").text)
    drawn(result)
    keep(result, pictures / "neighbourhood.png")
    colours = result.locator("svg g.node circle.b-outline").evaluate_all(
        "circles => circles.map(circle => circle.getAttribute('fill'))"
    )
    assert set(colours) == {BLUE, ORANGE, GREEN}
    captions = " ".join(result.locator("svg g.node text").all_text_contents())
    played = store.rows(query("user-listens").cypher, {"userId": 2, "k": 1})[0]["name"]
    assert played.split()[0] in captions


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented_query_shows_what_the_store_answers(
    browser: Neo4jBrowser, store: GraphStore, pictures: Path, name: str
) -> None:
    columns, rows = store.table(query(name).text)
    result = browser.run(query(name).text)
    nodes = {node for row in rows for node in nodes_in(list(row.values()))}
    if nodes:
        assert drawn(result)[0] == len(nodes)
        keep(result, pictures / f"{name}.png")
        show(result, "Table")
    cells = table(result)
    keep(result, pictures / f"{name}-table.png")
    assert result.locator("thead th").all_inner_texts()[1:] == columns
    # A drawing's rows have nodes in them, with all their properties.
    assert nodes or max(heights(result)) <= HIGHEST
    assert [row[0] for row in cells] == [
        json.dumps(row[columns[0]], ensure_ascii=False) for row in rows
    ]


def test_documented_queries_are_at_least_eight_and_draw() -> None:
    assert len(DOCUMENTED) >= 8
    assert {"draw-neighbourhood", "draw-reasons"} <= set(DOCUMENTED)


def test_scripts_become_favourites_in_folders(
    browser: Neo4jBrowser, served: str, pictures: Path
) -> None:
    drop(browser.page, f"{served}/{SCRIPTS}")
    browser.page.get_by_test_id("navigationFavorites").click()
    for chapter in CHAPTERS:
        browser.page.get_by_text(f"Tastegraph, {chapter.title}").wait_for()
    browser.page.get_by_text(f"Tastegraph, {CHAPTERS[1].title}").click()
    for name in CHAPTERS[1].queries:
        browser.page.get_by_text(name, exact=True).wait_for()
    browser.page.screenshot(path=pictures / "scripts.png")
    browser.page.get_by_test_id("navigationFavorites").click()
