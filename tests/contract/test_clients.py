"""docs/clients.md is true: its programs reach both stores as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tastegraph.api.graph import Graph
from tastegraph.api.querying import show_query
from tastegraph.graph.query_files import query
from tastegraph.graph.store.settings import Settings
from tests.contract.trained import Trained
from tests.neo4j_packages import NEO4J_5, ROOT, UnavailableError, fetched_once, jars_of

PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
JAVASCRIPT_DRIVER = "neo4j-driver@6"


def programs(language: str) -> list[str]:
    """The programs of the page in ``language``."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def run(
    trained: Trained, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., list[str]]]:
    """Runs a program beside the query that it reads; gives the lines that it prints."""
    place = trained.store.place
    auth = request.getfixturevalue("neo4j_auth") if "://" in place else None
    with Graph(Settings(place, None, *(auth or (None, None))), quiet=True) as graph:
        info = graph.connect_info(show_password=True).iloc[0]
    text = show_query("user-listens", parameters=True)
    (tmp_path / "user-listens.cypher").write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "NEO4J_URI": info["uri"],
        "NEO4J_DATABASE": info["database"],
        # A server without passwords takes any.
        "NEO4J_USERNAME": info["username"] or "neo4j",
        "NEO4J_PASSWORD": info["password"] or "any",
    }

    def ran(*command: object) -> list[str]:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    yield ran


@pytest.fixture
def expected(trained: Trained) -> list[str]:
    """What the programs that ask user-listens print."""
    rows = trained.store.rows(
        "MATCH (:User {id: 2})-[l:LISTENED]->(a:Artist) RETURN a.name AS name, l.plays AS plays "
        "ORDER BY plays DESC, a.id LIMIT 3"
    )
    return [f"{row['name']} {row['plays']}" for row in rows]


def test_python(run: Callable[..., list[str]], tmp_path: Path, expected: list[str]) -> None:
    (tmp_path / "listens.py").write_text(programs("python")[0], encoding="utf-8")
    assert run(sys.executable, "listens.py") == expected


@pytest.mark.slow
def test_javascript(run: Callable[..., list[str]], tmp_path: Path, expected: list[str]) -> None:
    (tmp_path / "node_modules").symlink_to(javascript_driver() / "node_modules")
    (tmp_path / "listens.mjs").write_text(programs("javascript")[0], encoding="utf-8")
    assert run("node", "listens.mjs") == expected


@pytest.mark.slow
def test_java(run: Callable[..., list[str]], tmp_path: Path, expected: list[str]) -> None:
    if shutil.which("jshell") is None:
        pytest.skip("no jshell")
    try:
        jars = jars_of(NEO4J_5)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    script = tmp_path / "listens.jsh"
    script.write_text(programs("java")[0] + "/exit\n", encoding="utf-8")
    path = os.pathsep.join(map(str, jars.glob("*.jar")))
    lines = run("jshell", "--class-path", path, script)
    assert [line for line in lines if line in expected] == expected


def test_graphrag(run: Callable[..., list[str]], tmp_path: Path, trained: Trained) -> None:
    pytest.importorskip("neo4j_graphrag")
    program = next(text for text in programs("python") if "neo4j_graphrag" in text)
    (tmp_path / "near.py").write_text(program, encoding="utf-8")
    lines = run(sys.executable, "near.py")
    assert len(lines) == 6
    (name,) = trained.store.values(
        "MATCH (a:Artist) WHERE a.norm > 0 RETURN a.name ORDER BY a.listeners DESC, a.id LIMIT 1"
    )[0]
    # Nobody is nearer to an artist than it is itself, by its vector and by its name.
    assert name in lines[0]
    assert name in lines[3]


def test_graphrag_recommends(
    run: Callable[..., list[str]], tmp_path: Path, trained: Trained
) -> None:
    pytest.importorskip("neo4j_graphrag")
    program = next(text for text in programs("python") if "VectorCypherRetriever" in text)
    (tmp_path / "recommended.py").write_text(program, encoding="utf-8")
    asked = query("recommend")
    alone = asked.examples | {"userId": 2, "k": 3, "weights": [1.0, 0.0, 0.0]}
    best = [row["name"] for row in trained.store.rows(asked.cypher, alone)]
    lines = run(sys.executable, "recommended.py")
    assert len(lines) == len(best) == 3
    for line, name in zip(lines, best, strict=True):
        assert name in line


def javascript_driver() -> Path:
    """The folder with the driver for JavaScript, fetched once."""
    if shutil.which("npm") is None:
        pytest.skip("no npm")
    return fetched_once(JAVASCRIPT_DRIVER, install_driver)


def install_driver(folder: Path) -> None:
    """Let npm install the driver in ``folder``; skips where it can't."""
    done = subprocess.run(
        ["npm", "install", "--loglevel", "error", "--prefix", str(folder), JAVASCRIPT_DRIVER],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"the driver can't be fetched: {done.stderr.strip()[:200]}")
