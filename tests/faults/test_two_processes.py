"""An embedded store that a second process wants while the first has it open."""

import json
import subprocess
import time
from pathlib import Path

import pytest
from filelock import FileLock

import tastegraph.graph.store.embedded
from tastegraph.errors import StoreBusyError
from tastegraph.graph.content import read_content
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.storage.model_card import read_card
from tests.faults.conftest import Data
from tests.faults.program import command, run, struck

SMALL = ["--set", "dimensions=8", "--set", "epochs=2"]


@pytest.mark.slow
def test_the_second_reads_trains_and_recommends(tmp_path: Path, desk: Path, data: Data) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as owner:
        ingest(owner, data.frames)

        info = run(command("--store", folder, "info", "--format", "json"), desk)
        train = run(command("--store", folder, "train", "--seed", 3, *SMALL), desk)
        doctor = run(command("--store", folder, "doctor"), desk)
        best = run(command("--store", folder, "recommend", 2, "--format", "csv"), desk)

        assert info.returncode == 0, info
        told = {row["kind"]: row["count"] for row in json.loads(info.stdout)}
        assert told["User"] == len(data.frames.users)
        assert train.returncode == 0, train
        assert read_card(owner).seed == 3
        assert doctor.returncode == 0, doctor
        assert len(best.stdout.splitlines()) == 11, best
        assert owner.dialect.has_vector_indexes(owner)
    assert not list(desk.iterdir())


@pytest.mark.slow
def test_the_second_loads_into_an_empty_store(tmp_path: Path, desk: Path, data: Data) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as owner:
        done = run(command("--store", folder, "load", data.path), desk)
        assert done.returncode == 0, done
        assert read_content(owner) == data.wanted
    with open_store(Settings.of(folder)) as again:
        assert read_content(again) == data.wanted


@pytest.mark.slow
def test_the_second_is_told_when_the_first_has_died(tmp_path: Path, desk: Path, data: Data) -> None:
    folder = tmp_path / "store"
    line = struck("SIGKILL", "writing LISTENED", 0, "--store", folder, "load", data.path)
    assert run(line, desk).returncode < 0

    done = run(command("--store", folder, "load", data.path), desk)

    assert done.returncode == 0, done
    assert "a first load of this store was interrupted" in done.stderr
    with open_store(Settings.of(folder)) as store:
        assert read_content(store) == data.wanted


@pytest.mark.slow
def test_two_that_start_at_once_share(tmp_path: Path, desk: Path) -> None:
    folder = tmp_path / "store"
    line = command("--store", folder, "info")
    both = [
        subprocess.Popen(line, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]
    # The first may have ended, and the store with it, before the second had asked its questions.
    assert 0 in [process.returncode for process in both], told
    assert not any("Traceback" in err for _, err in told), told


def test_a_lock_whose_owner_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    monkeypatch.setattr(tastegraph.graph.store.embedded, "_STARTING", 0.5)
    with FileLock(folder / "owner.lock"):
        start = time.monotonic()
        with pytest.raises(StoreBusyError, match="another process has locked"):
            open_store(Settings.of(folder))
        assert 0.4 < time.monotonic() - start < 10
