"""What every test can ask for: a real Neo4j of either release, wiped, and the real data."""

import os
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest
from hypothesis import settings

from tests.neo4j_container import Neo4jContainer
from tests.neo4j_packages import NEO4J_5, NEO4J_2026, ROOT, UnavailableError
from tests.neo4j_server import Auth, Neo4jServer, Server
from tests.neo4j_wipe import count_nodes, wipe
from tests.spotify import CLIENT_ID, Spotify

# The same examples on every machine, however busy it is.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.load_profile("tests")

# Embedded stores of tests, and of the programs that they start, live too briefly for the JVM to
# compile well: to compile quickly halves what they take.
os.environ.setdefault("ARCADEDB_JVM_ARGS", "-XX:TieredStopAtLevel=1")


# Nothing is kept where the developer's own is, and no server makes what takes longer than its test.
_CACHE = TemporaryDirectory(prefix="tastegraph-cache-", ignore_cleanup_errors=True)
os.environ["TASTEGRAPH_CACHE"] = _CACHE.name
os.environ["TASTEGRAPH_JAVA_CACHE"] = "off"


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start, also where a shell runs them in its background: what
    that ignores, its children would ignore too.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the quick and the slow tests of a file stay together where several processes test.

    All stay together where there is one server to test on, which each test wipes.
    """
    speed = "slow" if item.get_closest_marker("slow") else "quick"
    group = f"{item.nodeid.partition('::')[0]} {speed}"
    item.add_marker(pytest.mark.xdist_group("all" if "NEO4J_TEST_URI" in os.environ else group))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow tests last and leave the order alone otherwise."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)


@pytest.fixture(scope="session")
def neo4j_process() -> Iterator[Server]:
    """The Neo4j 5.26 of this test run; tests ask for ``neo4j_uri`` or ``neo4j_server``."""
    with start_neo4j_5() as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_uri(request: pytest.FixtureRequest, neo4j_auth: Auth) -> Iterator[str]:
    """The address of a Neo4j 5.26: NEO4J_TEST_URI, left empty at the end, or one that we start.

    Each test that asks for it empties it first and leaves in it what it made.
    """
    if uri := os.environ.get("NEO4J_TEST_URI"):
        refuse_foreign_data(uri, neo4j_auth)
        yield uri
        wipe(uri, neo4j_auth)
    else:
        yield request.getfixturevalue("neo4j_process").uri


@pytest.fixture(scope="session")
def neo4j_auth() -> Auth:
    """The user name and password for ``neo4j_uri``, None where it asks for neither."""
    password = os.environ.get("NEO4J_TEST_PASSWORD")
    return ("neo4j", password) if password else None


@pytest.fixture
def empty_neo4j(neo4j_uri: str, neo4j_auth: Auth) -> str:
    """The address of ``neo4j_uri`` with nothing in it."""
    wipe(neo4j_uri, neo4j_auth)
    return neo4j_uri


@pytest.fixture
def neo4j_server(request: pytest.FixtureRequest, empty_neo4j: str) -> Iterator[Server]:
    """The server behind ``empty_neo4j``, to stop and start; it runs again after the test."""
    if "NEO4J_TEST_URI" in os.environ:
        pytest.skip("the server at NEO4J_TEST_URI is not ours to stop")
    server = request.getfixturevalue("neo4j_process")
    yield server
    if not server.running:
        server.start()


@pytest.fixture(scope="session")
def neo4j_2026_uri() -> Iterator[str]:
    """The address of a Neo4j 2026, which needs Java 21; skipped where there is none."""
    try:
        server = Neo4jServer(NEO4J_2026)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    with server:
        yield server.uri


@pytest.fixture
def empty_neo4j_2026(neo4j_2026_uri: str) -> str:
    """The address of ``neo4j_2026_uri`` with nothing in it."""
    wipe(neo4j_2026_uri)
    return neo4j_2026_uri


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real data sets, which are not part of the repository."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data in ../shared/data")
    return folder


@pytest.fixture
def spotify(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spotify]:
    """Spotify on loopback, where tekore and the browser go, with somebody who agrees."""
    import tekore

    sender = tekore.SyncSender
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", CLIENT_ID)
    monkeypatch.delenv("SPOTIFY_REDIRECT_URI", raising=False)
    with Spotify() as server:
        monkeypatch.setattr("tekore.SyncSender", lambda: sender(server.client()))
        monkeypatch.setattr("webbrowser.open", server.browse)
        yield server


def give_up(reasons: str) -> NoReturn:
    """Skip what needs Neo4j, or fail where the run is meant to have it."""
    message = f"no Neo4j: {reasons} (NEO4J_TEST_URI can name a running one)"
    if os.environ.get("REQUIRE_NEO4J") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def start_neo4j_5() -> AbstractContextManager[Server]:
    """Prepare a Neo4j 5.26 in the first way that this machine offers."""
    reasons = []
    for way in (lambda: Neo4jServer(NEO4J_5), Neo4jContainer):
        try:
            return way()
        except UnavailableError as reason:
            reasons.append(str(reason))
    give_up("; ".join(reasons))


def refuse_foreign_data(uri: str, auth: Auth) -> None:
    """Fail where the tests, which wipe the database, would delete somebody's data."""
    if nodes := count_nodes(uri, auth):
        pytest.fail(
            f"{uri} holds {nodes} nodes and the tests would delete them: empty it, "
            "or let NEO4J_TEST_URI name another server",
            pytrace=False,
        )
