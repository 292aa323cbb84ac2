"""What differs between the databases, and nothing else."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tastegraph.graph.store.graph_store import GraphStore

ARTIST_VECTORS = "artist_embedding"
USER_VECTORS = "user_embedding"
ARTIST_NAMES = "artist_name"
TAG_NAMES = "tag_name"


class Dialect(Protocol):
    """A database's own way to do what openCypher leaves open."""

    def index_parameters(self) -> dict[str, Any]:
        """Values for the query parameters that name an index."""

    def create_schema(self, store: "GraphStore") -> None:
        """Make constraints and indexes that are missing, and wait until they serve."""

    def create_vector_indexes(self, store: "GraphStore", dimensions: int) -> None:
        """Make the vector indexes for embeddings of this length, and wait until they serve."""

    def drop_vector_indexes(self, store: "GraphStore") -> None:
        """Remove the vector indexes, if they are there."""

    def has_vector_indexes(self, store: "GraphStore") -> bool:
        """Whether both vector indexes are there and serve."""

    def prefers_candidates(self, store: "GraphStore") -> bool:
        """Whether scoring candidates from the vector index is quicker than scoring all."""

    def version(self, store: "GraphStore") -> str:
        """Name and version of the database."""


_VECTOR_INDEXES = ((ARTIST_VECTORS, "Artist"), (USER_VECTORS, "User"))


class Neo4jDialect:
    """Neo4j 5.26 and later."""

    _SCHEMA = (
        "CREATE CONSTRAINT user_id IF NOT EXISTS FOR (n:User) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT artist_id IF NOT EXISTS FOR (n:Artist) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT tag_id IF NOT EXISTS FOR (n:Tag) REQUIRE n.id IS UNIQUE",
        "CREATE CONSTRAINT model_id IF NOT EXISTS FOR (n:Model) REQUIRE n.id IS UNIQUE",
        "CREATE INDEX artist_norm IF NOT EXISTS FOR (n:Artist) ON (n.norm)",
        # Until somebody hides something, queries would be warned that there is no such type.
        "CALL db.createRelationshipType('HIDES')",
        f"CREATE FULLTEXT INDEX {ARTIST_NAMES} IF NOT EXISTS FOR (n:Artist) ON EACH [n.name]",
        f"CREATE FULLTEXT INDEX {TAG_NAMES} IF NOT EXISTS FOR (n:Tag) ON EACH [n.name]",
    )

    def index_parameters(self) -> dict[str, Any]:
        return {
            "artistIndex": ARTIST_VECTORS,
            "userIndex": USER_VECTORS,
            "artistNames": ARTIST_NAMES,
            "tagNames": TAG_NAMES,
        }

    def create_schema(self, store: "GraphStore") -> None:
        for statement in self._SCHEMA:
            store.write(statement)
        self._await_indexes(store)

    def create_vector_indexes(self, store: "GraphStore", dimensions: int) -> None:
        for name, label in _VECTOR_INDEXES:
            store.write(
                f"CREATE VECTOR INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.embedding) "
                "OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, "
                "`vector.similarity_function`: 'cosine', "
                # Quantized, the index would give scores that differ in the third place.
                "`vector.quantization.enabled`: false}}",
                {"dimensions": dimensions},
            )
        self._await_indexes(store)

    def drop_vector_indexes(self, store: "GraphStore") -> None:
        for name, _ in _VECTOR_INDEXES:
            store.write(f"DROP INDEX {name} IF EXISTS")

    def has_vector_indexes(self, store: "GraphStore") -> bool:
        online = store.values(
            "SHOW VECTOR INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN name"
        )
        return {name for name, _ in _VECTOR_INDEXES} <= {row[0] for row in online}

    def prefers_candidates(self, store: "GraphStore") -> bool:
        return self.has_vector_indexes(store)

    def version(self, store: "GraphStore") -> str:
        name, versions, edition = store.values(
            "CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition"
        )[0]
        return f"{name} {versions[0]} {edition}"

    @staticmethod
    def _await_indexes(store: "GraphStore") -> None:
        store.write("CALL db.awaitIndexes(600)")


class ArcadeDialect:
    """ArcadeDB, whose schema is made in its own SQL."""

    _TYPES = (
        *(
            f"CREATE VERTEX TYPE {name} IF NOT EXISTS"
            for name in ("User", "Artist", "Tag", "Model")
        ),
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
        "CREATE INDEX IF NOT EXISTS ON Artist (name) FULL_TEXT",
        "CREATE INDEX IF NOT EXISTS ON Tag (name) FULL_TEXT",
    )
    _IDS = tuple(
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for label in ("User", "Artist", "Tag", "Model")
    )

    def __init__(self, sql: "Callable[[str], None]", engine: str) -> None:
        self._sql = sql
        self._engine = engine

    def index_parameters(self) -> dict[str, Any]:
        return {
            "artistIndex": "Artist[embedding]",
            "userIndex": "User[embedding]",
            "artistNames": "Artist[name]",
            "tagNames": "Tag[name]",
        }

    def create_schema(self, store: "GraphStore") -> None:
        for statement in (*self._TYPES, *self._PROPERTIES):
            self._sql(statement)
        for statement in self._IDS:
            store.write(statement)

    def create_vector_indexes(self, store: "GraphStore", dimensions: int) -> None:
        for _, label in _VECTOR_INDEXES:
            self._sql(
                f"CREATE INDEX IF NOT EXISTS ON {label} (embedding) LSM_VECTOR "
                f"METADATA {{dimensions: {int(dimensions)}, similarity: 'COSINE'}}"
            )

    def drop_vector_indexes(self, store: "GraphStore") -> None:
        for _, label in _VECTOR_INDEXES:
            self._sql(f"DROP INDEX `{label}[embedding]` IF EXISTS")

    def has_vector_indexes(self, store: "GraphStore") -> bool:
        online = store.values("SHOW INDEXES YIELD name, type, state RETURN name, type, state")
        ready = {name for name, kind, state in online if kind == "VECTOR" and state == "ONLINE"}
        return {f"{label}[embedding]" for _, label in _VECTOR_INDEXES} <= ready

    def prefers_candidates(self, store: "GraphStore") -> bool:
        # In process a scan of all artists is over before the index has found its candidates.
        return False

    def version(self, store: "GraphStore") -> str:
        return f"ArcadeDB {self._engine} embedded"
