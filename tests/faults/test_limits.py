"""Commands that write where something runs out or jumps: the disk, open files, the clock.

What is quick is tried always. FAULTS_OUTAGES in the environment says how many chains of all
commands there are to be of each kind, FAULTS_SEED chooses how much is left and when.
"""

import os
import random
import shutil
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tastegraph.graph.store.settings import Settings
from tastegraph.runtime.environment import HEAP
from tests.faults.chain import (
    Blow,
    Sources,
    Strike,
    disturbed,
    undisturbed,
)
from tests.faults.conftest import Data
from tests.faults.forked import allow_files, assert_clear_end, run
from tests.faults.program import assert_clear, command
from tests.faults.program import run as run_program

CHAINS = int(os.environ.get("FAULTS_OUTAGES", "0"))
SEED = int(os.environ.get("FAULTS_SEED", "1"))

long = pytest.mark.skipif(not CHAINS, reason="'make faults' tries it")

FAKE_TIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")

StrikeAll = Callable[[Settings, Strike], None]


@pytest.fixture(scope="module")
def strike_all(tmp_path_factory: pytest.TempPathFactory) -> StrikeAll:
    """Strikes every command of the chain in a place."""
    folder = tmp_path_factory.mktemp("undisturbed")
    sources = Sources.make(folder / "sources")
    expected = undisturbed(Settings.of(folder / "store"), sources, folder)

    def strike_each(place: Settings, strike: Strike) -> None:
        hit = disturbed(place, sources, expected, expected, strike)
        print(f"\n{hit} of {len(expected)} hit")

    return strike_each


@pytest.mark.slow
@pytest.mark.parametrize("most", [20, 100])
def test_too_few_files_may_be_open(tmp_path: Path, desk: Path, data: Data, most: int) -> None:
    folder = tmp_path / "store"
    load = command("--store", folder, "load", data.path)
    limited = ["sh", "-c", f'ulimit -n {most}; exec "$@"', "sh", *load]
    done = run_program(limited, desk)
    done.stderr = done.stderr.removeprefix(f"Note: made a new store in {folder}\n")
    assert_clear(done, f"only {most} files open", "ulimit -n 1024")
    assert run_program(load, desk).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("heap", "words"), [("much", "Java does not start"), ("4m", "too little memory")]
)
def test_a_heap_that_is_none(tmp_path: Path, desk: Path, data: Data, heap: str, words: str) -> None:
    load = command("--store", tmp_path / "store", "load", data.path)
    done = run_program(load, desk, **{HEAP.name: heap})
    done.stderr = done.stderr.removeprefix(f"Note: made a new store in {tmp_path / 'store'}\n")
    assert_clear(done, words, f"({HEAP.name}={heap})", f"{HEAP.name}=2g")


@long
@pytest.mark.slow
@pytest.mark.parametrize("number", range(CHAINS or 1))
def test_files_run_out(tmp_path: Path, number: int, strike_all: StrikeAll, desk: Path) -> None:
    chance = random.Random(f"files {SEED} {number}")

    def strike(name: str, full: list[object]) -> Blow:
        most = chance.randint(16, 400)
        ended = run(full, desk, first=partial(allow_files, most))
        assert_clear_end(ended)
        return Blow(f"{most} files", bool(ended.code), ended.code)

    strike_all(Settings.of(tmp_path / "store"), strike)


@long
@pytest.mark.slow
@pytest.mark.parametrize("number", range(CHAINS or 1))
@pytest.mark.parametrize("mounted", ["size=300m"], indirect=True)
def test_the_disk_fills(mounted: Path, number: int, strike_all: StrikeAll, desk: Path) -> None:
    chance = random.Random(f"disk {SEED} {number}")
    ballast = mounted / "ballast"

    def strike(name: str, full: list[object]) -> Blow:
        left = int(10 ** chance.uniform(3.5, 6.5))
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(mounted).free - left)
        ended = run(full, desk)
        ballast.unlink()
        assert_clear_end(ended)
        return Blow(f"{left} bytes left", bool(ended.code), ended.code)

    strike_all(Settings.of(mounted / "store"), strike)


@pytest.mark.slow
@pytest.mark.parametrize("mounted", ["size=16k"], indirect=True)
def test_the_disk_fills_under_an_output(
    mounted: Path, tmp_path: Path, desk: Path, data: Data
) -> None:
    store = ("--store", tmp_path / "store")
    assert run_program(command(*store, "load", data.path), desk).returncode == 0
    for output in (
        ("export", mounted / "tables"),
        ("export", mounted / "tables", "--csv"),
        ("export-graph", 2, "-o", mounted / "graph.graphml"),
        (
            "query",
            "run",
            "MATCH (u:User)-[l:LISTENED]->(a) RETURN *",
            "-o",
            mounted / "listens.csv",
        ),
    ):
        done = run_program(command(*store, *output), desk)
        assert_clear(done, "No space left on device")
        assert not list(mounted.iterdir())


@long
@pytest.mark.slow
@pytest.mark.skipif(not FAKE_TIME.exists(), reason="needs Debian's package faketime")
@pytest.mark.parametrize("number", range(CHAINS or 1))
@pytest.mark.parametrize("jump", ["+1d", "-1d"])
def test_the_clock_jumps(
    tmp_path: Path, jump: str, number: int, strike_all: StrikeAll, desk: Path
) -> None:
    chance = random.Random(f"clock {SEED} {number} {jump}")
    clock = tmp_path / "clock"
    environment = {
        "LD_PRELOAD": str(FAKE_TIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        # What measures how long something takes does not jump on any machine.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }

    def strike(name: str, full: list[object]) -> Blow:
        clock.write_text("+0")
        after = chance.uniform(1, 20)
        jumping = threading.Timer(after, clock.write_text, (jump,))
        jumping.start()
        ended = run_program(command(*full), desk, **environment)
        hit = jumping.finished.is_set()
        jumping.cancel()
        if ended.returncode < 0 and "getenv" in ended.stdout:
            # What feigns the clock asks for the environment on each of Java's threads, which ends
            # the process where a library of Python's is just changing it.
            return strike(name, full)
        assert ended.returncode == 0, (name, after, ended)
        return Blow((jump, after), hit, 0)

    strike_all(Settings.of(tmp_path / "store"), strike)
