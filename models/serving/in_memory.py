"""Recommendations for one user, from matrices that stay in memory while the graph is the same."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from tastegraph.errors import TastegraphError
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.frames import Id
from tastegraph.graph.hidden_artists import all_hidden
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.serving.everybody import read_explainer, read_recommender
from tastegraph.models.storage.model_card import Card, read_card
from tastegraph.models.storage.read_graph import read_dataset
from tastegraph.models.storage.switch import settled

# The graph is looked at at most this often, in seconds: what changes is seen so much later.
_LOOK = 0.25


class GraphState(NamedTuple):
    """What tells one state of the graph and its model from the next.

    data        the fingerprint of the data
    hidden      every user and artist that is hidden from them
    unfinished  what to tell of a load that has not ended
    """

    model: str
    switch: str | None
    data: str
    hidden: tuple[tuple[Id, Id], ...]
    unfinished: str | None


@dataclass(frozen=True)
class HeldModel:
    """A graph and its model in memory, all of one state."""

    state: GraphState
    card: Card
    data: Dataset
    recommender: Recommender
    explainer: Explainer

    @property
    def is_stale(self) -> bool:
        """Whether the graph has changed since the model was trained."""
        return self.state.data != self.card.data_fingerprint

    def serves(self, user: Id, options: RecommendOptions) -> bool:
        """Whether ``user`` and the tags of ``options`` were there when it was read."""
        tags = self.data.tags.rows([*options.with_tags, *options.without_tags])
        return self.data.users.row(user) >= 0 and bool((tags >= 0).all())

    def knows(self, user: Id) -> bool:
        """Whether the model has a vector of ``user``."""
        return bool(self.recommender.has_vector(self.data.users.rows([user]))[0])

    def recommend(self, users: Sequence[Id], options: RecommendOptions, why: bool) -> pd.DataFrame:
        """The rows of ``Recommender.recommend`` for ``users``, on demand with reasons."""
        frame = self.recommender.recommend(self.data.users.rows(users), options)
        return self.explainer.with_reasons(frame, options) if why else frame


def read_state(store: GraphStore) -> GraphState:
    """The graph's state now, once nobody is switching models; ModelError where there is none."""
    model, switch = settled(store)
    hidden = tuple(all_hidden(store))
    return GraphState(model, switch, fingerprint(store), hidden, unfinished_load(store))


def read_held(store: GraphStore, state: GraphState) -> HeldModel | None:
    """All of the graph that recommends; None where it is no longer in ``state``."""
    card = read_card(store)
    data = read_dataset(store)
    recommender = read_recommender(store, data, RecommendOptions())
    held = HeldModel(state, card, data, recommender, read_explainer(store, data, recommender))
    if len(data.users):
        # What is computed on demand, before somebody waits for it.
        held.recommend(data.users.ids[:1], RecommendOptions(1, card.weights), why=True)
    return held if read_state(store) == state else None


class ModelMemory:
    """Holds the graph's model in memory, and reads it anew, beside the answers, when it changes.

    A change shows at most a quarter of a second later. Until a new state has been read,
    ``current`` is None and the database has to answer.
    """

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._held: HeldModel | None = None
        self._state: GraphState | None = None
        self._looked = float("-inf")
        self._looking = threading.Lock()
        self._reader: threading.Thread | None = None

    def current(self) -> HeldModel | None:
        """What is in memory, if that is the graph of now; ModelError where there is no model."""
        state = self._look()
        held = self._held
        if held is not None and held.state == state:
            return held
        self._begin(state)
        return None

    def wait(self) -> HeldModel | None:
        """The same, once what is being read has been read."""
        held = self.current()
        reader = self._reader
        if held is not None or reader is None:
            return held
        reader.join()
        return self.current()

    def close(self) -> None:
        """Wait for what is being read, and forget all of it."""
        reader = self._reader
        if reader is not None:
            reader.join()
        self._held = None

    def _look(self) -> GraphState:
        """The state as it was at most a moment ago; one thread looks, the others do not wait."""
        known = self._state
        if known is not None and time.monotonic() - self._looked < _LOOK:
            return known
        if not self._looking.acquire(blocking=known is None):
            assert known is not None
            return known
        try:
            found = read_state(self._store)
            self._state, self._looked = found, time.monotonic()
            return found
        finally:
            self._looking.release()

    def _begin(self, state: GraphState) -> None:
        with self._looking:
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(
                    target=self._read, args=(state,), name="model-memory", daemon=True
                )
                self._reader.start()

    def _read(self, state: GraphState) -> None:
        # What can't be read is said by the database, which answers instead.
        try:
            self._held = read_held(self._store, state)
        except (TastegraphError, MemoryError):
            self._held = None
