"""A store with the demo's data and model, made once, and a folder of one's own for each test."""

import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

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


@pytest.fixture(autouse=True)
def _no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """No lines of progress beside the notes, however slow the machine is."""
    monkeypatch.setattr("tastegraph.runtime.progress_bar._LINE", math.inf)


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that ``demo`` filled, and what it printed: once for all processes that test."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, printed = shared / "demo" / "store", shared / "demo" / "printed.txt"
    with FileLock(shared / "demo.lock"):
        if not printed.exists():
            printed.parent.mkdir()
            stdout = run("--store", folder, "demo").stdout
            printed.write_text(stdout, encoding="utf-8")
    return folder, printed.read_text(encoding="utf-8")


def demo_copy(demo: tuple[Path, str], factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's store."""
    return Path(shutil.copytree(demo[0], factory.mktemp("copy") / "store"))


@pytest.fixture(scope="session")
def demo_store(demo_run: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's store, to read from."""
    return demo_copy(demo_run, tmp_path_factory)


@pytest.fixture(scope="session")
def open_demo(demo_store: Path) -> Iterator[GraphStore]:
    """The demo's store, kept open: commands join it, which is quicker than to open it."""
    with open_store(Settings.of(demo_store)) as store:
        yield store


@pytest.fixture
def ask(open_demo: GraphStore) -> Ask:
    """Run a command on the demo's store, which it must leave as it is."""
    return Ask(open_demo.place)


@pytest.fixture(scope="module")
def change(demo_run: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Run a command on a copy of the demo's store, which the tests of the file may change."""
    copy = demo_copy(demo_run, tmp_path_factory)
    with open_store(Settings.of(copy)):
        yield Ask(copy)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data in the form of HetRec: 30 users, 60 artists."""
    folder = tmp_path_factory.mktemp("small") / "data"
    run("generate", folder, "--users", 30, "--artists", 60, "--seed", 5)
    return folder
