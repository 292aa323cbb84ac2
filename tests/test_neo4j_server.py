"""The servers that the other tests rely on: they start, stop, keep their data and are wiped."""

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import ServiceUnavailable

from tests.neo4j_packages import NEO4J_2026
from tests.neo4j_server import Auth, Server
from tests.neo4j_wipe import count_nodes, wipe

MAKE_DATA = "UNWIND range(1, 12000) AS i CREATE (:User {id: i})-[:LISTENED]->(:Artist {id: i})"
MAKE_CONSTRAINT = "CREATE CONSTRAINT user_id FOR (u:User) REQUIRE u.id IS UNIQUE"
MAKE_INDEX = "CREATE INDEX artist_name FOR (a:Artist) ON (a.name)"


@pytest.fixture(params=["empty_neo4j", "empty_neo4j_2026"])
def empty_uri(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


def run(uri: str, *queries: str, auth: Auth = None) -> list[object]:
    with GraphDatabase.driver(uri, auth=auth) as driver:
        for query in queries:
            rows = driver.execute_query(query, database_="neo4j").records
    return [row[0] for row in rows]


def test_answers_a_query(empty_uri: str, neo4j_auth: Auth) -> None:
    assert run(empty_uri, "RETURN 1", auth=neo4j_auth) == [1]


def test_2026_is_what_its_name_says(neo4j_2026_uri: str) -> None:
    kernel = "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel'"
    assert run(neo4j_2026_uri, f"{kernel} RETURN versions[0]") == [NEO4J_2026.version]


def test_wipe_leaves_a_new_database(empty_uri: str, neo4j_auth: Auth) -> None:
    schema = "SHOW INDEXES YIELD type RETURN type ORDER BY type"
    fresh = run(empty_uri, schema, auth=neo4j_auth)
    run(empty_uri, MAKE_CONSTRAINT, MAKE_INDEX, MAKE_DATA, auth=neo4j_auth)
    assert count_nodes(empty_uri, neo4j_auth) == 24_000

    wipe(empty_uri, neo4j_auth)

    assert count_nodes(empty_uri, neo4j_auth) == 0
    assert run(empty_uri, schema, auth=neo4j_auth) == fresh == ["LOOKUP", "LOOKUP"]


@pytest.mark.slow
def test_keeps_data_and_address_over_a_stop(neo4j_server: Server) -> None:
    uri = neo4j_server.uri
    run(uri, "CREATE (:User {id: 2})")
    neo4j_server.stop()
    assert not neo4j_server.running
    with pytest.raises(ServiceUnavailable), GraphDatabase.driver(uri) as driver:
        driver.verify_connectivity()

    neo4j_server.start()

    assert run(uri, "MATCH (u:User) RETURN u.id") == [2]
