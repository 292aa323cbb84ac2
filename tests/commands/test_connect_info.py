"""``connect-info``: what it says lets another client in, and shows no password by chance."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError

from tastegraph.errors import InputError, StoreError
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.commands.running import Ask, empty_store, run, start


def test_what_it_says_lets_a_client_in(ask: Ask) -> None:
    (info,) = ask.rows("connect-info", "--show-password")
    assert list(info) == ["uri", "database", "username", "password"]
    with GraphDatabase.driver(info["uri"], auth=(info["username"], info["password"])) as driver:
        records, _, _ = driver.execute_query(
            "MATCH (u:User) RETURN count(u) AS users", database_=info["database"]
        )
    assert records[0]["users"] == 300


def test_a_reader_may_not_write(ask: Ask) -> None:
    (info,) = ask.rows("connect-info", "--show-password", "--read-only")
    owner = ask.rows("connect-info", "--show-password")[0]
    assert info["username"] != owner["username"]
    assert info["password"] != owner["password"]
    with GraphDatabase.driver(info["uri"], auth=(info["username"], info["password"])) as driver:
        counted = "MATCH (u:User) RETURN count(u) AS users"
        for cypher in ("CREATE (:User {id: 0})", "MATCH (u:User) SET u.x = 1"):
            with pytest.raises(Neo4jError):
                driver.execute_query(cypher, database_=info["database"])
        records, _, _ = driver.execute_query(counted, database_=info["database"])
    assert records[0]["users"] == 300


def test_the_password_is_shown_only_where_it_is_asked_for(ask: Ask) -> None:
    result = ask("connect-info", "--json")
    (told,) = json.loads(result.stdout)
    secret = ask.rows("connect-info", "--show-password")[0]["password"]
    assert told["password"] is None
    assert secret not in result.stdout + result.stderr
    assert str(Path(ask.place) / "tastegraph.json") in result.stderr
    assert f"process {os.getpid()} has the store open" in result.stderr


def test_a_store_that_nobody_has_open_serves_nobody(tmp_path: Path) -> None:
    ask = empty_store(tmp_path / "store")
    result = ask("connect-info", "--format", "json")
    assert json.loads(result.stdout)[0]["uri"] is None
    assert "connect-info --wait" in result.stderr
    error = run("--store", tmp_path / "none", "connect-info", code=1).stderr
    assert "there is no store" in error
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_it_keeps_the_store_open_on_a_port_of_ones_choice(tmp_path: Path) -> None:
    empty_store(tmp_path / "store")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    waiting = start(
        *("--store", tmp_path / "store", "connect-info", "--wait", "--show-password"),
        *("--format", "jsonl"),
        env=os.environ | {"TASTEGRAPH_BOLT_PORT": str(port)},
        stderr=subprocess.PIPE,
    )
    assert waiting.stdout is not None
    info = json.loads(waiting.stdout.readline())
    assert info["uri"] == f"bolt://127.0.0.1:{port}"
    with GraphDatabase.driver(info["uri"], auth=(info["username"], info["password"])) as driver:
        driver.verify_connectivity()
    waiting.send_signal(signal.SIGINT)
    _, notes = waiting.communicate(timeout=30)
    assert waiting.returncode == 0, notes


def test_a_port_that_can_not_be_had_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for port in ("x", "0", "70000", "-1"):
        monkeypatch.setenv("TASTEGRAPH_BOLT_PORT", port)
        with pytest.raises(InputError, match="is no port"):
            open_store(Settings.of(tmp_path / "store"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("TASTEGRAPH_BOLT_PORT", str(taken.getsockname()[1]))
        with pytest.raises(StoreError, match="is taken"):
            open_store(Settings.of(tmp_path / "store"))
    monkeypatch.delenv("TASTEGRAPH_BOLT_PORT")
    with open_store(Settings.of(tmp_path / "store")) as store:
        assert store.values("RETURN 1") == [[1]]
