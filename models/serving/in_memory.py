"""Recommendations for one user, from matrices that stay in memory while the graph is the same."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import pandas as pd

from tastegraph.errors import TastegraphError
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.frames import ARTIST, NAME, Id
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.graph.lookup import Found, written_ids
from tastegraph.graph.store.dialect import LEASE
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.explain.reasons import Explainer
from tastegraph.models.ranking.columns import SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.weights import SIGNALS
from tastegraph.models.serving.everybody import needs_times, read_explainer, read_recommender
from tastegraph.models.serving.similar_in_memory import MemoryNeighbours, read_tag_weights
from tastegraph.models.serving.user_ranker import Ranked
from tastegraph.models.storage.model_card import Card, read_card
from tastegraph.models.storage.read_graph import read_dataset
from tastegraph.models.storage.switch import settled

T = TypeVar("T")

_RANKED = (ARTIST, NAME, SCORE, *SIGNALS)

# The graph is looked at at most this often, in seconds: what changes is seen so much later.
_LOOK = 0.25

# What others than this program write leaves no mark, and is looked for this often, in seconds.
_COUNT = 60.0

# The first reading is waited for this long, in seconds.
_FIRST = 20.0

_MARK = f"""
MATCH (m:Model)
OPTIONAL MATCH (l:{LEASE} {{id: 'writer'}})
RETURN m.id, m.switch, m.switching, l.token IS NOT NULL, l.since, l.commits
"""


class GraphState(NamedTuple):
    """What tells one state of the graph and its model from the next: every writer's transactions
    are counted, since one or the other moment (``graph.store.lease``).
    """

    model: str
    switch: str | None
    since: int | None
    commits: int | None


@dataclass(frozen=True)
class HeldModel:
    """A graph and its model in memory, all of one state.

    fingerprint  of the data (``graph.fingerprint``)
    unfinished   what to tell of a load that has not ended
    """

    state: GraphState
    card: Card
    fingerprint: str
    unfinished: str | None
    data: Dataset
    recommender: Recommender
    explainer: Explainer
    neighbours: MemoryNeighbours

    @property
    def is_stale(self) -> bool:
        """Whether the graph has changed since the model was trained."""
        return self.fingerprint != self.card.data_fingerprint

    def serves(self, user: Id, options: RecommendOptions) -> bool:
        """Whether ``user`` and the tags of ``options`` were there when it was read."""
        tags = self.data.tags.rows([*options.with_tags, *options.without_tags])
        return self.data.users.row(user) >= 0 and bool((tags >= 0).all())

    def has(self, label: str, id_: Id) -> bool:
        """Whether the User or Artist of that id was there when it was read."""
        return {"User": self.data.users, "Artist": self.data.artists}[label].row(id_) >= 0

    def find_artist(self, text: str) -> Found | None:
        """The artist that ``text`` names by ``id:``; None where it names none so."""
        for row in self.data.artists.few_rows(written_ids(text)).tolist():
            if row >= 0:
                id_, name = self.data.artists.ids[row], self.recommender.names[row]
                return Found(id_, str(id_ if name is None else name), [])
        return None

    def find_user(self, text: str) -> Id | None:
        """The id of the user that ``text`` names by ``id:``; None where it names none so."""
        rows = self.data.users.few_rows(written_ids(text)).tolist()
        return next((self.data.users.ids[row] for row in rows if row >= 0), None)

    def knows(self, user: Id) -> bool:
        """Whether the model has a vector of ``user``."""
        return bool(self.recommender.has_vector(self.data.users.rows([user]))[0])

    def recommend(self, users: Sequence[Id], options: RecommendOptions, why: bool) -> pd.DataFrame:
        """The rows of ``Recommender.recommend`` for ``users``, on demand with reasons."""
        frame = self.recommender.recommend(self.data.users.rows(users), options)
        return self.with_reasons(frame, options) if why else frame

    def rank(self, user: Id, options: RecommendOptions) -> Ranked:
        """The best artists of ``user`` by their scores alone, without diversity."""
        frame = self.recommend([user], options, why=False)
        rows = [
            dict(zip(_RANKED, values, strict=True))
            for values in zip(*(frame[column].tolist() for column in _RANKED), strict=True)
        ]
        if self.knows(user):
            return Ranked(rows, frame[SCORE].tolist())
        listeners = self.data.listeners[self.data.artists.rows(frame[ARTIST])]
        return Ranked(rows, listeners.astype(float).tolist(), known=False)

    def with_reasons(self, frame: pd.DataFrame, options: RecommendOptions) -> pd.DataFrame:
        """``frame`` of recommendations with the column why."""
        return self.explainer.with_reasons(frame, options)


def read_state(store: GraphStore) -> GraphState | None:
    """The graph's state now; None while somebody writes. ModelError where there is no model."""
    rows = store.values(_MARK)
    if not rows:
        settled(store)
        return None
    model, switch, is_switching, is_held, since, commits = rows[0]
    if is_switching or (is_held and store.other_writer() is not None):
        return None
    return GraphState(model, switch, since, commits)


