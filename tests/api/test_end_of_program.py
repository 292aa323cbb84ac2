"""A program that uses the library ends when its last line has run."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from tastegraph.api.graph import Graph
from tastegraph.graph.store.settings import Settings

graph = Graph(Settings(sys.argv[1]))
graph.load(sys.argv[2])
if sys.argv[3] == "closed and opened":
    graph.close()
print(len(graph.info()))
"""


@pytest.mark.parametrize("ends", ["open", "closed and opened"])
def test_an_embedded_store_that_nobody_closes_holds_no_program_up(
    tmp_path: Path, ends: str
) -> None:
    listens = tmp_path / "listens.csv"
    listens.write_text("user,artist,plays\na,x,3\nb,y,1\n", encoding="utf-8")
    store = tmp_path / "store"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(store), str(listens), ends],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "10\n"), done.stderr
    assert not (store / "owner.json").exists()
