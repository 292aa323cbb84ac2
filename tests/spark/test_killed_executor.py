"""A cluster of two processes, of which one is killed in the middle."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from tests.spark.conftest import graph_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the executors in /proc"),
]

_ASKED = """
import sys
from tastegraph.api.folder_graph import graph_in
from tastegraph.graph.store.settings import Settings
from tastegraph.spark.engine import Spark

with graph_in(Settings.of(sys.argv[1]), quiet=True) as graph:
    engine = Spark("local-cluster[2,1,1024]", {"spark.pyspark.python": sys.executable})
    graph.train(algorithm="als", dimensions=16, epochs=6, tune="off", seed=5, engine=engine)
    print("trained", flush=True)
    graph.recommend(engine=engine).to_parquet(sys.argv[2])
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


def test_the_answers_are_the_same_without_one_executor(
    spark: object, tables: Path, tmp_path: Path
) -> None:
    here = shutil.copytree(tables, tmp_path / "here")
    graph_of(here).train(algorithm="als", dimensions=16, epochs=6, tune="off", seed=5)
    file = tmp_path / "lists.parquet"
    ours = [sys.executable, "-c", _ASKED, str(tables), str(file)]
    with subprocess.Popen(ours, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asked:
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
    expected = tmp_path / "expected.parquet"
    graph_of(here).recommend().to_parquet(expected)
    lists, wanted = (pd.read_parquet(each) for each in (file, expected))
    pd.testing.assert_frame_equal(lists, wanted, rtol=1e-6)
