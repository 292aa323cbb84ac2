"""axe-core finds nothing on any page, in light and dark, at three widths."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tastegraph.api.graph import Graph
from tastegraph.web.browser_guide import guide_html
from tastegraph.web.service.token import Token
from tests.browser.driving import PATIENCE
from tests.browser.test_page import WIDTHS, opened  # noqa: F401
from tests.web.conftest import folder, graph, served  # noqa: F401
from tests.web.serving import priced, serving

pytestmark = pytest.mark.slow

PATHS = (
    "/",
    "/search?q=an",
    "/users/2?tag=id:1&where=listeners>=3&novelty=0.4",
    "/users/2/why-not?artist=id:7",
    "/users/2/compare?other=5",
    "/artists/1",
    "/tags/1",
    "/what-if",
    "/what-if?likes=id:7&likes=id:12&friends=2&dislikes=id:9&moved_by=dislikes:9",
    "/map?user=2#artist=1",
    "/graph?user=2#grow=artist:7",
    "/graph?user=2&artist=7",
    "/model",
    "/api",
    "/artists/none",
)

# Those pages where something is missing, each in one theme and width.
LACKING = (
    "/search",
    "/search?q=zzzzzzzz",
    "/users/2?tag=no+such+tag",
    "/users/2/why-not?artist=nobody",
    "/users/2/compare",
    "/users/2/compare?other=none",
    "/what-if?likes=nobody+is+called+so&friends=none",
    "/map",
    "/graph",
    "/graph?user=2&tag=1",
    "/nowhere",
)

LOOKS = tuple((theme, width) for width in WIDTHS for theme in ("light", "dark"))

# Scripts say when they have drawn.
DRAWN = "body:not(:has(#map:not([data-drawn]), #graph:not([data-drawn])))"


@pytest.fixture(scope="module")
def page(opened: Browser) -> Iterator[Page]:  # noqa: F811
    context = opened.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    yield tab
    context.close()


def found(
    page: Page, looks: Sequence[tuple[str, int]] = LOOKS, where: str = "document"
) -> list[str]:
    """What axe-core finds on what is open, with the first of what opens opened."""
    page.evaluate(
        "document.querySelectorAll('details').forEach((each, at) => (each.open = at < 3))"
    )
    page.evaluate(AXE_SCRIPT)
    options = "{resultTypes: ['violations'], preload: false, elementRef: false}"
    said = []
    for theme, width in looks:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        result = page.evaluate(f"axe.run({where}, {options})")
        said += [f"{page.url} {theme} {width}: {_told(each)}" for each in result["violations"]]
    return said


def _told(violation: dict[str, Any]) -> str:
    nodes = [(node["target"], node["failureSummary"]) for node in violation["nodes"][:3]]
    return f"{violation['id']} ({violation['impact']}), {violation['help']}: {nodes}"


def test_nothing_is_found_on_any_page(page: Page, served: str, graph: Graph) -> None:  # noqa: F811
    said = []
    every = [(path, LOOKS) for path in PATHS]
    every += [(path, LOOKS[at % 6 :][:1]) for at, path in enumerate(LACKING)]
    for path, looks in every:
        page.goto(f"{served}{path}")
        page.wait_for_selector(DRAWN, state="attached")
        said += found(page, looks)
    with priced(graph):
        page.goto(f"{served}/users/2")
        said += found(page)
    assert said == []


def test_nothing_is_found_where_one_signs_in(page: Page, graph: Graph) -> None:  # noqa: F811
    with serving(graph, Token("a token that nobody guesses")) as address:
        page.goto(address)
        said = found(page)
        page.get_by_label("Token").fill("another")
        page.get_by_role("button").click()
        page.locator("#wrong").wait_for()
        said += found(page)
    assert said == []


def test_what_is_wrong_would_be_found(page: Page, served: str) -> None:  # noqa: F811
    page.goto(f"{served}/model")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', "
        "'<h6>deep</h6><input><p class=quiet><a id=pale href=/>pale</a>')"
    )
    page.evaluate("document.getElementById('pale').style.color = '#eee'")
    rules = " ".join(found(page, LOOKS[:1]))
    assert all(rule in rules for rule in ("heading-order", "label", "color-contrast"))


def test_nothing_is_found_in_the_guide_of_neo4j_browser(page: Page) -> None:
    page.goto("about:blank")
    page.set_content(f"<!doctype html><html lang=en><title>Guide</title>{guide_html()}")
    assert found(page, LOOKS[:2], "'article'") == []
