"""The one door to a graph database, whichever it is.

Everything that reads or writes the graph goes through ``GraphStore``; which database it is
shows only in its ``dialect``, and in ``embedded``, which the owner of an embedded store has.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from neo4j import Driver, EagerResult, Query, RoutingControl, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from tastegraph.graph.schema import NodeKind, RelationKind
from tastegraph.graph.store.dialect import Dialect
from tastegraph.graph.store.driver_errors import interrupted, may_have_arrived, raising_store_errors
from tastegraph.graph.store.embedded import EmbeddedStore
from tastegraph.graph.store.values import plain

Row = dict[str, Any]


class GraphStore:
    """A graph database, reached over Bolt; a context manager that closes itself."""

    def __init__(
        self,
        driver: Driver,
        place: str,
        database: str,
        dialect: Dialect,
        embedded: EmbeddedStore | None = None,
    ) -> None:
        self.place = place
        self.database = database
        self.dialect = dialect
        self.embedded = embedded
        self._driver = driver

    def rows(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Answer a reading query as dictionaries."""
        return self.table(cypher, parameters)[1]

    def table(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> tuple[list[str], list[Row]]:
        """Answer a reading query as the names of its columns, and rows as dictionaries."""
        result = self._execute(cypher, parameters, writing=False)
        names = list(result.keys)
        found = (map(plain, record.values()) for record in result.records)
        return names, [dict(zip(names, values, strict=True)) for values in found]

    def values(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        """Answer a reading query as lists of values, which is the quickest way to much data."""
        result = self._execute(cypher, parameters, writing=False)
        return [record.values() for record in result.records]

    def read_all(self, kind: NodeKind | RelationKind) -> list[list[Any]]:
        """All nodes or relationships of a kind, as rows of ids and properties."""
        return [row for (block,) in self.values(kind.read) for row in block]

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one writing query in a transaction of its own."""
        result = self._execute(cypher, parameters, writing=True)
        return [record.data() for record in result.records]

    def write_without_retry(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a writing query that must not be written twice, such as a CREATE.

        Raises StoreInterruptedError when the connection breaks: look what has arrived, and write
        the rest.
        """
        with (
            raising_store_errors(self.place),
            self._driver.session(database=self.database) as session,
        ):
            try:
                with session.begin_transaction() as transaction:
                    transaction.run(cypher, dict(parameters or {})).consume()
                    transaction.commit()
            except (DriverError, Neo4jError) as error:
                if may_have_arrived(error):
                    raise interrupted(self.place, error) from error
                raise

    def _execute(
        self, cypher: str, parameters: Mapping[str, Any] | None, writing: bool
    ) -> EagerResult:
        with raising_store_errors(self.place):
            return self._driver.execute_query(
                Query(cypher),
                dict(parameters or {}),
                database_=self.database,
                routing_=RoutingControl.WRITE if writing else RoutingControl.READ,
            )

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator["GraphStore"]:
        """Make one transaction of all that is asked of the store that this gives.

        Its queries see what it writes. When the block ends well, that is committed, or with
        ``keep`` False taken back; when it ends with an error, everything is taken back.
        """
        with (
            raising_store_errors(self.place),
            self._driver.session(database=self.database) as session,
            session.begin_transaction() as transaction,
        ):
            yield _InTransaction(self, transaction)
            if keep:
                transaction.commit()
            else:
                transaction.rollback()

    def version(self) -> str:
        """Name and version of the database."""
        return self.dialect.version(self)

    def close(self) -> None:
        """Close the connection, and the embedded database if this process owns it."""
        try:
            self._driver.close()
        finally:
            if self.embedded is not None:
                self.embedded.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _InTransaction(GraphStore):
    """Runs every query, of whatever kind, in a transaction that somebody else ends."""

    def __init__(self, store: GraphStore, transaction: Transaction) -> None:
        super().__init__(store._driver, store.place, store.database, store.dialect)
        self._transaction = transaction

    def write_without_retry(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a writing query; in a transaction nothing is tried twice."""
        self._execute(cypher, parameters, writing=True)

    @contextmanager
    def transaction(self, keep: bool = True) -> Iterator[GraphStore]:
        """The transaction that is under way: who began it ends it."""
        if not keep:
            raise ValueError("a part of a transaction can't be taken back by itself")
        yield self

    def _execute(
        self, cypher: str, parameters: Mapping[str, Any] | None, writing: bool
    ) -> EagerResult:
        with raising_store_errors(self.place):
            result = self._transaction.run(cypher, dict(parameters or {}))
            keys = list(result.keys())
            return EagerResult(list(result), result.consume(), keys)
