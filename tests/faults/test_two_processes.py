"""An embedded store that a second process wants while the first has it open."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from filelock import FileLock

import tastegraph.graph.store.embedded
from tastegraph.errors import StoreBusyError, StoreQueryError
from tastegraph.graph.content import read_content
from tastegraph.graph.difference import Changes
from tastegraph.graph.store.embedded import Owner
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.storage.model_card import read_card
from tastegraph.runtime.process_identity import Process
from tests.faults.conftest import Data
from tests.faults.forked import Moment, Running, at_once
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
    open_store(Settings.of(folder)).close()
    line = command("--store", folder, "info")
    both = [
        subprocess.Popen(line, cwd=desk, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]
    # The first may end, and the store with it, before the second has asked its questions.
    assert [process.returncode for process in both] == [0, 0], told


@pytest.mark.slow
def test_who_comes_after_a_killed_owner_shares(tmp_path: Path, desk: Path, data: Data) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as store:
        ingest(store, data.frames)
    owner = Running(["--store", folder, "forget", 1, "--yes"], desk, Moment(5, None))
    assert owner.wait().code == -signal.SIGKILL
    assert (folder / "owner.json").exists()

    told = at_once([["--store", folder, "info"]] * 4, desk)

    assert [each.code for each in told] == [0] * 4, told
    assert not any("has ended" in each.words for each in told), told


@pytest.mark.slow
def test_who_has_joined_outlives_the_owner(tmp_path: Path, data: Data) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as store:
        ingest(store, data.frames)
    owner = open_store(Settings.of(folder))
    joined = open_store(Settings.of(folder))
    assert joined.embedded is not None
    assert joined.embedded.server is None
    owner.close()
    with joined:
        assert read_content(joined) == data.wanted
        assert joined.embedded.server is not None
        assert ingest(joined, data.frames) == Changes()


@pytest.mark.slow
def test_who_has_joined_changes_the_schema_after_the_owner(tmp_path: Path, data: Data) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as store:
        ingest(store, data.frames)
    owner = open_store(Settings.of(folder))
    with open_store(Settings.of(folder)) as joined:
        dialect = joined.dialect
        with joined.writing("a test") as writer:
            owner.close()
            dialect.create_schema(writer)
            dialect.create_vector_indexes(writer, 4)
        assert joined.dialect.has_vector_indexes(joined)


@pytest.mark.slow
def test_what_is_refused_while_the_owner_opens_anew_is_asked_again(
    tmp_path: Path, data: Data
) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as owner, open_store(Settings.of(folder)) as joined:
        ingest(owner, data.frames)
        assert joined.embedded is not None
        # What it is told may come late: the owner is long done.
        assert joined.embedded.is_unsettled
        with pytest.raises(StoreQueryError):
            joined.rows("no query")
        assert not joined.embedded.is_unsettled
        assert read_content(joined) == data.wanted


def test_a_slow_owner_is_waited_for_while_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    monkeypatch.setattr(tastegraph.graph.store.embedded, "_STARTING", 0.2)
    monkeypatch.setattr(tastegraph.graph.store.embedded, "_OPENING", 2.5)
    Owner(Process.current()).write(folder)
    said: list[str] = []
    with FileLock(folder / "owner.lock"):
        start = time.monotonic()
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()} is opening the store"):
            open_store(Settings.of(folder), note=said.append)
        assert time.monotonic() - start > 2
    assert f"in process {os.getpid()}" in said[0]


@pytest.mark.slow
def test_nobody_else_may_read_the_store(tmp_path: Path, data: Data) -> None:
    folder = tmp_path / "store"
    with open_store(Settings.of(folder)) as store:
        ingest(store, data.frames)
        assert folder.stat().st_mode & 0o777 == 0o700
    modes = {file: file.stat().st_mode & 0o077 for file in (folder, *folder.rglob("*"))}
    assert len(modes) > 10
    assert not any(modes.values())


def test_a_lock_whose_owner_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    monkeypatch.setattr(tastegraph.graph.store.embedded, "_STARTING", 0.5)
    with FileLock(folder / "owner.lock"):
        start = time.monotonic()
        with pytest.raises(StoreBusyError, match="another process has locked"):
            open_store(Settings.of(folder))
        assert 0.4 < time.monotonic() - start < 10
