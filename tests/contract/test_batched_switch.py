"""Vectors too many for one transaction: the same in the end, and nobody sees two models."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, ModelError
from tastegraph.graph.forget_user import forget
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.storage import batched_switch
from tastegraph.models.storage.model_card import consistent_read, read_card
from tastegraph.models.storage.read_graph import read_dataset, read_vectors
from tastegraph.models.storage.switch import ModelChangedError, require_model
from tastegraph.models.storage.vector_rows import Table
from tastegraph.models.storage.versions import list_models, remove_model, use_model
from tastegraph.models.storage.write_vectors import publish, tables
from tastegraph.models.training.train import train
from tastegraph.runtime.progress import Advance, Progress
from tests.contract.lowered import lower
from tests.contract.test_publishing import LOOK, InterruptionError, publish_seed, vectors
from tests.contract.trained import (
    WEIGHTS,
    load_and_train,
    load_small,
    made_up_card,
    train_small,
)
from tests.faults.digest import assert_sound, digest
from tests.patience import until

pytestmark = pytest.mark.holds(make=load_small)

SEEN = """
MATCH (n) WHERE n:User OR n:Artist OR n:Tag
RETURN labels(n)[0] AS kind, n.embedding[0] AS number, count(n) AS nodes ORDER BY kind, number
"""
PARTS = "MATCH (v:KeptVectors) RETURN DISTINCT v.model ORDER BY v.model"


@pytest.fixture
def in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    lower(monkeypatch.setattr)


@pytest.fixture
def data(store: GraphStore) -> Dataset:
    return read_dataset(store)


@dataclass
class Steps:
    """Counts the batches that are done, each told by its work, and breaks off after ``last``."""

    last: int | None = None
    labels: list[str] | None = None

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Advance]:
        labels = self.labels = self.labels or []
        done = 0

        def advance(steps: int) -> None:
            nonlocal done
            done += steps
            labels.append(label)
            if len(labels) == self.last:
                raise InterruptionError

        yield advance
        assert done <= total


def published(
    store: GraphStore, data: Dataset, seed: int, progress: Progress | None = None
) -> None:
    """Publish the model whose every number is ``seed``."""
    known = tables(data, vectors(data, seed))
    publish(store, known, made_up_card(seed), progress or Steps().progress)


def assert_whole(store: GraphStore, data: Dataset, seed: int) -> None:
    """All of the model of ``seed`` and nothing of another, for one who reads."""
    everybody = [["Artist", len(data.artists)], ["Tag", len(data.tags)], ["User", len(data.users)]]
    seen = consistent_read(store, lambda card: (card.seed, store.values(SEEN)))
    assert seen == (seed, [[kind, float(seed), nodes] for kind, nodes in everybody])
    assert store.values("MATCH (m:Model) RETURN m.switching, m.inBatches") == [[False, None]]


@pytest.mark.holds(make=load_and_train)
def test_it_ends_in_the_same_graph(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read_card(store)
    expected, said = digest(store), Steps()
    kept = (
        "MATCH (v:KeptVectors {model: $id}) RETURN v.label, v.ids, v.vectors, v.columns, v.hashes"
    )

    def of(model: str) -> dict[tuple[Any, ...], bytes]:
        return {
            (label, ids[row]): b"".join(
                content[row * len(content) // len(ids) : (row + 1) * len(content) // len(ids)]
                for content in contents
                if content is not None
            )
            for label, ids, *contents in store.values(kept, {"id": model})
            for row in range(len(ids))
        }

    lower(monkeypatch.setattr)
    model = create("collective-als", {"dimensions": "8", "epochs": "3"})
    second = train(store, model, 1, said.progress, WEIGHTS).card

    assert said.labels is not None
    assert min(said.labels.count(name) for name in ("keeping the model", "writing vectors")) > 4
    assert digest(store) == expected
    assert of(second.id) == of(first.id)
    assert_sound(store)
    assert store.dialect.has_vector_indexes(store)
    train_small(store, seed=2)
    assert digest(store) != expected
    assert use_model(store, second.id) == (second.id, [])
    assert digest(store) == expected
    assert read_card(store) == second


@pytest.mark.usefixtures("in_batches")
def test_a_reader_sees_one_model_whole(
    store: GraphStore, settings: Settings, data: Dataset
) -> None:
    published(store, data, 1)
    seen, raw, stop = set(), set(), Event()

    def look() -> None:
        with open_store(settings) as reader:
            while not stop.is_set():
                seen.add(consistent_read(reader, lambda _: tuple(map(tuple, reader.values(LOOK)))))

    def paste() -> None:
        with open_store(settings) as other:
            while not stop.is_set():
                raw.add(tuple(map(tuple, other.values(LOOK))))

    threads = [Thread(target=look), Thread(target=paste)]
    for thread in threads:
        thread.start()
    has_seen_both = until(lambda: bool(seen and raw))
    for seed in range(2, 8):
        published(store, data, seed)
    has_seen_both = has_seen_both and until(lambda: len(seen) > 1)
    stop.set()
    for thread in threads:
        thread.join()

    assert seen <= {((seed, seed, seed, 4 * seed),) for seed in range(1, 8)}
    assert has_seen_both
    # What is promised to nobody who pastes Cypher meanwhile, and what the reader waited for.
    assert raw - seen


@pytest.mark.usefixtures("in_batches")
def test_broken_off_after_any_batch_it_is_completed_or_taken_back(
    store: GraphStore, settings: Settings, data: Dataset
) -> None:
    published(store, data, 1)
    steps = Steps()
    published(store, data, 2, steps.progress)
    labels = steps.labels or []
    for last in range(1, len(labels) + 1):
        published(store, data, 1)
        with pytest.raises(InterruptionError):
            published(store, data, 2, Steps(last).progress)

        begun = labels[last - 1] == "writing vectors"
        mixed = {number for _, number, _ in store.values(SEEN)} == {1.0, 2.0}
        assert mixed == (begun and last < len(labels))
        with open_store(settings) as reader:
            assert_whole(reader, data, 2 if begun else 1)
    published(store, data, 3)
    assert [model for (model,) in store.values(PARTS)] == [f"made-up-{seed}" for seed in (1, 2, 3)]


@pytest.mark.usefixtures("in_batches")
def test_who_has_no_vector_any_more_loses_it(store: GraphStore, data: Dataset) -> None:
    published(store, data, 1)
    fewer = vectors(data, 2)
    fewer.users[:13] = 0.0
    known = tables(data, fewer)[:2]
    users = known[0]
    assert users.hashes is not None
    users.hashes[:7] = 0

    publish(
        store, [users, known[1], Table("Tag", [], np.zeros((0, 0), np.float32))], made_up_card(2)
    )

    np.testing.assert_array_equal(read_vectors(store, data).users, fewer.users)
    assert store.values("MATCH (t:Tag) WHERE t.embedding IS NOT NULL RETURN count(t)") == [[0]]
    trained = "MATCH (t:UserTraining) RETURN count(t)"
    assert store.values(trained) == [[len(data.users) - 7]]


@pytest.mark.usefixtures("in_batches")
def test_the_commands_after_a_broken_switch(
    store: GraphStore, settings: Settings, data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forgetting, a query, a training that fails as well, and one that does not."""

    def broken(seed: int) -> None:
        with pytest.raises(InterruptionError):
            published(store, data, seed, Steps(batches - 3).progress)
        assert len({number for _, number, _ in store.values(SEEN)}) == 2
        assert store.values("MATCH (m:Model) RETURN m.switching") == [[True]]

    steps = Steps()
    published(store, data, 1, steps.progress)
    batches = len(steps.labels or [])
    broken(2)
    with pytest.raises(ModelChangedError):
        require_model(store, "made-up-2")
    forget(store, 60)
    with Graph(settings) as graph:
        found = graph.run_query("user-friends", userId=2, k=3)
    assert found["alike"].round(6).tolist() == [1.0] * len(found)
    assert store.values("MATCH (u) WHERE u.id = 60 AND (u:User OR u:UserTraining) RETURN u") == []
    data = read_dataset(store)
    assert_whole(store, data, 2)

    broken(3)
    monkeypatch.setattr(batched_switch, "ATOMIC", 10**9)
    with pytest.raises(InterruptionError):
        published(store, data, 4, Steps(1).progress)
    assert_whole(store, data, 3)
    monkeypatch.setattr(batched_switch, "ATOMIC", 0)
    broken(5)
    monkeypatch.setattr(batched_switch, "ATOMIC", 10**9)
    publish_seed(store, data, 6)
    assert_whole(store, data, 6)


