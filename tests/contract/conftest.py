"""The same tests on every store: the embedded one, Neo4j 5.26 and, where it runs, Neo4j 2026."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.contract.prepared import (
    Filled,
    Make,
    copied_folder,
    empty_server,
    filled_server,
    wipe_server,
)
from tests.contract.trained import Trained, load_and_train

ADDRESSES = {"neo4j": "neo4j_uri", "neo4j-2026": "neo4j_2026_uri"}


# What Neo4j 2026 is asked: whether it has the indexes, and answers every query alike.
ON_2026 = ("test_schema", "test_parity", "test_queries")

# What looks at the constraints and indexes that come, on a server that has none.
ON_BARE = (
    "test_schema.py",
    "test_schema_version.py",
    "test_own_cypher_writes.py",
    "test_publishing.py",
    "test_loading.py",
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the tests of a module run on one store after the other."""
    if "kind" in metafunc.fixturenames:
        stores = ["embedded", "neo4j"]
        if metafunc.module.__name__.endswith(ON_2026):
            stores.append("neo4j-2026")
        metafunc.parametrize("kind", stores, indirect=True, scope="module")


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> str:
    """Which store a test runs on."""
    return request.param


@pytest.fixture
def filled(request: pytest.FixtureRequest, kind: str) -> Iterator[Filled]:
    """A store that holds what ``@pytest.mark.holds(make=make)`` names, as if it had just been made.

    Without that mark it holds nothing.
    """
    if mark := request.node.get_closest_marker("holds"):
        yield filled_place(request, kind, mark.kwargs["make"])
        return
    with empty_place(request, kind) as place:
        yield Filled(place, None)


@pytest.fixture
def settings(filled: Filled) -> Settings:
    """Where ``store`` lives, for tests that open it a second time."""
    return filled.place


@pytest.fixture
def store(settings: Settings) -> Iterator[GraphStore]:
    """An open store with nothing in it, or what the test's mark names."""
    with open_store(settings) as opened:
        yield opened


@pytest.fixture
def held(filled: Filled, store: GraphStore) -> Trained:
    """What is in ``store``, in memory, where its mark names a graph with a model."""
    return dataclasses.replace(filled.given, store=store)


@pytest.fixture(scope="module")
def trained(request: pytest.FixtureRequest, kind: str) -> Iterator[Trained]:
    """A small graph with its model, put there once a module: its tests only read."""
    there = filled_place(request, kind, load_and_train)
    with open_store(there.place) as opened:
        yield dataclasses.replace(there.given, store=opened)


def filled_place(request: pytest.FixtureRequest, kind: str, make: Make) -> Filled:
    """A new folder, or a server, with what ``make`` makes and nothing else."""
    if kind == "embedded":
        return copied_folder(request.getfixturevalue("tmp_path_factory"), make)
    return filled_server(server_place(request, kind), make)


@contextmanager
def empty_place(request: pytest.FixtureRequest, kind: str) -> Iterator[Settings]:
    """A new folder, or a server with nothing in it."""
    if kind == "embedded":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("embedded") / "store"
        yield Settings.of(folder)
        return
    place = server_place(request, kind)
    if request.node.nodeid.partition("::")[0].endswith(ON_BARE):
        wipe_server(place)
    else:
        empty_server(place)
    yield place


def server_place(request: pytest.FixtureRequest, kind: str) -> Settings:
    """The server of a kind."""
    uri = request.getfixturevalue(ADDRESSES[kind])
    auth = request.getfixturevalue("neo4j_auth") if kind == "neo4j" else None
    return Settings(uri, None, *(auth or (None, None)))
