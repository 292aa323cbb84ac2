"""Where a training reads what it learns from, and writes what it has learned."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.storage.read_graph import read_dataset
from tastegraph.models.storage.vector_rows import Table
from tastegraph.models.storage.versions import keep, numbered
from tastegraph.models.storage.write_vectors import publish
from tastegraph.runtime.progress import Progress

T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """Seconds that vectors and model, kept versions and indexes took."""

    write: float
    keep: float
    index: float


class Place(Protocol):
    """A graph, or what stands for one."""

    def read(self, progress: Progress, *, times: bool) -> tuple[str, Dataset]:
        """The mark of the data (``graph.fingerprint``), and all of it with tag assignments."""

    def last_choice(self) -> tuple[str | None, str] | None:
        """What the (:Model) says of its choice and of when it was trained; None without one."""

    def write(
        self, known: Sequence[Table], card: dict[str, Any], keep_models: int, progress: Progress
    ) -> Written:
        """Put a model in the place of the last one; of the last ``keep_models`` are kept."""

    def notes(self) -> list[str]:
        """What there is to say of the data."""


@dataclass(frozen=True)
class GraphPlace:
    """The graph in a store."""

    store: GraphStore

    def read(self, progress: Progress, *, times: bool) -> tuple[str, Dataset]:
        """The mark of the data, and all of it."""
        # Whoever changes the graph just now is waited for; fitting then keeps nobody waiting.
        with self.store.writing("train") as writer:
            mark = fingerprint(writer)
            return mark, read_dataset(writer, progress, taggings=True, times=times)

    def last_choice(self) -> tuple[str | None, str] | None:
        """What the graph's (:Model) says."""
        rows = self.store.values("MATCH (m:Model) RETURN m.choice, m.trainedAt")
        return (rows[0][0], rows[0][1]) if rows else None

    def write(
        self, known: Sequence[Table], card: dict[str, Any], keep_models: int, progress: Progress
    ) -> Written:
        """Replace vectors and (:Model), keep them, and make the indexes."""
        with self.store.writing("train") as writer:
            card = numbered(writer, card)
            _, writing = timed(lambda: publish(writer, known, card, progress))
            _, keeping = timed(lambda: keep(writer, known, card, keep_models))
            _, indexing = timed(
                lambda: writer.dialect.create_vector_indexes(writer, card["dimensions"], progress)
            )
        return Written(writing, keeping, indexing)

    def notes(self) -> list[str]:
        """That a load has not ended."""
        half = unfinished_load(self.store)
        return [half] if half else []


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What ``work`` gives, and the seconds that it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start
