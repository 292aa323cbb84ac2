"""Neo4j Browser in headless Chromium, driven as a person drives it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

# Nothing but what the pages ask for goes over the network; root can't have Chromium's sandbox.
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# For a page, a result or a drawing to appear, in milliseconds.
PATIENCE = 30_000


def find_chromium() -> str | None:
    """The path of an installed Chromium; Playwright's own downloads are never used."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


class Neo4jBrowser:
    """Neo4j Browser on one page, connected."""

    def __init__(self, page: Page, url: str, auth: tuple[str, str] | None = None) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)
        page.goto(url)
        self._connect(auth)

    def run(self, text: str) -> Locator:
        """Run a query or a command; gives the frame of its result once that is there."""
        self._type(text)
        self.run_editor()
        return self.frames.first

    def run_editor(self) -> None:
        """Run what stands in the editor, until there is one frame more."""
        before = self.frames.count()
        self._press_run()
        self.page.wait_for_function(
            "before => document.querySelectorAll('[data-testid=frame]').length > before", arg=before
        )

    @property
    def frames(self) -> Locator:
        """The results on the page, the newest first."""
        return self.page.get_by_test_id("frame")

    def clear(self) -> None:
        """Take all results away."""
        self._type(":clear")
        self._press_run()
        self.page.wait_for_function("!document.querySelector('[data-testid=frame]')")

    def _type(self, text: str) -> None:
        self.page.get_by_test_id("activeEditor").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def _press_run(self) -> None:
        self.page.get_by_test_id("editor-Run").click()

    def _connect(self, auth: tuple[str, str] | None) -> None:
        page = self.page
        page.get_by_test_id("bolt-scheme-select").select_option("bolt://")
        if auth:
            page.get_by_test_id("username").fill(auth[0])
            page.get_by_test_id("password").fill(auth[1])
        else:
            page.get_by_test_id("authenticationMethod").select_option("NO_AUTH")
        page.get_by_test_id("connect").click()
        page.get_by_test_id("disconnectedBanner").wait_for(state="detached")
        # This frame would land above the first result.
        self.frames.filter(has_text="Getting started").first.wait_for()


@contextmanager
def open_page(width: int = 1280, height: int = 900) -> Iterator[Page]:
    """An empty page of a Chromium that ends with the block; there has to be one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


def table(frame: Locator) -> list[list[str]]:
    """The cells of a result's table, row by row, without the row numbers."""
    rows = frame.locator("tbody tr")
    rows.first.wait_for()
    return [row.locator("td").all_inner_texts()[1:] for row in rows.all()]


def heights(frame: Locator) -> list[float]:
    """How high the rows of a result's table are, in pixels."""
    measured: list[float] = frame.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    return measured


def show(frame: Locator, view: str) -> None:
    """Switch a result to its Visualization or Table."""
    frame.get_by_test_id(f"cypherFrameSidebar{view}").click()


def drawn(frame: Locator) -> tuple[int, int]:
    """How many nodes and relationships a result draws."""
    frame.locator("svg g.node").first.wait_for()
    return frame.locator("svg g.node").count(), frame.locator("svg g.relationship").count()


def keep(frame: Locator, file: Path) -> None:
    """Keep a picture of a result."""
    file.parent.mkdir(exist_ok=True)
    frame.screenshot(path=file)


def drop(page: Page, address: str) -> None:
    """Drag the file at ``address`` into the window."""
    page.evaluate(
        """async address => {
            const content = await (await fetch(address)).blob();
            const dragged = new DataTransfer();
            dragged.items.add(new File([content], address.split('/').pop()));
            const options = {bubbles: true, cancelable: true, dataTransfer: dragged};
            document.querySelector('.filedrop').dispatchEvent(new DragEvent('drop', options));
        }""",
        address,
    )
