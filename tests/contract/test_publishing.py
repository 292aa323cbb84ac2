"""Vectors and Model change over together, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest

from tastegraph.errors import ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.fast_query_recall import candidates_recall
from tastegraph.models.serving.one_user_in_database import recommend_one
from tastegraph.models.storage.model_card import consistent_read, is_stale, read_card
from tastegraph.models.storage.read_graph import read_dataset, read_vectors
from tastegraph.models.storage.write_vectors import publish, tables
from tastegraph.models.training.train import train
from tastegraph.runtime.progress import Advance
from tests.contract.agreement import assert_same
from tests.contract.frames import frames
from tests.contract.trained import (
    MADE_UP_DIMENSIONS,
    load_and_train,
    load_small,
    made_up_card,
    train_small,
)
from tests.patience import until

LOOK = """
MATCH (m:Model) MATCH (u:User {id: 60}) MATCH (a:Artist {id: 1})
RETURN m.seed, u.embedding[0], a.embedding[0], u.norm
"""


@pytest.fixture
def data(store: GraphStore) -> Dataset:
    return read_dataset(store)


def vectors(data: Dataset, seed: int) -> Vectors:
    """Vectors whose every number is the seed."""
    return Vectors(
        np.full((len(data.users), MADE_UP_DIMENSIONS), seed, np.float32),
        np.full((len(data.artists), MADE_UP_DIMENSIONS), seed, np.float32),
        np.full((len(data.tags), MADE_UP_DIMENSIONS), seed, np.float32),
    )


def publish_seed(store: GraphStore, data: Dataset, seed: int) -> None:
    publish(store, tables(data, vectors(data, seed)), made_up_card(seed))


class InterruptionError(Exception):
    """What a test's own progress raises."""


def interrupt_after(rows: int) -> Any:
    @contextmanager
    def progress(label: str, total: int) -> Iterator[Advance]:
        done = 0

        def advance(steps: int) -> None:
            nonlocal done
            done += steps
            if label == "writing vectors" and done >= rows:
                raise InterruptionError

        yield advance

    return progress


@pytest.mark.holds(make=load_small)
def test_a_reader_sees_one_model_whole(
    store: GraphStore, settings: Settings, data: Dataset
) -> None:
    publish_seed(store, data, 1)
    seen, stop = set(), Event()

    def look() -> None:
        with open_store(settings) as reader:
            while not stop.is_set():
                seen.add(consistent_read(reader, lambda _: tuple(map(tuple, reader.values(LOOK)))))

    reader = Thread(target=look)
    reader.start()
    has_seen_both = until(lambda: bool(seen))
    for seed in range(2, 12):
        publish_seed(store, data, seed)
    has_seen_both = has_seen_both and until(lambda: len(seen) > 1)
    stop.set()
    reader.join()

    # A vector of sixteen equal numbers is four times as long as each of them.
    assert seen <= {((seed, seed, seed, 4 * seed),) for seed in range(1, 12)}
    assert has_seen_both


@pytest.mark.holds(make=load_small)
def test_all_vectors_are_replaced(store: GraphStore, data: Dataset) -> None:
    publish_seed(store, data, 1)
    fewer = vectors(data, 2)
    fewer.users[0] = 0.0

    publish(store, tables(data, Vectors(fewer.users, fewer.artists)), made_up_card(2))

    found = read_vectors(store, data)
    np.testing.assert_array_equal(found.users, fewer.users)
    np.testing.assert_array_equal(found.artists, fewer.artists)
    assert store.values("MATCH (t:Tag) WHERE t.embedding IS NOT NULL RETURN count(t)") == [[0]]
    assert store.values("MATCH (m:Model) RETURN m.seed") == [[2]]
    # Who has no vector keeps a hash, unless the model has none.
    marked = "MATCH (t:UserTraining) WHERE t.trainingHash IS NOT NULL RETURN count(t)"
    assert store.values(marked) == [[len(data.users)]]
    publish(store, [replace(table, hashes=None) for table in tables(data, fewer)], made_up_card(3))
    assert store.values(marked) == [[0]]


