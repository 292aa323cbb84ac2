"""Eight people who ask while one model takes over from another.

Environment: FAULTS_ASKS says how many answers there must be at least on each store.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.newcomers import Newcomer, recommend_newcomer
from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons
from tastegraph.models.serving.similar import DatabaseNeighbours
from tastegraph.models.storage.model_card import Card, consistent_read
from tastegraph.models.storage.versions import list_models, use_model
from tests.contract.conftest import empty_place
from tests.contract.trained import small_frames, train_small

pytestmark = pytest.mark.slow

ASKS = int(os.environ.get("FAULTS_ASKS", "80"))
READERS, TRAININGS = 8, 3

Answer = tuple[str, str, tuple[float, ...]]


@pytest.fixture(params=["neo4j", "embedded"])
def place(request: pytest.FixtureRequest) -> Iterator[Settings]:
    with empty_place(request, request.param) as found:
        yield found


class Reader(threading.Thread):
    """Asks one thing after the other until it is stopped; keeps what it is told."""

    def __init__(self, place: Settings, stop: threading.Event, user: int) -> None:
        super().__init__()
        self._place, self._ended, self._user = place, stop, user
        self.answers: list[Answer] = []
        self.errors: list[Exception] = []

    def run(self) -> None:
        with open_store(self._place) as store:
            while not self._ended.is_set():
                for ask in (self._recommended, self._newcomer, self._similar):
                    try:
                        self.answers.append(ask(store))
                    except Exception as error:
                        self.errors.append(error)

    def _recommended(self, store: GraphStore) -> Answer:
        def ask(card: Card) -> Answer:
            options = RecommendOptions(k=5, weights=card.weights)
            frame = recommend_one(store, self._user, options)
            explained = with_reasons(store, self._user, frame, options)
            assert len(frame) == 5
            told = explained["why"].map(lambda why: sum(part.value for part in why))
            return card.id, f"user {self._user}", (*numbers(frame), *told)

        return consistent_read(store, ask)

    def _newcomer(self, store: GraphStore) -> Answer:
        def ask(card: Card) -> Answer:
            options = RecommendOptions(k=5, weights=card.weights)
            frame = recommend_newcomer(store, Newcomer([1, 2]), options)
            return card.id, "newcomer", numbers(frame)

        return consistent_read(store, ask)

    def _similar(self, store: GraphStore) -> Answer:
        def ask(card: Card) -> Answer:
            near = DatabaseNeighbours(store).similar_artists(1, 5, "cosine")
            return card.id, "similar", numbers(near.rename(columns={"similarity": "score"}))

        return consistent_read(store, ask)


def numbers(frame: pd.DataFrame) -> tuple[float, ...]:
    """The scores, best first; artists of equal scores may change places."""
    return tuple(frame["score"])


def wait_for(readers: list[Reader], answers: int) -> None:
    """Let the readers get so many more answers: whoever only ever switches lets nobody end."""
    wanted = answers + sum(len(reader.answers) for reader in readers)
    while sum(len(reader.answers) + 1000 * len(reader.errors) for reader in readers) < wanted:
        time.sleep(0.05)


def test_nobody_meets_an_error_or_two_models(place: Settings) -> None:
    with open_store(place) as store:
        ingest(store, small_frames())
        train_small(store, seed=1)
        stop = threading.Event()
        readers = [Reader(place, stop, user) for user in range(1, READERS + 1)]
        for reader in readers:
            reader.start()
        for seed in range(2, TRAININGS + 2):
            train_small(store, seed=seed)
            wait_for(readers, ASKS // (2 * TRAININGS))
            use_model(store, str(list_models(store)["model"].iloc[-1]))
            wait_for(readers, ASKS // (2 * TRAININGS))
        stop.set()
        for reader in readers:
            reader.join()
    assert [str(error) for reader in readers for error in reader.errors] == []
    told: dict[tuple[str, str], list[tuple[float, ...]]] = defaultdict(list)
    for reader in readers:
        for model, question, answer in reader.answers:
            told[model, question].append(answer)
    assert len({model for model, _ in told}) >= TRAININGS
    for key, answers in told.items():
        # The sums are added up in another order each time; models differ in the first place.
        assert np.ptp(answers, axis=0).max() < 1e-3, (key, answers)
    print(f"\n{sum(len(reader.answers) for reader in readers)} asks, {len(told)} answers")
