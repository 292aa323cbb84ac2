"""Neo4j's own way to do what openCypher leaves open."""

from collections.abc import Callable

from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.dialect import (
    ARTIST_NAMES,
    LEASE,
    TAG_NAMES,
    VECTOR_INDEXES,
    QueryRunner,
)


class Neo4jDialect:
    """Neo4j 5.26 and later."""

    _SCHEMA = (
        "CREATE CONSTRAINT user_id IF NOT EXISTS FOR (n:User) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT artist_id IF NOT EXISTS FOR (n:Artist) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT tag_id IF NOT EXISTS FOR (n:Tag) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT model_id IF NOT EXISTS FOR (n:Model) REQUIRE n.id IS UNIQUE",
        *(
            f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
            for name, label in (
                ("user_training_id", TRAINING["User"]),
                ("artist_training_id", TRAINING["Artist"]),
            )
        ),
        "CREATE INDEX artist_norm IF NOT EXISTS FOR (n:Artist) ON (n.norm)",
        # Until there is some of these, queries would be warned that there is no such thing.
        "CALL db.createRelationshipType('HIDES')",
        "CALL db.createProperty('firstHeard')",
        "CALL db.createProperty('lastHeard')",
        f"CREATE FULLTEXT INDEX {ARTIST_NAMES} IF NOT EXISTS FOR (n:Artist) ON EACH [n.name]",
        f"CREATE FULLTEXT INDEX {TAG_NAMES} IF NOT EXISTS FOR (n:Tag) ON EACH [n.name]",
    )

    def create_lease(self, run: Callable[[str], object], sql: Callable[[str], None]) -> None:
        run(f"CREATE CONSTRAINT lease_id IF NOT EXISTS FOR (n:{LEASE}) REQUIRE n.id IS UNIQUE")

    def create_schema(self, store: QueryRunner) -> None:
        for statement in self._SCHEMA:
            store.change_schema(statement)
        self._await_indexes(store)

    def create_vector_indexes(self, store: QueryRunner, dimensions: int) -> None:
        for name, label in VECTOR_INDEXES:
            store.change_schema(
                f"CREATE VECTOR INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.embedding) "
                "OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, "
                "`vector.similarity_function`: 'cosine', "
                # Quantized, the index would give scores that differ in the third place.
                "`vector.quantization.enabled`: false}}",
                {"dimensions": dimensions},
            )
        self._await_indexes(store)

    def drop_vector_indexes(self, store: QueryRunner) -> None:
        for name, _ in VECTOR_INDEXES:
            store.change_schema(f"DROP INDEX {name} IF EXISTS")

    def has_vector_indexes(self, store: QueryRunner) -> bool:
        online = store.values(
            "SHOW VECTOR INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name"
        )
        return {name for name, _ in VECTOR_INDEXES} <= {row[0] for row in online}

    def prefers_candidates(self, store: QueryRunner) -> bool:
        return self.has_vector_indexes(store)

    def version(self, store: QueryRunner) -> str:
        name, versions, edition = store.values(
            "CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition"
        )[0]
        return f"{name} {versions[0]} {edition}"

    @staticmethod
    def _await_indexes(store: QueryRunner) -> None:
        store.change_schema("CALL db.awaitIndexes(600)")
