"""What differs between the databases, and nothing else."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tastegraph.runtime.progress import Progress, silent

ARTIST_VECTORS = "artist_embedding"
USER_VECTORS = "user_embedding"
ARTIST_NAMES = "artist_name"
TAG_NAMES = "tag_name"
LEASE = "WriteLease"

BUILDING_VECTORS = "building the vector indexes"
"""What the program says that it does meanwhile."""

INDEX_PARAMETERS = {
    "artistIndex": ARTIST_VECTORS,
    "userIndex": USER_VECTORS,
    "artistNames": ARTIST_NAMES,
    "tagNames": TAG_NAMES,
}
"""Values for the query parameters that name an index, which is called alike in all stores."""

VECTOR_INDEXES = ((ARTIST_VECTORS, "Artist"), (USER_VECTORS, "User"))

FILTERABLE = {ARTIST_VECTORS: ("listeners", "band")}
"""Properties that a vector index filters by, in a database whose indexes can."""


class QueryRunner(Protocol):
    """What runs queries: a store, or a transaction of it."""

    def values(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        """Answer a reading query as lists of values."""

    def change_schema(self, *statements: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run queries that make or drop an index or a constraint, one after the other."""

    def change_schema_in_sql(self, *statements: str) -> None:
        """The same in the SQL of an embedded store."""


class Dialect(Protocol):
    """A database's own way to do what openCypher leaves open."""

    @property
    def cypher_25(self) -> bool:
        """Whether it takes Cypher 25, whose SEARCH filters in a vector index."""

    def create_lease(self, run: Callable[[str], object], sql: Callable[[str], None]) -> None:
        """Make sure that there can only be one node of each id that is a lease.

        ``run`` takes Cypher, ``sql`` an embedded store's SQL.
        """

    def create_schema(self, store: QueryRunner) -> None:
        """Make constraints and indexes that are missing, and wait until they serve."""

    def create_vector_indexes(
        self, store: QueryRunner, dimensions: int, progress: Progress = silent
    ) -> None:
        """Make the vector indexes for embeddings of this length, and wait until they serve.

        However long that takes: ``progress`` says how far they are. StoreError where one fails.
        """

    def drop_vector_indexes(self, store: QueryRunner) -> None:
        """Remove the vector indexes, if they are there."""

    def has_vector_indexes(self, store: QueryRunner) -> bool:
        """Whether both vector indexes are there and serve."""

    def prefers_candidates(self, store: QueryRunner) -> bool:
        """Whether scoring candidates from the vector index is quicker than scoring all."""

    def version(self, store: QueryRunner) -> str:
        """Name and version of the database."""
