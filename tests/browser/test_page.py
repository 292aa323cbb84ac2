"""The page in a real Chromium: found while typing, steered by sliders, read without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tastegraph.api.graph import Graph
from tests.browser.driving import OPTIONS, PATIENCE
from tests.web.conftest import folder, graph, served  # noqa: F401
from tests.web.serving import priced

pytestmark = pytest.mark.slow

PATHS = (
    "/",
    "/search?q=an",
    "/users/2",
    "/users/2/compare?other=5",
    "/artists/1",
    "/tags/1",
    "/what-if",
    "/what-if?likes=id:7&likes=id:12&friends=2&dislikes=id:9&moved_by=dislikes:9",
    "/map?user=2",
    "/graph?user=2",
    "/graph?artist=1",
    "/model",
    "/api",
    "/artists/none",
)
WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="module")
def opened(chromium: str) -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
        yield started
        started.close()


class Watched:
    """A tab, and what it complained of or asked elsewhere."""

    def __init__(self, browser: Browser, home: str, **options: object) -> None:
        self.context = browser.new_context(base_url=home, **options)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page.on("console", lambda said: self._say(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "request",
            lambda asked: asked.url.startswith(home) or self.faults.append(asked.url),
        )

    def _say(self, text: str) -> None:
        # The browser speaks of every answer that is no success.
        if "404 (Not Found)" not in text:
            self.faults.append(text)


@pytest.fixture
def tab(opened: Browser, served: str) -> Iterator[Watched]:  # noqa: F811
    watched = Watched(opened, served)
    yield watched
    watched.context.close()
    assert watched.faults == []


def names(page: Page) -> list[str]:
    """The recommended artists."""
    return page.locator(".picks .name").all_inner_texts()


def test_search_answers_while_one_types(tab: Watched) -> None:
    page = tab.page
    page.goto("/artists/7")
    name = page.locator("h1 bdi").inner_text()
    page.goto("/")
    page.get_by_role("searchbox").press_sequentially(name[:-1] + "x")
    page.locator("#found a", has_text=name).click()
    expect(page.locator("h1 bdi")).to_have_text(name)
    page.go_back()
    expect(page.locator("#found a", has_text=name)).to_be_visible()


def test_a_price_follows_its_slider_as_the_page_says_it(
    tab: Watched,
    graph: Graph,  # noqa: F811
) -> None:
    """The page's script and the server each work it out."""
    page = tab.page
    price = page.locator("#novelty-price")
    with priced(graph):
        for value in ("0.05", "0.2", "0.55", "1"):
            page.goto("/users/2")
            page.get_by_label("Novelty").fill(value)
            page.wait_for_url(re.compile(rf"novelty={value}$"))
            shown = price.inner_text()
            page.reload()
            assert price.inner_text() == shown != "NDCG ±0.000"


def test_a_slider_changes_the_list_and_the_address(tab: Watched) -> None:
    page = tab.page
    page.goto("/users/2")
    before = names(page)
    page.locator(".picks summary").first.press("Enter")
    expect(page.locator(".reasons").first).to_be_visible()
    novelty = page.get_by_label("Novelty")
    novelty.focus()
    novelty.press("End")
    page.wait_for_url(re.compile(r"/users/2\?novelty=1$"))
    after = names(page)
    assert after != before
    assert page.locator('output[for="novelty"]').inner_text() == "1.00"
    page.reload()
    assert names(page) == after
    page.get_by_text("As the model has it").click()
    expect(page).to_have_url(re.compile("/users/2$"))
    assert names(page) == before


def test_a_filter_that_nothing_has_is_said_and_taken_back(tab: Watched) -> None:
    page = tab.page
    page.goto("/users/2")
    tag = page.get_by_label("Only tagged")
    tag.fill("no such tag")
    expect(page.locator("#list .missing")).to_contain_text("there is no tag 'no such tag'")
    tag.fill("")
    expect(page.locator(".picks li")).to_have_count(10)


def test_a_reason_opens_by_keyboard_and_adds_up(tab: Watched) -> None:
    page = tab.page
    page.goto("/users/2")
    page.keyboard.press("Tab")
    expect(page.get_by_text("To the content")).to_be_focused()
    row = page.locator(".picks details").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    values = row.locator("tbody td").all_inner_texts()
    total = row.locator("tfoot td").inner_text()
    together = sum(float(value.replace("−", "-")) for value in values)
    assert f"{together:.3f}" == total == row.locator("summary .n").inner_text()


def test_two_tabs_keep_apart(tab: Watched) -> None:
    one, two = tab.page, tab.context.new_page()
    one.goto("/users/2?novelty=1")
    two.goto("/users/2")
    assert names(one) != names(two)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_fit_and_ask_nobody_else(
    opened: Browser,
    served: str,  # noqa: F811
    pictures: Path,
    width: int,
    theme: str,
) -> None:
    size = {"width": width, "height": 900}
    tab = Watched(opened, served, viewport=size, color_scheme=theme)
    for path in PATHS:
        tab.page.goto(path)
        wider = tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, path
        name = re.sub(r"\W+", "-", path).strip("-") or "home"
        pictures.mkdir(parents=True, exist_ok=True)
        tab.page.screenshot(path=pictures / f"page-{name}-{width}-{theme}.png", full_page=True)
    assert tab.page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(251, 250, 247)" if theme == "light" else "rgb(23, 23, 25)"
    )
    tab.context.close()
    assert tab.faults == []


def test_everything_is_read_without_javascript(opened: Browser, served: str) -> None:  # noqa: F811
    tab = Watched(opened, served, java_script_enabled=False)
    page = tab.page
    page.goto("/")
    page.get_by_role("searchbox").fill("2")
    page.get_by_role("button", name="Search").click()
    page.locator("#found a", has_text="person").first.click()
    before = names(page)
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Show").click()
    assert len(names(page)) == 3
    assert names(page) == before[:3]
    page.locator(".picks summary").first.click()
    page.get_by_text("More about this artist").first.click()
    expect(page.locator("h1 .is-artist")).to_be_visible()
    page.locator(".chips a").first.click()
    expect(page.locator("h1 .is-tag")).to_be_visible()
    page.go_back()
    expect(page.locator("h1 .is-artist")).to_be_visible()
    tab.context.close()
    assert tab.faults == []
