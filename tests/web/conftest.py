"""A small graph with a model, odd names among its artists, and one server of it for all tests."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.contract.trained import load_and_train
from tests.web.serving import serving

# Names that would be more than text elsewhere: HTML, a template, letters turned around, 4 bytes.
ODD = (
    "<script>alert(1)</script>",
    "{{7*191}}",
    "\u202eright to left",
    "\U0001f3b8 guitar",
    "a/b?c=d&e#f",
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store's folder."""
    place = tmp_path_factory.mktemp("web") / "store"
    with open_store(Settings.of(place)) as store:
        load_and_train(store)
        store.write(
            "UNWIND $rows AS row MATCH (a:Artist {id: row[0]}) SET a.name = row[1]",
            {"rows": [[at, name] for at, name in enumerate(ODD, 1)]},
        )
    return place


@pytest.fixture(scope="session")
def graph(folder: Path) -> Iterator[Graph]:
    """The graph, with its model in memory."""
    with Graph(Settings.of(folder), quiet=True) as opened:
        opened.keep_in_memory(wait=True)
        yield opened


@pytest.fixture(scope="session")
def served(graph: Graph) -> Iterator[str]:
    """The address of its server."""
    with serving(graph) as address:
        yield address


@pytest.fixture(scope="session")
def ask(served: str) -> Iterator[httpx.Client]:
    """A program that asks it."""
    with httpx.Client(base_url=served, timeout=30) as client:
        yield client
