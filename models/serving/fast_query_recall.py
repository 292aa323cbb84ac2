"""How much of the exact ranking the query of candidates finds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tastegraph.graph.frames import ARTIST, Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.serving.fast_or_exact import EXACT, FAST

K = 10

# Users are asked for until this many seconds have passed, or there are as many as this.
_SECONDS = 2.0
_USERS = 20


@dataclass(frozen=True)
class Recall:
    """``found`` of ``wanted`` artists of the exact top 10 of ``users`` users."""

    users: int
    found: int
    wanted: int

    @property
    def share(self) -> float:
        """Recall: found / wanted; 1 where nothing was wanted."""
        return self.found / self.wanted if self.wanted else 1.0


def candidates_recall(
    store: GraphStore,
    weights: Sequence[float],
    seconds: float = _SECONDS,
    users: int = _USERS,
) -> Recall:
    """Compare ``recommend-fast`` with ``recommend`` for users drawn at random.

    A list of candidates that comes out short is not shown to anybody
    (``tastegraph.models.serving.fast_or_exact``), so that the exact one counts in its place.

    The query needs the vector index. At least one user is asked for where there is one.
    """
    # The first user wakes the indexes up, and is not what the time is for.
    started, asked, found, wanted = float("inf"), 0, 0, 0
    for user in _sample(store, users):
        exact, fast = (_artists(store, name, user, weights) for name in (EXACT, FAST))
        fast = exact if len(fast) < K else fast
        asked, found, wanted = asked + 1, found + len(exact & fast), wanted + len(exact)
        started = min(started, time.monotonic())
        if time.monotonic() - started > seconds:
            break
    return Recall(asked, found, wanted)


def _sample(store: GraphStore, users: int) -> list[Id]:
    """Users with a vector, drawn at random and always the same."""
    ids = [
        row[0] for row in store.values("MATCH (u:User) WHERE u.norm > 0 RETURN u.id ORDER BY u.id")
    ]
    drawn = np.random.default_rng(0).permutation(len(ids))[:users]
    return [ids[at] for at in drawn.tolist()]


def _artists(store: GraphStore, name: str, user: Id, weights: Sequence[float]) -> set[Id]:
    named = query(name, store.dialect.cypher_25)
    parameters = named.examples | INDEX_PARAMETERS
    parameters |= {"userId": user, "k": K, "weights": list(weights)}
    return {row[ARTIST] for row in store.rows(named.cypher, parameters)}
