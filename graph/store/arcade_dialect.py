"""ArcadeDB's own way to do what openCypher leaves open."""

from collections.abc import Callable

from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.dialect import (
    ARTIST_NAMES,
    BUILDING_VECTORS,
    LEASE,
    TAG_NAMES,
    VECTOR_INDEXES,
    QueryRunner,
)
from tastegraph.runtime.progress import Progress, silent

_WITH_ID = ("User", "Artist", "Tag", "Model", *TRAINING.values())


class ArcadeDialect:
    """ArcadeDB, whose schema is made in its own SQL."""

    cypher_25 = False

    _TYPES = (
        *(f"CREATE VERTEX TYPE {name} IF NOT EXISTS" for name in _WITH_ID),
        *(
            f"CREATE EDGE TYPE {name} IF NOT EXISTS"
            for name in ("LISTENED", "FRIEND", "TAGGED", "HAS_TAG", "USES_TAG", "FEATURES", "HIDES")
        ),
    )
    # A range index on a property of no declared type would order numbers as text.
    _PROPERTIES = (
        "CREATE PROPERTY Artist.norm IF NOT EXISTS DOUBLE",
        "CREATE PROPERTY Artist.name IF NOT EXISTS STRING",
        "CREATE PROPERTY Tag.name IF NOT EXISTS STRING",
        "CREATE PROPERTY Artist.embedding IF NOT EXISTS ARRAY_OF_FLOATS",
        "CREATE PROPERTY User.embedding IF NOT EXISTS ARRAY_OF_FLOATS",
        "CREATE INDEX IF NOT EXISTS ON Artist (norm) NOTUNIQUE",
        # What they were called in graphs of an earlier version.
        "DROP INDEX `Artist[name]` IF EXISTS",
        "DROP INDEX `Tag[name]` IF EXISTS",
        f"CREATE INDEX {ARTIST_NAMES} IF NOT EXISTS ON Artist (name) FULL_TEXT",
        f"CREATE INDEX {TAG_NAMES} IF NOT EXISTS ON Tag (name) FULL_TEXT",
    )
    _OLD_VECTORS = tuple(
        f"DROP INDEX `{label}[embedding]` IF EXISTS" for _, label in VECTOR_INDEXES
    )
    _IDS = tuple(
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for label in _WITH_ID
    )

    def __init__(self, engine: str) -> None:
        self._engine = engine

    def create_lease(self, run: Callable[[str], object], sql: Callable[[str], None]) -> None:
        sql(f"CREATE VERTEX TYPE {LEASE} IF NOT EXISTS")
        run(f"CREATE CONSTRAINT lease_id IF NOT EXISTS FOR (n:{LEASE}) REQUIRE n.id IS UNIQUE")

    def create_schema(self, store: QueryRunner) -> None:
        store.change_schema_in_sql(*self._TYPES, *self._PROPERTIES)
        store.change_schema(*self._IDS)

    def create_vector_indexes(
        self, store: QueryRunner, dimensions: int, progress: Progress = silent
    ) -> None:
        store.change_schema_in_sql(*self._OLD_VECTORS)
        with progress(BUILDING_VECTORS, len(VECTOR_INDEXES)) as advance:
            for name, label in VECTOR_INDEXES:
                store.change_schema_in_sql(
                    f"CREATE INDEX {name} IF NOT EXISTS ON {label} (embedding) LSM_VECTOR "
                    f"METADATA {{dimensions: {int(dimensions)}, similarity: 'COSINE'}}"
                )
                advance(1)

    def drop_vector_indexes(self, store: QueryRunner) -> None:
        store.change_schema_in_sql(
            *self._OLD_VECTORS, *(f"DROP INDEX {name} IF EXISTS" for name, _ in VECTOR_INDEXES)
        )

    def has_vector_indexes(self, store: QueryRunner) -> bool:
        online = store.values("SHOW INDEXES YIELD name, type, state RETURN name, type, state")
        ready = {name for name, kind, state in online if kind == "VECTOR" and state == "ONLINE"}
        return {name for name, _ in VECTOR_INDEXES} <= ready

    def prefers_candidates(self, store: QueryRunner) -> bool:
        # In process a scan of all artists is over before the index has found its candidates.
        return False

    def version(self, store: QueryRunner) -> str:
        return f"ArcadeDB {self._engine} embedded"