def read_held(store: GraphStore, state: GraphState) -> HeldModel | None:
    """All of the graph that recommends; None where it is no longer in ``state``."""
    card = read_card(store)
    data = read_dataset(store, times=needs_times(store))
    recommender = read_recommender(store, data, RecommendOptions())
    explainer = read_explainer(store, data, recommender)
    neighbours = MemoryNeighbours(
        card.id,
        data,
        recommender.vectors,
        recommender.names,
        explainer.tag_names,
        read_tag_weights(store, data),
    )
    seen = fingerprint(store), unfinished_load(store)
    held = HeldModel(state, card, *seen, data, recommender, explainer, neighbours)
    if len(data.users):
        # What is computed on demand, before somebody waits for it.
        held.recommend(data.users.ids[:1], RecommendOptions(1, card.weights), why=True)
        neighbours.prepare()
    return held if read_state(store) == state else None


class ModelMemory:
    """Holds the graph's model in memory, and reads it anew, beside the answers, when it changes.

    What is written through the same store shows at once, what this program writes in another
    process at most a quarter of a second later, what others write within a minute. Until a new
    state has been read, ``current`` is None and the
    database has to answer.
    """

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._held: HeldModel | None = None
        self._state: GraphState | None = None
        self._looked = self._counted = float("-inf")
        self._looking = threading.Lock()
        self._reader: threading.Thread | None = None

    def current(self, wait: bool = True) -> HeldModel | None:
        """What is in memory, if that is the graph of now; ModelError where there is no model.

        Unless told not to ``wait``, the first reading is waited for, for a while: a database that
        has just been opened takes as long for one answer.
        """
        held = self._now()
        if held is None and wait and self._reader is not None and self._counted < 0:
            self._reader.join(_FIRST)
            held = self._now()
        return held

    def begin(self, wait: bool) -> None:
        """Read what is not in memory; ``wait`` until it has been read."""
        if self._now() is None and wait and self._reader is not None:
            self._reader.join()

    def _now(self) -> HeldModel | None:
        """What is in memory, if that is the graph of now; else it is being read."""
        state = self._look()
        held = self._held
        if held is None or held.state != state:
            if state is not None:
                self._begin(self._read, state)
            return None
        if time.monotonic() - self._counted > _COUNT:
            self._begin(self._count, held)
        return held

    def close(self) -> None:
        """Wait for what is being read, and forget all of it."""
        reader = self._reader
        if reader is not None:
            reader.join()
        self._held = None

    def _look(self) -> GraphState | None:
        """The state as it was at most a moment ago, and after all that this store has written; one
        thread looks, the others do not wait where they know one.
        """
        must = self._looked <= self._store.written or self._looked < 0
        is_recent = not must and time.monotonic() - self._looked < _LOOK
        if is_recent or not self._looking.acquire(blocking=must):
            return self._state
        try:
            begun = time.monotonic()
            self._state, self._looked = read_state(self._store), begun
            return self._state
        finally:
            self._looking.release()

    def _begin(self, work: Callable[[T], None], about: T) -> None:
        """Do ``work`` beside the answers, one at a time."""
        with self._looking:
            if self._reader is None or not self._reader.is_alive():
                self._reader = threading.Thread(
                    target=work, args=(about,), name="model-memory", daemon=True
                )
                self._reader.start()

    def _read(self, state: GraphState) -> None:
        # What can't be read is said by the database, which answers instead.
        try:
            self._held = read_held(self._store, state)
        except (TastegraphError, MemoryError):
            self._held = None
        self._counted = time.monotonic()

    def _count(self, held: HeldModel) -> None:
        """Let go of ``held`` where the data have changed without a mark."""
        with suppress(TastegraphError):
            if fingerprint(self._store) != held.fingerprint:
                self._held = None
        self._counted = time.monotonic()
