"""The same commands on a Neo4j server."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import tastegraph.graph.store.connection
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.commands.running import Ask, columns, run
from tests.neo4j_server import Auth


@pytest.fixture
def server(empty_neo4j: str, neo4j_auth: Auth, monkeypatch: pytest.MonkeyPatch) -> Ask:
    if neo4j_auth:
        monkeypatch.setenv("NEO4J_USERNAME", neo4j_auth[0])
        monkeypatch.setenv("NEO4J_PASSWORD", neo4j_auth[1])
    return Ask(empty_neo4j)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Ask]:
    with open_store(Settings.of(tmp_path / "store")) as store:
        yield Ask(store.place)


def test_whole_way_gives_what_the_embedded_store_gives(
    server: Ask, embedded: Ask, small: Path
) -> None:
    assert server.hint("load") in server("doctor", code=1).stdout
    for ask in (server, embedded):
        ask("load", small)
        ask("train", "--dimensions", 8, "--epochs", 3)
        ask("doctor")
    for words in (
        ("info",),
        ("recommend", 2, 3, "-k", 5, "--why"),
        ("similar-artists", 7),
        ("similar-users", 2),
        ("query", "run", "user-listens"),
        ("query", "run", "user-listens", "-p", "userId=9999"),
    ):
        ours, theirs = server(*words), embedded(*words)
        assert columns(ours) == columns(theirs)
        assert len(ours.stdout.splitlines()) == len(theirs.stdout.splitlines())
    ours_best, theirs_best = (ask.rows("recommend", 2) for ask in (server, embedded))
    assert [row["artist"] for row in ours_best] == [row["artist"] for row in theirs_best]
    assert [row["score"] for row in ours_best] == pytest.approx(
        [row["score"] for row in theirs_best], abs=1e-4
    )


def test_uri_from_the_environment_and_a_wrong_database(
    server: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", str(server.place))
    assert "User" in run("info").stdout
    error = run("--database", "nope", "info", code=1).stderr
    assert "--database" in error


def test_while_ones_history_loads_the_server_plans_what_comes_next(
    server: Ask, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For an id of another type it plans anew."""
    # Also on a busy machine.
    monkeypatch.setattr(tastegraph.graph.store.connection, "PLANNING", 120.0)
    server("load", small)
    server("train", "--dimensions", 8, "--epochs", 3)
    history = tmp_path / "scrobbles.csv"
    known = (small / "artists.dat").read_text(encoding="utf-8").splitlines()[1:9]
    plays = [f"{line.split(chr(9))[1]},Album,Song,01 Jan 2020 10:00" for line in known]
    history.write_text("\n".join(["artist,album,track,date", *plays, ""]), encoding="utf-8")
    with open_store(Settings.of(server.place)) as store:
        store.values("CALL db.stats.clear('QUERIES')")
        store.values("CALL db.stats.collect('QUERIES')")
        try:
            server("load", history, "--user", "me")
            query, planned = _asked(store, "EXPLAIN // Recommends artists")
            server("recommend", "me")
            # Where that gives few artists, another one runs as well.
            _, run = _asked(store, query.removeprefix("EXPLAIN "))
        finally:
            store.values("CALL db.stats.stop('QUERIES')")
            store.values("CALL db.stats.clear('QUERIES')")
    assert planned == run


def _asked(store: GraphStore, beginning: str) -> tuple[str, dict[str, type]]:
    """A query that the server has run for the user "me", and the types of its parameters; others
    may have sent the same.
    """
    for _ in range(120):
        for (found,) in store.values("CALL db.stats.retrieve('QUERIES') YIELD data RETURN data"):
            for parameters in (each.get("params", {}) for each in found["invocations"]):
                if found["query"].startswith(beginning) and parameters.get("userId") == "me":
                    return found["query"], {name: type(parameters[name]) for name in parameters}
        time.sleep(0.5)
    raise AssertionError(f"nothing begins with {beginning}")
