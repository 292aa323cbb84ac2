"""A Neo4j that is not there, does not let us in, or goes away in the middle of a load."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

import tastegraph.graph.difference
from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.difference import Changes
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.runtime.ports import free_port
from tastegraph.runtime.progress import Advance
from tests.faults.conftest import Data
from tests.faults.program import assert_clear, command, run, struck
from tests.neo4j_packages import NEO4J_5, UnavailableError
from tests.neo4j_server import Auth, Neo4jServer, Server

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Neo4jServer]:
    """A server that asks for a password."""
    try:
        server = Neo4jServer(NEO4J_5, password=PASSWORD)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    with server:
        yield server


@pytest.fixture
def server_place(empty_neo4j: str, neo4j_auth: Auth) -> Settings:
    return Settings(empty_neo4j, None, *(neo4j_auth or (None, None)))


def credentials(place: Settings) -> dict[str, str]:
    if not place.username or not place.password:
        return {}
    return {"NEO4J_USERNAME": place.username, "NEO4J_PASSWORD": place.password}


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_nobody_answers(desk: Path, scheme: str) -> None:
    uri = f"{scheme}://127.0.0.1:{free_port()}"
    start = time.monotonic()
    done = run(command("--store", uri, "info"), desk)
    assert_clear(done, uri, "no graph server answers", "docker compose up --wait")
    assert time.monotonic() - start < 60
    assert not list(desk.iterdir())


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_an_unknown_database(server_place: Settings, desk: Path, scheme: str) -> None:
    uri = server_place.place.replace("bolt", scheme, 1)
    line = command("--store", uri, "--database", "nope", "info")
    done = run(line, desk, **credentials(server_place))
    assert_clear(done, "no such database", "nope", "--database")


@pytest.mark.slow
def test_the_guarded_server_asks_for_its_password(guarded: Neo4jServer) -> None:
    with GraphDatabase.driver(guarded.uri, auth=guarded.auth) as driver:
        assert driver.execute_query("RETURN 1", database_="neo4j").records[0][0] == 1
    for auth in (("neo4j", "wrong horse"), None):
        with GraphDatabase.driver(guarded.uri, auth=auth) as driver, pytest.raises(AuthError):
            driver.execute_query("RETURN 1", database_="neo4j")


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [{"NEO4J_PASSWORD": "wrong horse"}, {}, {"NEO4J_USERNAME": "ann", "NEO4J_PASSWORD": PASSWORD}],
    ids=["wrong password", "no password", "wrong user"],
)
def test_a_wrong_password(guarded: Neo4jServer, desk: Path, given: dict[str, str]) -> None:
    done = run(command("--store", guarded.uri, "info"), desk, **given)
    assert_clear(done, guarded.uri, "NEO4J_USERNAME", "NEO4J_PASSWORD")
    assert not any(secret in done.stderr for secret in ("wrong horse", PASSWORD))


@pytest.mark.slow
def test_the_right_password(guarded: Neo4jServer, desk: Path) -> None:
    done = run(command("--store", guarded.uri, "info"), desk, NEO4J_PASSWORD=PASSWORD)
    assert done.returncode == 0, done


@pytest.mark.slow
def test_a_name_without_a_password(guarded: Neo4jServer, desk: Path) -> None:
    done = run(command("--store", guarded.uri, "info"), desk, NEO4J_USERNAME="neo4j")
    assert_clear(done, "set NEO4J_PASSWORD")


@pytest.mark.slow
def test_a_server_that_goes_away_is_waited_for(
    neo4j_server: Server, neo4j_auth: Auth, monkeypatch: pytest.MonkeyPatch, data: Data
) -> None:
    monkeypatch.setattr(tastegraph.graph.difference, "BATCH", 20)
    outage = Thread(target=restart, args=(neo4j_server,))

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Advance]:
        if label == "writing LISTENED" and not outage.ident:
            outage.start()
        yield lambda steps: None

    place = Settings(neo4j_server.uri, None, *(neo4j_auth or (None, None)))
    with open_store(place) as store:
        ingest(store, data.frames, progress=progress)
        outage.join()
        assert_complete(store, data.frames, data.wanted)


def restart(server: Server) -> None:
    """Stop the server for some seconds, beside what the test goes on doing."""
    server.stop()
    time.sleep(2)
    server.start()


@pytest.mark.slow
@pytest.mark.parametrize(("label", "step"), [("writing Artist", 2), ("writing TAGGED", 3)])
def test_a_killed_load_is_completed(
    server_place: Settings, desk: Path, data: Data, label: str, step: int
) -> None:
    line = struck(
        "SIGKILL", label, step, "--store", server_place.place, "load", data.path, batch=40
    )
    done = run(line, desk, **credentials(server_place))
    assert done.returncode == -signal.SIGKILL, done

    with open_store(server_place) as store:
        left = read_content(store)
        assert not left.is_empty
        assert left != data.wanted
        again = command("--store", server_place.place, "load", data.path)
        assert run(again, desk, **credentials(server_place)).returncode == 0
        assert_complete(store, data.frames, data.wanted)
    assert not list(desk.iterdir())


@pytest.mark.slow
def test_a_killed_merge_is_completed(server_place: Settings, desk: Path, data: Data) -> None:
    with open_store(server_place) as store:
        ingest(store, data.frames)
        line = struck(
            "SIGKILL",
            "writing LISTENED",
            2,
            "--store",
            server_place.place,
            "load",
            data.other,
            batch=40,
        )
        assert run(line, desk, **credentials(server_place)).returncode == -signal.SIGKILL
        assert read_content(store) != data.merged
        assert_complete(store, data.other_frames, data.merged)


def assert_complete(store: GraphStore, frames: GraphFrames, wanted: GraphContent) -> None:
    """Loading again changes nothing that is not missing, and then nothing at all."""
    ingest(store, frames)
    assert read_content(store) == wanted
    assert ingest(store, frames) == Changes()
    doubled = (
        "MATCH (a)-[r]->(b) WITH a, b, type(r) AS type, count(r) AS times WHERE times > 1 "
        "RETURN count(*)"
    )
    assert store.values(doubled) == [[0]]
