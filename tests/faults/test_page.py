"""The page while its database goes away, and two of them on one store."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Limits, Settings
from tests.contract.agreement import CLOSE
from tests.contract.trained import load_and_train
from tests.faults.program import command
from tests.neo4j_server import Auth, Server
from tests.patience import until
from tests.web.serving import serving

pytestmark = pytest.mark.slow

PAGES = ("/users/2", "/search?q=an", "/what-if?likes=id:7")
ANSWERS = ("/health", "/recommendations?user=2", "/map.bin")


def test_pages_say_that_the_database_is_gone_and_work_again(
    neo4j_server: Server, neo4j_auth: Auth
) -> None:
    # As ``serve`` opens it.
    place = Settings(
        neo4j_server.uri, None, *(neo4j_auth or (None, None)), limits=Limits(2.0, 20.0)
    )
    with open_store(place) as store:
        load_and_train(store)
    with Graph(place, quiet=True) as graph:
        graph.keep_in_memory(wait=True)
        with serving(graph) as address, httpx.Client(base_url=address, timeout=40) as client:
            before = {path: client.get(path).text for path in PAGES}
            neo4j_server.stop()
            for path in PAGES:
                gone = client.get(path)
                assert gone.status_code == 503, path
                assert "The database does not answer" in gone.text
                assert gone.headers["retry-after"]
            for path in ANSWERS:
                gone = client.get(f"/api{path}")
                assert gone.status_code == gone.json()["status"] == 503, path
                assert gone.headers["content-type"] == "application/problem+json"
            assert client.get("/api/metrics").status_code == 200
            assert client.get("/api").status_code == 200
            neo4j_server.start()
            assert {path: client.get(path).text for path in PAGES} == before
            assert client.get("/api/health").json() == {"status": "ok"}


@contextmanager
def served(folder: Path, desk: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process on the store in ``folder``, and its address."""
    line = command("--store", folder, "serve", "--port", 0)
    with subprocess.Popen(
        line, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert re.fullmatch(r"http://localhost:\d+", address)
            yield process, address
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0


def scored(address: str) -> dict[int, float]:
    """The artists of a list with their scores, which memory and database give alike."""
    rows = httpx.get(address, timeout=60).json()["artists"]
    return {row["artist"]: row["score"] for row in rows}


def test_two_on_one_store_answer_alike_and_the_second_outlives_the_first(
    tmp_path: Path, desk: Path
) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as store:
        load_and_train(store)
    path = "/api/users/2/recommendations?k=5"
    with served(folder, desk) as (first, one), served(folder, desk) as (_, other):
        scores = [scored(f"{each}{path}") for each in (one, other)]
        assert scores[0] == pytest.approx(scores[1], abs=CLOSE)
        first.send_signal(signal.SIGINT)
        assert first.wait(30) == 0
        # Where it was just reading, it may say first that nobody answers.
        assert until(lambda: httpx.get(f"{other}/users/2", timeout=60).status_code == 200)
        assert scored(f"{other}{path}") == pytest.approx(scores[0], abs=CLOSE)
    assert not list(desk.iterdir())
