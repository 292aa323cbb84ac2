"""One page of the real Neo4j Browser on a small graph, and the guide's server beside it."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.web.browser_files import browser_files
from tastegraph.web.file_server import FileServer
from tests.browser.driving import Neo4jBrowser, find_chromium, open_page
from tests.contract.trained import load_and_train
from tests.neo4j_packages import ROOT
from tests.neo4j_server import Server
from tests.neo4j_wipe import wipe


@pytest.fixture(scope="module")
def pictures() -> Path:
    """Where screenshots are kept."""
    return ROOT / ".test-output" / "browser"


@pytest.fixture(scope="module")
def chromium() -> str:
    """An installed Chromium; without one the tests are skipped, or fail with REQUIRE_BROWSER=1."""
    if found := find_chromium():
        return found
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("no Chromium on PATH (Debian's package: chromium)", pytrace=False)
    pytest.skip("no Chromium on PATH (Debian's package: chromium)")


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address where the guide is served."""
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def store(chromium: str, neo4j_process: Server) -> Iterator[GraphStore]:
    """A small trained graph in the Neo4j that Browser comes with."""
    auth = neo4j_process.auth
    wipe(neo4j_process.uri, auth)
    with open_store(Settings(neo4j_process.uri, None, *(auth or (None, None)))) as opened:
        load_and_train(opened)
        yield opened


@pytest.fixture(scope="module")
def browser(store: GraphStore, neo4j_process: Server) -> Iterator[Neo4jBrowser]:
    """Neo4j Browser, connected."""
    with open_page() as page:
        yield Neo4jBrowser(page, neo4j_process.browser_url, neo4j_process.auth)


@contextmanager
def serving() -> Iterator[str]:
    """Serve the guide for the length of the block; gives the address."""
    with FileServer(browser_files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.address
        finally:
            server.shutdown()
            thread.join()
