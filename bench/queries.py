"""How long each query of the catalog takes on warm Neo4j."""

from time import perf_counter

import numpy as np

from bench.stage import NEO4J, Stage, say
from bench.table import Row, Section, spread
from tastegraph.graph.query_files import NamedQuery, query, query_names
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tests.neo4j_packages import UnavailableError

TITLE = "Queries"
HOW = (
    "Every query of `tastegraph query list` in Neo4j, over Bolt until the last row is here, after "
    "five runs that are not counted: twenty times with its examples, a user's queries for twenty "
    "users instead. Nobody has a community yet, so that `communities` describes everybody at once. "
    "What takes longer than the bound says why in its comment."
)
BOUND_MS = 300
WARMING = 5
TIMES = 20

Times = dict[str, list[float]]


def measure(stage: Stage) -> Section:
    """Run every query in Neo4j."""
    place = stage.stores().get(NEO4J)
    if place is None:
        raise UnavailableError(" ".join(stage.missing()))
    stage.ensure_trained(place)
    with open_store(Settings.of(place)) as store:
        users = _some_users(store)
        return section(
            {
                name: _seconds(store, query(name, store.dialect.cypher_25), users)
                for name in query_names()
            }
        )


def section(times: Times) -> Section:
    """Render seconds by query."""
    rows = [
        Row(f"`{name}`", f"{BOUND_MS} ms", spread([1000 * each for each in seconds], "ms", 0))
        for name, seconds in times.items()
    ]
    return Section(TITLE, HOW, rows)


def _seconds(store: GraphStore, asked: NamedQuery, users: list[int]) -> list[float]:
    say(f"queries: {asked.name}")
    values = asked.examples | INDEX_PARAMETERS
    if "userId" in asked.examples:
        given = [values | {"userId": user} for user in users]
    else:
        given = [values] * (WARMING + TIMES)
    taken = []
    for parameters in given:
        start = perf_counter()
        store.values(asked.cypher, parameters)
        taken.append(perf_counter() - start)
    return taken[WARMING:]


def _some_users(store: GraphStore) -> list[int]:
    ids = [row[0] for row in store.values("MATCH (u:User) RETURN u.id ORDER BY u.id")]
    chosen: list[int] = np.random.default_rng(0).choice(ids, WARMING + TIMES, False).tolist()
    return chosen
