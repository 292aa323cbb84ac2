"""Neo4j's own way to do what openCypher leaves open."""

import time
from collections.abc import Callable

from tastegraph.errors import StoreError
from tastegraph.graph.schema import NODES, TRAINING
from tastegraph.graph.store.dialect import (
    ARTIST_NAMES,
    ARTIST_VECTORS,
    BUILDING_VECTORS,
    FILTERABLE,
    LEASE,
    TAG_NAMES,
    VECTOR_INDEXES,
    QueryRunner,
)
from tastegraph.runtime.progress import Advance, Progress, silent

_LABELS = [*(kind.label for kind in NODES), "Model", *TRAINING.values(), LEASE]

# Seconds between two looks at how far the indexes are.
_LOOK_AGAIN = 0.05

# From this release on, SEARCH of Cypher 25 filters in the vector index.
_SEARCH = (2026, 2)

# Labels of which ids are unique, by the name of the constraint, and those whose names are found by
# their words.
_CONSTRAINTS = {
    "user_id": "User",
    "artist_id": "Artist",
    "tag_id": "Tag",
    "model_id": "Model",
    "user_training_id": TRAINING["User"],
    "artist_training_id": TRAINING["Artist"],
}
_FULLTEXT = {ARTIST_NAMES: "Artist", TAG_NAMES: "Tag"}
_SCHEMA = (
    *(
        f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for name, label in _CONSTRAINTS.items()
    ),
    # Until there is some of these, queries would be warned that there is no such thing.
    "CALL db.createRelationshipType('HIDES')",
    "CALL db.createProperty('firstHeard')",
    "CALL db.createProperty('lastHeard')",
    *(
        f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [n.name]"
        for name, label in _FULLTEXT.items()
    ),
)

# What the longest vectors and the filters are told by.
_LONGEST_FIRST = ("norm", *FILTERABLE[ARTIST_VECTORS])


class Neo4jDialect:
    """Neo4j 5.26 and later; ``release`` is (5, 26) or, of the year's second, (2026, 2)."""

    # The longest vectors come first in it. Filtered, they are told from it too, by Cypher 25 alone.
    _LONGEST = ("CREATE INDEX artist_norm IF NOT EXISTS FOR (n:Artist) ON (n.norm)",)
    _LONGEST_FILTERED = (
        # Beside the other the planner overlooks it.
        "DROP INDEX artist_norm IF EXISTS",
        "CREATE INDEX artist_norm_filtered IF NOT EXISTS "
        f"FOR (n:Artist) ON ({', '.join(f'n.{each}' for each in _LONGEST_FIRST)})",
    )

    # Somebody else's indexes in the same database are no matter of ours.
    _BUILDING = (
        "SHOW INDEXES YIELD name, state, populationPercent, failureMessage, labelsOrTypes "
        f"WHERE state <> 'ONLINE' AND any(label IN labelsOrTypes WHERE label IN {_LABELS}) "
        "RETURN name, state, populationPercent, failureMessage"
    )

    def __init__(self, release: tuple[int, ...] = (5, 26)) -> None:
        self.cypher_25 = release >= _SEARCH

    def create_lease(self, run: Callable[[str], object], sql: Callable[[str], None]) -> None:
        run(f"CREATE CONSTRAINT lease_id IF NOT EXISTS FOR (n:{LEASE}) REQUIRE n.id IS UNIQUE")

    def create_schema(self, store: QueryRunner) -> None:
        there = {name for (name,) in store.values("SHOW INDEXES YIELD name RETURN name")}
        longest = "artist_norm_filtered" if self.cypher_25 else "artist_norm"
        # A statement each takes a while, though it finds all done.
        if not {*_CONSTRAINTS, *_FULLTEXT, longest} <= there:
            store.change_schema(*_SCHEMA, *self._longest_first())
        self._await_indexes(store)

    def create_vector_indexes(
        self, store: QueryRunner, dimensions: int, progress: Progress = silent
    ) -> None:
        store.change_schema(
            *(self._vector_index(name, label) for name, label in VECTOR_INDEXES),
            parameters={"dimensions": dimensions},
        )
        with progress(BUILDING_VECTORS, 100) as advance:
            self._await_indexes(store, advance)

    def drop_vector_indexes(self, store: QueryRunner) -> None:
        store.change_schema(*(f"DROP INDEX {name} IF EXISTS" for name, _ in VECTOR_INDEXES))

    def has_vector_indexes(self, store: QueryRunner) -> bool:
        online = store.values(
            "SHOW VECTOR INDEXES YIELD name, state, properties WHERE state = 'ONLINE' "
            "RETURN name, properties"
        )
        # An index that an earlier release of the database made filters by nothing.
        serving = {name for name, of in online if {*self._filterable(name)} <= {*of}}
        return {name for name, _ in VECTOR_INDEXES} <= serving

    def prefers_candidates(self, store: QueryRunner) -> bool:
        return self.has_vector_indexes(store)

    def version(self, store: QueryRunner) -> str:
        name, versions, edition = store.values(
            "CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition"
        )[0]
        return f"{name} {versions[0]} {edition}"

    def _vector_index(self, name: str, label: str) -> str:
        filtered = ", ".join(f"n.{each}" for each in self._filterable(name))
        return (
            f"{'CYPHER 25 ' if filtered else ''}"
            f"CREATE VECTOR INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.embedding) "
            f"{f'WITH [{filtered}] ' if filtered else ''}"
            "OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, "
            "`vector.similarity_function`: 'cosine', "
            # Quantized, the index would give scores that differ in the third place.
            "`vector.quantization.enabled`: false}}"
        )

    def _longest_first(self) -> tuple[str, ...]:
        return self._LONGEST_FILTERED if self.cypher_25 else self._LONGEST

    def _filterable(self, name: str) -> tuple[str, ...]:
        return FILTERABLE.get(name, ()) if self.cypher_25 else ()

    def _await_indexes(self, store: QueryRunner, advance: Advance = lambda steps: None) -> None:
        """Wait until all indexes serve; ``advance`` gets per cent of those that do not yet.

        StoreError where one can't be built.
        """
        done = 0
        while building := store.values(self._BUILDING):
            for name, state, _, failure in building:
                if state == "FAILED":
                    raise StoreError(
                        f"Neo4j can't build the index {name}: {failure} "
                        f"DROP INDEX {name} in Neo4j Browser, then try again."
                    )
            now = int(min(percent for _, _, percent, _ in building))
            advance(max(now - done, 0))
            done = max(now, done)
            time.sleep(_LOOK_AGAIN)
        advance(100 - done)
