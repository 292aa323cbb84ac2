"""An embedded store whose process dies at the worst moments."""

import signal
from pathlib import Path

import numpy as np
import pytest

from tastegraph.graph.content import read_content
from tastegraph.graph.counts import counts
from tastegraph.graph.difference import Changes
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.storage.model_card import read_card
from tastegraph.models.storage.read_graph import read_dataset, read_vectors
from tests.contract.trained import train_small
from tests.faults.conftest import Data
from tests.faults.program import command, run, struck

pytestmark = pytest.mark.slow

FIRST_LOAD = [("writing LISTENED", 0), ("writing USES_TAG", 1)]
LATER_LOAD = [("writing Artist", 1), ("writing TAGGED", 2)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def opened(folder: Path) -> GraphStore:
    return open_store(Settings.of(folder))


def fill(folder: Path, frames: GraphFrames) -> None:
    with opened(folder) as store:
        ingest(store, frames)


def crash_logs(folder: Path) -> list[Path]:
    return [*folder.rglob("hs_err*"), *folder.rglob("crash_*"), *folder.rglob("core*")]


@pytest.mark.parametrize(("label", "step"), FIRST_LOAD)
def test_a_killed_first_load_leaves_nothing(
    folder: Path, desk: Path, data: Data, label: str, step: int
) -> None:
    done = run(struck("SIGKILL", label, step, "--store", folder, "load", data.path), desk)
    assert done.returncode == -signal.SIGKILL, done

    with opened(folder) as store:
        assert store.embedded is not None
        assert store.embedded.recovered
        assert read_content(store).is_empty
        ingest(store, data.frames)
        assert read_content(store) == data.wanted
    with opened(folder) as again:
        assert again.embedded is not None
        assert not again.embedded.recovered
        assert read_content(again) == data.wanted
        assert ingest(again, data.frames) == Changes()


@pytest.mark.parametrize(("label", "step"), LATER_LOAD)
def test_a_killed_later_load_is_completed(
    folder: Path, desk: Path, data: Data, label: str, step: int
) -> None:
    fill(folder, data.frames)

    line = struck("SIGKILL", label, step, "--store", folder, "load", data.other, batch=40)
    done = run(line, desk)
    assert done.returncode == -signal.SIGKILL, done

    with opened(folder) as store:
        left = read_content(store)
        assert left not in (data.wanted, data.merged)
        ingest(store, data.other_frames)
        assert read_content(store) == data.merged
        assert ingest(store, data.other_frames) == Changes()


@pytest.mark.parametrize("seconds", [0.02])
def test_a_load_killed_at_any_time_can_be_repeated(
    folder: Path, desk: Path, data: Data, seconds: float
) -> None:
    blow = f"SIGKILL@{seconds}"
    run(struck(blow, "writing User", 0, "--store", folder, "load", data.path), desk)

    with opened(folder) as store:
        ingest(store, data.frames)
        assert read_content(store) == data.wanted


def test_a_killed_training_leaves_the_last_model(folder: Path, desk: Path, data: Data) -> None:
    with opened(folder) as store:
        ingest(store, data.frames)
        train_small(store)
        before, vectors = read_card(store), read_vectors(store, read_dataset(store))

    training = ["train", "--dimensions", 8, "--epochs", 2, "--seed", 5]
    line = struck("SIGKILL", "writing vectors", 3, "--store", folder, *training, batch=40)
    assert run(line, desk).returncode == -signal.SIGKILL

    with opened(folder) as store:
        assert read_card(store) == before
        np.testing.assert_array_equal(read_vectors(store, read_dataset(store)).users, vectors.users)
        assert read_content(store) == data.wanted
        assert ingest(store, data.frames) == Changes()
        train_small(store, seed=6)
        assert read_card(store).seed == 6
        assert store.dialect.has_vector_indexes(store)


@pytest.mark.parametrize(
    ("blow", "later"),
    [("SIGTERM", False), ("SIGTERM@0.02", False), ("SIGTERM@0.3", True), ("SIGINT@0.2", True)],
)
def test_a_load_that_is_told_to_end_closes_the_store(
    folder: Path, desk: Path, data: Data, blow: str, later: bool
) -> None:
    if later:
        fill(folder, data.frames)
    path, frames = (data.other, data.other_frames) if later else (data.path, data.frames)
    batch = 5 if later else 10_000

    line = struck(blow, "writing Artist", 0, "--store", folder, "load", path, batch=batch)
    done = run(line, desk)

    # What was done before the blow fell may be all of it.
    codes = {130 if "INT" in blow else 143} | ({0} if "@" in blow else set())
    assert done.returncode in codes, done
    assert "Traceback" not in done.stderr, done.stderr
    assert "fatal error" not in done.stdout + done.stderr
    assert crash_logs(folder) == crash_logs(desk) == []
    assert not (folder / "owner.json").exists()
    with opened(folder) as store:
        ingest(store, frames)
        assert read_content(store) == (data.merged if later else data.wanted)


def test_a_kill_between_commands_loses_nothing(folder: Path, desk: Path, data: Data) -> None:
    fill(folder, data.frames)
    line = struck("SIGKILL", "reading the graph", 0, "--store", folder, "train")
    assert run(line, desk).returncode == -signal.SIGKILL
    assert (folder / "owner.json").exists()

    done = run(command("--store", folder, "info", "--format", "csv"), desk)

    assert done.returncode == 0, done
    assert f"User,{len(data.frames.users)}\n" in done.stdout
    with opened(folder) as store:
        assert counts(store)["User"] == len(data.frames.users)
        assert read_content(store) == data.wanted
    assert not list(desk.iterdir())