@pytest.mark.holds(make=load_and_train)
@pytest.mark.parametrize("rows", [1, 361], ids=["early", "late"])
def test_an_interrupted_training_leaves_the_last_model(
    store: GraphStore, data: Dataset, rows: int
) -> None:
    before, held = read_card(store), read_vectors(store, data)
    options = RecommendOptions(weights=before.weights)
    answer = recommend_one(store, 2, options, exact=True)

    with pytest.raises(InterruptionError):
        publish(store, tables(data, vectors(data, 2)), made_up_card(2), interrupt_after(rows))

    assert read_card(store) == before
    np.testing.assert_array_equal(read_vectors(store, data).users, held.users)
    assert recommend_one(store, 2, options)["artist"].tolist() == answer["artist"].tolist()
    assert not is_stale(store, before)
    train_small(store, seed=3)
    assert read_card(store).seed == 3
    assert store.dialect.has_vector_indexes(store)


@pytest.mark.holds(make=load_and_train)
def test_vectors_that_are_no_numbers_are_refused(store: GraphStore, data: Dataset) -> None:
    before = read_card(store)
    for number in (np.nan, np.inf):
        broken = vectors(data, 2)
        broken.artists[3, 4] = number

        with pytest.raises(ModelError, match=r"Artist vectors.*nothing was written"):
            publish(store, tables(data, broken), made_up_card(2))

    assert read_card(store) == before
    assert store.dialect.has_vector_indexes(store)


def test_without_listens_there_is_nothing_to_learn(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    with pytest.raises(ModelError, match="no listens"):
        train_small(store)
    with pytest.raises(ModelError, match="no model has been trained"):
        read_card(store)


@pytest.mark.holds(make=load_and_train)
def test_the_same_seed_gives_the_same_vectors(store: GraphStore, data: Dataset) -> None:
    first = read_vectors(store, data)
    train_small(store, seed=1)
    np.testing.assert_array_equal(read_vectors(store, data).users, first.users)


@pytest.mark.holds(make=load_small)
def test_dimensions_may_change(store: GraphStore, data: Dataset) -> None:
    publish_seed(store, data, 1)
    store.dialect.create_vector_indexes(store, MADE_UP_DIMENSIONS)
    train_small(store)
    assert read_card(store).dimensions == 8
    assert read_vectors(store, data).dimensions == 8
    assert store.dialect.has_vector_indexes(store)


@pytest.mark.holds(make=load_and_train)
def test_a_model_that_lost_a_property_is_called_damaged(store: GraphStore) -> None:
    store.write("MATCH (m:Model) REMOVE m.parameters")
    with pytest.raises(ModelError, match=r"\(:Model\) is damaged.*'tastegraph train'"):
        read_card(store)


def test_lists_are_as_long_where_most_artists_have_no_vector(store: GraphStore) -> None:
    few, heard = [f"u{at}" for at in range(6)], [f"a{at}" for at in range(6)]
    unheard = [f"b{at}" for at in range(9)]
    source = frames(
        users=few,
        artists=[(id_, id_) for id_ in heard + unheard],
        tags=[],
        listens=[(user, heard[(row + at) % 6], 5) for row, user in enumerate(few) for at in (0, 1)],
        friendships=[],
        taggings=[],
    )
    ingest(store, source)
    train(store, create("als", {"dimensions": "4", "epochs": "2"}), 0)
    for options in (RecommendOptions(), RecommendOptions(k=13)):
        found = recommend_one(store, "u0", options)
        assert len(found) == options.k
        assert_same(found, recommend_one(store, "u0", options, exact=True))
    if store.dialect.has_vector_indexes(store):
        assert candidates_recall(store, read_card(store).weights).share == 1.0
