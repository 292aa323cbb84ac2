"""Constraints and indexes: made once, online when they are promised, and dropped cleanly."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from tastegraph.errors import StoreError
from tastegraph.graph.store.dialect import BUILDING_VECTORS, INDEX_PARAMETERS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Advance

LABELS = ["User", "Artist", "Tag", "Model", "UserTraining", "ArtistTraining"]


def indexes(store: GraphStore) -> dict[str, tuple[str, str]]:
    """Type and state of every index by name."""
    rows = store.values("SHOW INDEXES YIELD name, type, state RETURN name, type, state")
    return {name: (kind, state) for name, kind, state in rows if kind != "LOOKUP"}


def test_every_index_is_online(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    found = indexes(store)
    assert {state for _, state in found.values()} == {"ONLINE"}
    names = INDEX_PARAMETERS
    assert {found[names["artistNames"]][0], found[names["tagNames"]][0]} <= {"FULLTEXT"}
    assert not {names["artistIndex"], names["userIndex"]} & set(found)
    store.dialect.create_schema(store)
    assert indexes(store) == found


def test_an_index_that_somebody_dropped_is_made_again(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    found = indexes(store)
    for name in (INDEX_PARAMETERS["artistNames"], INDEX_PARAMETERS["tagNames"]):
        store.change_schema(f"DROP INDEX {name} IF EXISTS")
        assert name not in indexes(store)
        store.dialect.create_schema(store)
        assert indexes(store) == found


def test_ids_are_unique(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    for label in LABELS:
        store.write(f"CREATE (:{label} {{id: 1}})")
        with pytest.raises(StoreError):
            store.write(f"CREATE (:{label} {{id: 1}})")
        assert store.values(f"MATCH (n:{label}) RETURN count(n)") == [[1]]


def test_vector_indexes_come_and_go(store: GraphStore) -> None:
    store.dialect.create_schema(store)
    store.write("CREATE (:Artist {id: 1, embedding: [0.6, 0.8], norm: 1.0})")
    store.write("CREATE (:User {id: 1, embedding: [0.6, 0.8], norm: 1.0})")
    names = INDEX_PARAMETERS
    without = indexes(store)
    assert not store.dialect.has_vector_indexes(store)
    for _ in range(2):
        store.dialect.create_vector_indexes(store, 2)
        store.dialect.create_vector_indexes(store, 2)
        assert store.dialect.has_vector_indexes(store)
        for name in (names["artistIndex"], names["userIndex"]):
            assert nearest(store, name) == [[1]]
        store.dialect.drop_vector_indexes(store)
        store.dialect.drop_vector_indexes(store)
        assert not store.dialect.has_vector_indexes(store)
        assert indexes(store) == without


def test_it_says_how_far_the_vector_indexes_are(store: GraphStore) -> None:
    """And waits without an end: what 3,000 vectors take is not over at once on a server."""
    store.dialect.create_schema(store)
    vectors = np.random.default_rng(1).standard_normal((3_000, 32)).round(3).tolist()
    store.write(
        "UNWIND $rows AS row CREATE (:Artist {id: row[0], embedding: row[1], norm: 1.0})",
        {"rows": [[place, vector] for place, vector in enumerate(vectors)]},
    )
    steps: dict[str, list[int]] = {}

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Advance]:
        said = steps.setdefault(label, [])
        yield said.append
        assert sum(said) == total

    store.dialect.create_vector_indexes(store, 32, progress)
    assert list(steps) == [BUILDING_VECTORS]
    assert store.dialect.has_vector_indexes(store)
    found = store.values(
        "CALL db.index.vector.queryNodes($index, 1, $vector) YIELD node RETURN node.id",
        {"index": INDEX_PARAMETERS["artistIndex"], "vector": vectors[7]},
    )
    assert found == [[7]]


def nearest(store: GraphStore, index: str) -> list[list[object]]:
    cypher = "CALL db.index.vector.queryNodes($index, 1, [0.8, 0.6]) YIELD node RETURN node.id"
    return store.values(cypher, {"index": index})


def test_it_says_which_database_it_is(store: GraphStore, kind: str) -> None:
    expected = {"embedded": "ArcadeDB 26.", "neo4j": "Neo4j Kernel 5."}
    assert store.version().startswith(expected.get(kind, "Neo4j Kernel 2026."))
