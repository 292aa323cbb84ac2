"""A store with the demo's data and model, made once, and a folder of one's own for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.commands.running import Ask, run


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration, no store and no server but those that the test names."""
    monkeypatch.chdir(tmp_path)
    for name in ("TASTEGRAPH_STORE", "NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that ``demo`` filled, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "store"
    return folder, run("--store", folder, "demo").stdout


@pytest.fixture(scope="session")
def demo_copies(demo_run: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two copies of the demo's store: one to read from, one to change."""
    copies = [tmp_path_factory.mktemp("copy") / "store" for _ in range(2)]
    for copy in copies:
        shutil.copytree(demo_run[0], copy)
    return copies


@pytest.fixture(scope="session")
def open_demo(demo_copies: list[Path]) -> Iterator[GraphStore]:
    """The demo's store, kept open: commands join it, which is quicker than to open it."""
    with open_store(Settings.of(demo_copies[0])) as store:
        yield store


@pytest.fixture
def ask(open_demo: GraphStore) -> Ask:
    """Run a command on the demo's store, which it must leave as it is."""
    return Ask(open_demo.place)


@pytest.fixture(scope="module")
def change(demo_copies: list[Path]) -> Iterator[Ask]:
    """Run a command on a copy of the demo's store, which it may change."""
    with open_store(Settings.of(demo_copies[1])):
        yield Ask(demo_copies[1])


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data in the form of HetRec: 30 users, 60 artists."""
    folder = tmp_path_factory.mktemp("small") / "data"
    run("generate", folder, "--users", 30, "--artists", 60, "--seed", 5)
    return folder
