"""``make screenshots``: the page and Neo4j Browser in the documentation, on invented data."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from bench.stage import tastegraph
from tastegraph import connect
from tastegraph.graph.query_files import query
from tastegraph.web.browser_guide import STYLE
from tests.browser.conftest import serving
from tests.browser.driving import Neo4jBrowser, drawn, open_page
from tests.neo4j_packages import NEO4J_5
from tests.neo4j_server import Neo4jServer
from tests.web.serving import serving as pages_of

IMAGES = Path(__file__).with_name("images")

# By file: the query, and an example in it that is smaller for the picture.
PICTURES = {
    "browser-neighbourhood.png": ("draw-neighbourhood", "10 /* $each */", "6 /* $each */"),
    "browser-reasons.png": ("draw-reasons", "10 /* $parts */", "5 /* $parts */"),
}

# The page's pictures, by file: the address, and what is clicked there.
PAGES = {
    "page-person.png": ("/users/2", ".picks summary"),
    "page-map.png": ("/map?user=2", None),
}

# For the drawing to come to rest, in milliseconds.
REST = 5000


def main() -> None:
    """Fill a Neo4j with invented data as large as HetRec's, draw, and keep the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with (
        Neo4jServer(NEO4J_5) as server,
        serving() as address,
        open_page(width=1100, height=900) as page,
    ):
        fill(server.uri)
        browser = Neo4jBrowser(page, server.browser_url)
        browser.run(f":style {address}/{STYLE}")
        for file, (name, example, smaller) in PICTURES.items():
            if name == "draw-reasons":
                # The reasons alone, without what else connects them.
                browser.run(":config autoComplete: false")
            result = browser.run(query(name).text.replace(example, smaller))
            drawn(result)
            page.wait_for_timeout(REST)
            result.screenshot(path=IMAGES / file)
            print(IMAGES / file)
        draw_pages(server.uri, page)


def draw_pages(uri: str, page: Page) -> None:
    """Keep the pictures of what ``serve`` shows."""
    with connect(uri, quiet=True) as graph, pages_of(graph) as address:
        graph.keep_in_memory(wait=True)
        for file, (path, clicked) in PAGES.items():
            page.goto(address + path)
            if clicked:
                page.click(clicked)
            page.wait_for_timeout(REST)
            page.screenshot(path=IMAGES / file)
            print(IMAGES / file)


def fill(uri: str) -> None:
    """Make, load and learn data of as many users and artists as the real ones have."""
    with TemporaryDirectory() as folder:
        for words in (
            ("generate", folder, "--users", "1892", "--artists", "17632"),
            ("load", folder),
            ("train", "--tune", "off"),
            ("map",),
            ("evaluate", "--knobs", "--save"),
        ):
            subprocess.run([*tastegraph(), "--store", uri, *words], check=True)


if __name__ == "__main__":
    main()
