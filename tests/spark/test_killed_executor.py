"""A cluster of two processes, of which one is killed in the middle."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.settings import Settings
from tests.spark.conftest import graph_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the executors in /proc"),
    pytest.mark.skipif(find_spec("pyspark") is None, reason="needs pyspark"),
]

_ENGINE = """
import sys
from tastegraph.api.folder_graph import graph_in
from tastegraph.api.graph import Graph
from tastegraph.graph.store.settings import Settings
from tastegraph.spark.engine import Spark

engine = Spark("local-cluster[2,1,1024]", {"spark.pyspark.python": sys.executable})
"""

_TRAIN = """
with graph_in(Settings.of(sys.argv[1]), quiet=True) as graph:
    graph.train(algorithm="als", dimensions=16, epochs=6, tune="off", seed=5, engine=engine)
    graph.recommend(engine=engine).to_parquet(sys.argv[2])
"""

_LOAD = """
with Graph(Settings.of(sys.argv[1]), quiet=True) as graph:
    graph.load(sys.argv[2], engine=engine)
"""


def _executors(of: int) -> list[int]:
    """Process ids of the executors that descend from the process ``of``."""
    parents, words = {}, {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            pid = int(process.name)
            words[pid] = (process / "cmdline").read_text(errors="replace")
            parents[pid] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    family = {of}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return [pid for pid in family if "CoarseGrainedExecutorBackend" in words.get(pid, "")]


def _run_and_kill_one(script: str, *arguments: object) -> None:
    """Run ``script`` and kill an executor two seconds after both are there."""
    command = [sys.executable, "-c", _ENGINE + script, *map(str, arguments)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as asked:
        killed: list[int] = []

        def kill() -> None:
            while asked.poll() is None and not killed:
                if len(found := _executors(asked.pid)) == 2:
                    time.sleep(2)
                    os.kill(found[0], signal.SIGKILL)
                    killed.append(found[0])
                time.sleep(0.2)

        killer = threading.Thread(target=kill)
        killer.start()
        _, said = asked.communicate(timeout=500)
        killer.join()
    assert asked.returncode == 0, said
    assert killed


def test_the_answers_are_the_same_without_one_executor(tables: Path, tmp_path: Path) -> None:
    here = shutil.copytree(tables, tmp_path / "here")
    graph_of(here).train(algorithm="als", dimensions=16, epochs=6, tune="off", seed=5)
    file = tmp_path / "lists.parquet"
    _run_and_kill_one(_TRAIN, tables, file)
    expected = tmp_path / "expected.parquet"
    graph_of(here).recommend().to_parquet(expected)
    lists, wanted = (pd.read_parquet(each) for each in (file, expected))
    pd.testing.assert_frame_equal(lists, wanted, rtol=1e-6)


def test_a_lake_is_the_same_graph_without_one_executor(tmp_path: Path) -> None:
    """Its times are text, so that it takes some seconds."""
    chance = np.random.default_rng(3)
    day = pd.Series([f"2021-01-{day:02} 12:00" for day in range(1, 31)])
    (tmp_path / "lake" / "listens").mkdir(parents=True)
    rows = pd.DataFrame(
        {
            "user": chance.integers(1, 50, 1_000_000),
            "artist": chance.integers(1, 100, 1_000_000),
            "time": day[chance.integers(0, 30, 1_000_000)].to_numpy(),
        }
    )
    for part in range(16):
        rows[part::16].to_parquet(tmp_path / "lake" / "listens" / f"{part}.parquet", index=False)
    _run_and_kill_one(_LOAD, tmp_path / "store", tmp_path / "lake")
    with Graph(Settings.of(tmp_path / "store"), quiet=True) as graph:
        query = "MATCH (u:User)-[l:LISTENED]->(a) RETURN u.id, a.id, l.plays"
        found = {(user, artist): plays for user, artist, plays in graph.store.values(query)}
    assert found == rows.groupby(["user", "artist"]).size().to_dict()