@pytest.mark.usefixtures("in_batches")
def test_a_switch_whose_model_is_gone_says_what_to_do(store: GraphStore, data: Dataset) -> None:
    published(store, data, 1)
    with pytest.raises(InterruptionError):
        published(store, data, 2, Steps(9).progress)
    store.write("MATCH (v:KeptVectors {model: 'made-up-2'}) DELETE v")

    with pytest.raises(ModelError, match=r"made-up-2 was broken off.*'tastegraph train'"):
        read_card(store)
    train_small(store)
    assert read_card(store).seed == 1


@pytest.mark.usefixtures("in_batches", "data")
def test_as_many_are_kept_as_otherwise(store: GraphStore) -> None:
    model = create("als", {"dimensions": "4", "epochs": "1"})
    cards = [train(store, model, seed, keep_models=2).card.id for seed in (1, 2, 3)]
    assert list_models(store)["model"].tolist() == cards[:0:-1]
    assert [id_ for (id_,) in store.values(PARTS)] == sorted(cards[1:])
    with pytest.raises(InputError, match="in use"):
        remove_model(store, cards[2])
    remove_model(store, cards[1])
    assert [id_ for (id_,) in store.values(PARTS)] == [cards[2]]
    train(store, model, 4, keep_models=0)
    assert list_models(store).empty
    assert store.values("MATCH (v:KeptVectors) RETURN count(v)") == [[0]]
    assert read_card(store).seed == 4
