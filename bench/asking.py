"""How long recommendations take in a running process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.stage import NEO4J, Stage, say
from bench.table import Row, Section, spread
from tastegraph.graph.query_files import query
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.serving.one_user_in_database import recommend_one
from tastegraph.models.storage.model_card import read_card
from tastegraph.models.storage.read_graph import read_dataset, read_names, read_vectors

TITLE = "Asking"
HOW = (
    "k 10, in a process that runs already. In memory: `Recommender` on matrices read from the "
    "embedded store, made anew for each run over all users. In Cypher: the queries by themselves, "
    "and `recommend_one`, which is the query that the command chooses, with its checks; each after "
    "ten users that are not counted. Recall: the share of the exact top 10 that the fast query "
    "finds; and, of the exact top 10 by the embedding alone, that the vector index finds for "
    "another client, which ranks its nearest by dot product (docs/clients.md)."
)
K = 10
WARMING = 10
QUERIES = ("recommend-fast", "recommend", "recommend_one")
NEAREST = 2_000
_NEAREST = """
MATCH (u:User {id: $userId})
CALL db.index.vector.queryNodes($artistIndex, $nearest, u.embedding) YIELD node, score
WITH u, node, score WHERE NOT EXISTS { (u)-[:LISTENED|HIDES]->(node) }
RETURN node.id AS artist ORDER BY (2 * score - 1) * node.norm DESC LIMIT $k
"""
BOUNDS = {(NEO4J, "recommend-fast"): "150 ms", (NEO4J, "recommend"): "600 ms"}

Recalls = dict[str, float]
Times = dict[str, list[float]]
T = TypeVar("T")


@dataclass(frozen=True)
class Graph:
    """A store and what the recommender needs of it."""

    store: GraphStore
    data: Dataset
    vectors: Vectors
    names: NDArray[np.object_]
    options: RecommendOptions

    @classmethod
    def read(cls, store: GraphStore) -> "Graph":
        """Read everything."""
        data = read_dataset(store)
        names = read_names(store, "Artist", data.artists)
        options = RecommendOptions(K, read_card(store).weights)
        return cls(store, data, read_vectors(store, data), names, options)

    def recommender(self) -> Recommender:
        """A recommender that has computed nothing yet."""
        return Recommender(self.data, self.vectors, self.names)


def measure(stage: Stage) -> Section:
    """Ask in memory, then every store."""
    users = 20 if stage.quick else 100
    memory: Times = {}
    asked: dict[str, tuple[Times, Recalls]] = {}
    for name, place in stage.stores().items():
        stage.ensure_trained(place)
        with open_store(Settings.of(place)) as store:
            graph = Graph.read(store)
            memory = memory or in_memory(graph, users, stage.repeats)
            say(f"asking: {name}")
            asked[name] = in_cypher(graph, users)
    return section(memory, asked, stage.missing())


def section(memory: Times, asked: dict[str, tuple[Times, Recalls]], notes: list[str]) -> Section:
    """Render seconds in memory, and seconds by query and recalls of every store."""
    rows = [
        Row("everybody, after the graph is read", "1 s", spread(memory["everybody"], "s")),
        Row("one user, factors in memory", "10 ms", _milliseconds(memory["one"])),
    ]
    for name, (times, recalls) in asked.items():
        for which in QUERIES:
            bound = BOUNDS.get((name, which), "")
            rows.append(Row(f"{name}: `{which}`", bound, _milliseconds(times[which])))
        for what, recall in recalls.items():
            found = f"{recall:.4f} of {len(times['recommend-fast'])} users' top {K}"
            rows.append(Row(f"{name}: recall of {what}", "at least 0.98", found))
    return Section(TITLE, HOW, rows, notes)


def _milliseconds(seconds: Sequence[float]) -> str:
    return spread([1000 * each for each in seconds], "ms", 1)


def in_memory(graph: Graph, users: int, repeats: int) -> Times:
    """Seconds for everybody, and for one user at a time."""
    say("in memory")
    everybody = range(len(graph.data.users))
    runs = [
        _timed(partial(graph.recommender().recommend, everybody, graph.options))
        for _ in range(repeats)
    ]
    recommender = graph.recommender()
    recommender.recommend([0], graph.options)
    one = [
        _timed(partial(recommender.recommend, [row], graph.options))
        for row in _sample(len(everybody), users)
    ]
    return {"everybody": [seconds for _, seconds in runs], "one": [seconds for _, seconds in one]}


def in_cypher(graph: Graph, users: int) -> tuple[Times, Recalls]:
    """Seconds by query, and what is found of the exact lists of twice as many users."""
    rows = _sample(len(graph.data.users), 2 * users)
    ids = [graph.data.users.ids[row] for row in rows]
    found, fast = _each(partial(_run, graph, "recommend-fast"), ids)
    _, slow = _each(partial(_run, graph, "recommend"), ids[:users])
    _, chosen = _each(lambda user: recommend_one(graph.store, user, graph.options), ids[:users])
    nearest = [_nearest(graph, user) for user in ids]
    exact = graph.recommender().recommend(rows, graph.options)
    alone = graph.recommender().recommend(rows, RecommendOptions(K))
    times = dict(zip(QUERIES, (fast, slow, chosen), strict=True))
    return times, {
        "`recommend-fast`": _recall(exact, dict(zip(ids, found, strict=True))),
        f"the {NEAREST:,} nearest": _recall(alone, dict(zip(ids, nearest, strict=True))),
    }


def _nearest(graph: Graph, user: Any) -> list[dict[str, Any]]:
    asked = INDEX_PARAMETERS | {"userId": user, "k": K, "nearest": NEAREST}
    return graph.store.rows(_NEAREST, asked)


def _run(graph: Graph, name: str, user: Any) -> list[dict[str, Any]]:
    named, indexes = query(name, graph.store.dialect.cypher_25), INDEX_PARAMETERS
    chosen = {"userId": user, "k": K, "weights": list(graph.options.weights)}
    return graph.store.rows(named.cypher, named.examples | indexes | chosen)


def _each(ask: Callable[[Any], T], users: Sequence[Any]) -> tuple[list[T], list[float]]:
    for user in users[:WARMING]:
        ask(user)
    answers = [_timed(partial(ask, user)) for user in users]
    return [answer for answer, _ in answers], [seconds for _, seconds in answers]


def _recall(exact: pd.DataFrame, found: dict[Any, list[dict[str, Any]]]) -> float:
    best = {user: set(artists) for user, artists in exact.groupby("user")["artist"]}
    shares = [
        len(best[user] & {row["artist"] for row in rows}) / len(best[user])
        for user, rows in found.items()
    ]
    return float(np.mean(shares))


def _sample(users: int, size: int) -> list[int]:
    chosen: list[int] = np.random.default_rng(0).permutation(users)[:size].tolist()
    return chosen


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = perf_counter()
    result = work()
    return result, perf_counter() - start
