"""A Neo4j that is not there, or does not let us in."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from tastegraph.graph.store.settings import Settings
from tastegraph.runtime.ports import free_port
from tests.faults.program import assert_clear, command, run
from tests.neo4j_packages import NEO4J_5, UnavailableError
from tests.neo4j_server import Auth, Neo4jServer

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
