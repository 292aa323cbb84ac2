"""The one door to a graph database, whichever it is.

Everything that reads or writes the graph goes through ``GraphStore``; which database it is
shows only in its ``dialect``, and in ``embedded``, which the owner of an embedded store has.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from neo4j import Driver, EagerResult, GraphDatabase, Query, RoutingControl, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from tastegraph.errors import StoreAccessError
from tastegraph.graph.schema import NodeKind, RelationKind
from tastegraph.graph.store.dialect import Dialect, Neo4jDialect
from tastegraph.graph.store.driver_errors import interrupted, may_have_arrived, translated
from tastegraph.graph.store.embedded import EmbeddedStore
from tastegraph.graph.store.settings import Settings
from tastegraph.graph.store.values import plain

# A server that restarts is waited for this long, in seconds.
PATIENCE = 120.0

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
            translated(self.place),
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
        with translated(self.place):
            return self._driver.execute_query(
                Query(cypher),
                dict(parameters or {}),
                database_=self.database,
                routing_=RoutingControl.WRITE if writing else RoutingControl.READ,
            )

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """One transaction: committed when the block ends well, otherwise rolled back."""
        with (
            translated(self.place),
            self._driver.session(database=self.database) as session,
            session.begin_transaction() as transaction,
        ):
            yield transaction
            transaction.commit()

    @contextmanager
    def together(self, keep: bool = True) -> Iterator["GraphStore"]:
        """Make one transaction of all that is asked of the store that this gives.

        Its queries see what it writes. When the block ends well, that is committed, or with
        ``keep`` False taken back.
        """
        with (
            translated(self.place),
            self._driver.session(database=self.database) as session,
            session.begin_transaction() as transaction,
        ):
            yield _Together(self, transaction)
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


class _Together(GraphStore):
    """Runs every query in a transaction that somebody else ends."""

    def __init__(self, store: GraphStore, transaction: Transaction) -> None:
        super().__init__(store._driver, store.place, store.database, store.dialect)
        self._transaction = transaction

    def _execute(
        self, cypher: str, parameters: Mapping[str, Any] | None, writing: bool
    ) -> EagerResult:
        with translated(self.place):
            result = self._transaction.run(cypher, dict(parameters or {}))
            keys = list(result.keys())
            return EagerResult(list(result), result.consume(), keys)


def open_store(settings: Settings, brief: bool = False) -> GraphStore:
    """Open the store that ``settings`` names; a missing folder is made.

    ``brief`` says that this process asks a few queries and ends, so that an embedded store is
    opened for a quick first answer.

    Raises StoreUnreachableError, StoreAccessError, StoreBusyError or NotFoundError.
    """
    if settings.is_server:
        return _open_server(settings)
    embedded = EmbeddedStore.open(settings.folder, brief)
    try:
        driver = _driver(embedded.uri, "root", embedded.password)
        return GraphStore(driver, settings.place, embedded.database, embedded.dialect, embedded)
    except BaseException:
        embedded.close()
        raise


def _open_server(settings: Settings) -> GraphStore:
    if settings.username and not settings.password:
        raise StoreAccessError(
            f"NEO4J_USERNAME is set, but there is no password for {settings.place}: "
            "set NEO4J_PASSWORD"
        )
    with translated(settings.place):
        user = settings.username or ("neo4j" if settings.password else None)
        driver = _driver(settings.place, user, settings.password)
        try:
            return GraphStore(driver, settings.place, _database(driver, settings), Neo4jDialect())
        except BaseException:
            driver.close()
            raise


def _database(driver: Driver, settings: Settings) -> str:
    """The database's name; asking for it also proves that it is there and lets us in."""
    # One attempt: a server that is not there is said at once, not after a retry's minute.
    with driver.session(database=settings.database) as session:
        record = session.run("CALL db.info() YIELD name").single(strict=True)
    return str(record["name"])


def _driver(uri: str, user: str | None, password: str | None) -> Driver:
    # Notifications (an unknown label in an empty graph) are for developers, not for stderr.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    return GraphDatabase.driver(
        uri,
        auth=(user, password or "") if user else None,
        max_transaction_retry_time=PATIENCE,
        connection_timeout=10.0,
        notifications_min_severity="OFF",
    )
