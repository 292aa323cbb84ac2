"""The map and the graph in a real Chromium: pointers, keys, search, the address and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_page import WIDTHS, Watched, opened  # noqa: F401
from tests.web.conftest import folder, graph, served  # noqa: F401

pytestmark = pytest.mark.slow


@pytest.fixture
def tab(opened: Browser, served: str) -> Iterator[Watched]:  # noqa: F811
    watched = Watched(opened, served, reduced_motion="reduce")
    yield watched
    watched.context.close()
    assert watched.faults == []


def on_map(page: Page, address: str = "/map") -> None:
    """Open the map, and wait until it is drawn."""
    page.goto(address)
    page.wait_for_selector("#map[data-drawn]")


def middle(page: Page) -> tuple[float, float]:
    """The middle of the canvas on the screen."""
    page.locator("#map-canvas").scroll_into_view_if_needed()
    box = page.locator("#map-canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drawn_colours(page: Page) -> int:
    """How many colours the canvas shows."""
    return page.evaluate(
        """() => {
          const canvas = document.getElementById("map-canvas");
          const copy = document.createElement("canvas");
          Object.assign(copy, { width: canvas.width, height: canvas.height });
          const pen = copy.getContext("2d", { willReadFrequently: true });
          pen.drawImage(canvas, 0, 0);
          const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
          return new Set(new Uint32Array(data.buffer)).size;
        }"""
    )


def test_the_search_flies_to_an_artist_and_back_leads_home(tab: Watched) -> None:
    page = tab.page
    page.goto("/artists/7")
    name = page.locator("h1 bdi").inner_text()
    on_map(page)
    assert drawn_colours(page) > 20
    page.get_by_placeholder("Fly to an artist").press_sequentially(name)
    page.locator("#map-found button", has_text=name).first.click()
    expect(page.locator("#map-card bdi")).to_have_text(name)
    expect(page).to_have_url(re.compile(r"#artist=7"))
    page.mouse.move(*middle(page))
    expect(page.locator("#map-tip")).to_contain_text(name)
    page.reload()
    expect(page.locator("#map-card bdi")).to_have_text(name)
    page.locator("#map-card a").click()
    expect(page.locator("h1 bdi")).to_have_text(name)
    page.go_back()
    expect(page.locator("#map-card bdi")).to_have_text(name)
    page.go_back()
    expect(page.locator("#map-card")).to_be_hidden()


def test_a_click_opens_who_is_under_the_pointer(tab: Watched) -> None:
    page = tab.page
    on_map(page, "/map#artist=7")
    expect(page.locator("#map-card")).to_be_visible()
    page.get_by_label("Close").click()
    expect(page.locator("#map-card")).to_be_hidden()
    page.mouse.click(*middle(page))
    expect(page.locator("#map-card")).to_be_visible()
    expect(page.locator("#map-card a")).to_have_attribute("href", "/artists/7")
    page.go_back()
    expect(page.locator("#map-card")).to_be_hidden()


def test_it_works_by_keyboard(tab: Watched) -> None:
    page = tab.page
    on_map(page, "/map#artist=7")
    expect(page.locator("#map-card")).to_be_visible()
    page.locator("#map-canvas").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#map-card")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#map-card")).to_be_visible()
    expect(page.locator("#map-card a")).to_have_attribute("href", "/artists/7")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    page.wait_for_url(re.compile(r"at=[-\d.]+,[-\d.]+,[\d.]+"))
    expect(page.locator("#said")).to_contain_text("middle")
    page.keyboard.press("0")
    page.wait_for_url(re.compile(r"at=[-\d.]+,[-\d.]+,1\.00"))


def test_a_legend_shows_one_tag_by_itself(tab: Watched) -> None:
    page = tab.page
    on_map(page)
    before = drawn_colours(page)
    page.locator("[data-colour='0']").click()
    expect(page.locator("[data-colour='0']")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(200)
    assert drawn_colours(page) != before
    page.locator("[data-colour='0']").click()
    expect(page.locator("[aria-pressed='true']")).to_have_count(0)


def test_a_person_is_laid_over(tab: Watched) -> None:
    page = tab.page
    on_map(page)
    page.get_by_label("person", exact=False).last.fill("2")
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector("#map[data-drawn]")
    expect(page).to_have_url(re.compile(r"/map\?user=2"))
    expect(page.locator(".map-list a.map-go").first).to_be_visible()
    page.locator(".map-list a.map-go").first.click()
    expect(page.locator("#map-card")).to_be_visible()
    page.go_back()
    expect(page.locator("#map-card")).to_be_hidden()


def test_odd_names_are_text(tab: Watched) -> None:
    on_map(tab.page, "/map#artist=1")
    expect(tab.page.locator("#map-card bdi")).to_have_text("<script>alert(1)</script>")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits(
    opened: Browser,  # noqa: F811
    served: str,  # noqa: F811
    pictures: Path,
    width: int,
    theme: str,
) -> None:
    size = {"width": width, "height": 900}
    tab = Watched(opened, served, viewport=size, color_scheme=theme)
    on_map(tab.page, "/map?user=2#artist=7")
    expect(tab.page.locator("#map-card")).to_be_visible()
    assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    pictures.mkdir(parents=True, exist_ok=True)
    tab.page.screenshot(path=pictures / f"map-open-{width}-{theme}.png", full_page=True)
    tab.context.close()
    assert tab.faults == []


def on_graph(page: Page, address: str) -> None:
    """Open the graph, and wait until it is drawn."""
    page.goto(address)
    page.wait_for_selector("#graph[data-drawn]")


def rows(page: Page) -> int:
    """Links in the table beside the drawing."""
    return page.locator("#graph-table tbody tr").count()


def test_the_graph_grows_by_a_click_and_back(tab: Watched) -> None:
    page = tab.page
    on_graph(page, "/graph?artist=7")
    before = rows(page)
    box = page.locator("#graph-canvas").bounding_box()
    assert box is not None
    place = page.evaluate(
        """() => {
          const cy = document.getElementById("graph-canvas")._cyreg.cy;
          return cy.nodes('[kind="user"]').first().renderedPosition();
        }"""
    )
    page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])
    page.wait_for_url(re.compile(r"#grow=user"))
    expect(page.locator("#graph-card")).to_be_visible()
    grown = rows(page)
    assert grown > before
    page.reload()
    page.wait_for_selector("#graph[data-drawn]")
    assert rows(page) == grown
    page.go_back()
    expect(page.locator("#graph-table tbody tr")).to_have_count(before)
    page.go_forward()
    expect(page.locator("#graph-table tbody tr")).to_have_count(grown)


def test_the_graph_works_by_keyboard(tab: Watched) -> None:
    page = tab.page
    on_graph(page, "/graph?user=2")
    before = rows(page)
    page.locator("#graph-canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#said")).to_contain_text("Enter grows it")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#grow="))
    expect(page.locator("#graph-card")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(page).to_have_url(re.compile(r"/graph\?user=2$"))
    expect(page.locator("#graph-table tbody tr")).to_have_count(before)
    page.keyboard.press("Escape")
    expect(page.locator("#graph-card")).to_be_hidden()


def test_a_late_answer_brings_no_card_back(tab: Watched) -> None:
    page, held = tab.page, []

    def hold(route: Route) -> None:
        held.append(route)

    on_graph(page, "/graph?user=2")
    page.locator("#graph-canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.route("**/api/graph**", hold)
    with page.expect_request("**/api/graph**"):
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#graph-card")).to_be_hidden()
    before = rows(page)
    while held:
        held.pop().continue_()
        page.wait_for_timeout(100)
    page.wait_for_selector("#graph:not([aria-busy])")
    assert rows(page) > before
    expect(page.locator("#graph-card")).to_be_hidden()


def test_a_reason_is_drawn_as_a_way(tab: Watched) -> None:
    page = tab.page
    page.goto("/users/2")
    page.locator(".picks summary").first.click()
    page.get_by_text("the ways to it").first.click()
    page.wait_for_selector("#graph[data-drawn]")
    assert rows(page) > 1
    expect(page.locator("#parts")).to_be_visible()


def test_nothing_is_drawn_beyond_the_most(tab: Watched) -> None:
    page = tab.page
    on_graph(page, "/graph?user=2#" + "&".join(["grow=user:2"] * 3 + ["grow=tag:1"] * 16))
    nodes = "document.getElementById('graph-canvas')._cyreg.cy.nodes().length"
    assert 100 < page.evaluate(nodes) <= 300
    assert float(page.locator("#graph").get_attribute("data-laid") or "inf") < 5_000
