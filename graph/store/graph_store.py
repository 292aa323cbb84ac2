"""The one door to a graph database, whichever it is.

Everything that reads or writes the graph goes through ``GraphStore``; which database it is
shows only in its ``dialect``, and in ``embedded``, which the owner of an embedded store has.
Whatever writes holds the graph's one lease meanwhile (``lease``), whether it says so or not.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from neo4j import EagerResult, Query, RoutingControl, Transaction
from neo4j.exceptions import DriverError, Neo4jError

from tastegraph.errors import StoreQueryError
from tastegraph.graph.frames import Id
from tastegraph.graph.schema import NodeKind, RelationKind, in_blocks
from tastegraph.graph.store.cancelling import giving_up_at_once
from tastegraph.graph.store.connection import Connection, passes
from tastegraph.graph.store.dialect import Dialect
from tastegraph.graph.store.driver_errors import READS_ALONE, interrupted, raising_store_errors
from tastegraph.graph.store.embedded import EmbeddedStore
from tastegraph.graph.store.lease import Holder, Lease, look
from tastegraph.graph.store.result import READ_ONLY, Result, Row, eager, stands_alone
from tastegraph.graph.store.take_lease import leased, run_once
from tastegraph.runtime.closing import Closing

T = TypeVar("T")


class GraphStore(Closing):
    """A graph database, reached over Bolt; a context manager that closes itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def place(self) -> str:
        """The folder or the URI."""
        return self._connection.place

    @property
    def database(self) -> str:
        """The database's name."""
        return self._connection.link.database

    @property
    def dialect(self) -> Dialect:
        """The database's own way to do things."""
        return self._connection.link.dialect

    @property
    def embedded(self) -> EmbeddedStore | None:
        """The embedded store, where it is one."""
        return self._connection.link.embedded

    def rows(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Answer a reading query as dictionaries."""
        return self.table(cypher, parameters)[1]

    def table(
        self, cypher: str, parameters: Mapping[str, Any] | None = None
    ) -> tuple[list[str], list[Row]]:
        """Answer a reading query as the names of its columns, and rows as dictionaries."""
        result = Result.of(self._execute(cypher, parameters))
        return result.columns, result.rows

    def result(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Answer a query of which nobody knows whether it reads.

        One that writes is refused before it has written anything: StoreQueryError. The store
        that ``writing`` gives lets it write.
        """

        def attempt() -> EagerResult:
            with giving_up_at_once(), self._connection.session(reading=True) as session:
                transaction = session.begin_transaction()
                with self._connection.cancelling(transaction):
                    found = eager(transaction.run(cypher, dict(parameters or {})))
                transaction.rollback()
                return found

        with raising_store_errors(self.place):
            found = self._connection.retried(attempt)
        # ArcadeDB refuses a change of what is there when it is committed, which it never is here.
        if found.summary.query_type != READ_ONLY:
            raise StoreQueryError(READS_ALONE)
        return Result.of(found)

    def values(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        """Answer a reading query as lists of values, which is the quickest way to much data."""
        result = self._execute(cypher, parameters)
        return [record.values() for record in result.records]

    def plan(self, cypher: str, parameters: Mapping[str, Any]) -> None:
        """Have a server plan the query meanwhile (``Connection.plan``)."""
        self._connection.plan(cypher, parameters)

    def read_all(self, kind: NodeKind | RelationKind) -> list[list[Any]]:
        """All nodes or relationships of a kind, as rows of ids and properties.

        A relationship that is there twice is there twice.
        """
        found = self.values(kind.read)
        if isinstance(kind, NodeKind):
            return [row for (block,) in found for row in block]
        return [[start, *entry] for start, entries in found for entry in entries]

    def read_of(self, kind: RelationKind, ids: Sequence[Id]) -> list[list[Any]]:
        """The relationships of a kind that begin at the nodes ``ids``, rows as of ``read_all``."""
        found = self.values(kind.read_of, {"ids": ids})
        return [[start, *entry] for start, entries in found for entry in entries]

    def read_nodes(self, label: str, *properties: str) -> list[list[Any]]:
        """The ``properties`` of all nodes of ``label``, a row each, in no order."""
        return [row for (block,) in self.values(in_blocks(label, properties)) for row in block]

    @contextmanager
    def writing(self, purpose: str) -> Iterator["GraphStore"]:
        """Be the graph's one writer for the length of the block, with the store that this gives.

        ``purpose`` is what those who wait are told, such as "load". Another writer is waited
        for; raises StoreBusyError where that takes too long.
        """
        try:
            with leased(self._connection, purpose) as lease:
                yield _Writing(self._connection, lease)
        finally:
            self._connection.written = time.monotonic()

    @property
    def written(self) -> float:
        """When this connection last stopped writing, of ``time.monotonic``; -inf before that."""
        return self._connection.written

    def other_writer(self) -> Holder | None:
        """Who else is writing to the graph just now."""
        holder = look(self.rows)
        embedded = self.embedded is not None
        return None if holder is None or holder.is_gone(embedded=embedded) else holder

    def transact(self, work: Callable[["GraphStore"], T]) -> T:
        """Run ``work`` on a store whose every query is part of one transaction; gives its result.

        The queries see what it writes. All is committed when it ends well and taken back when it
        raises. It is run again after a failure that passes, never twice with effect.
        """
        with self.writing("a change") as writer:
            return writer.transact(work)

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one writing query in a transaction of its own."""
        return self.transact(lambda transaction: transaction.write(cypher, parameters))

    def write_to_lease(self, cypher: str) -> None:
        """Run one query that changes the lease's own node, in a transaction of its own."""
        with self.writing("a mark") as writer:
            writer.write_to_lease(cypher)

    def change_schema(self, *statements: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run queries that make or drop an index or a constraint, if that is not done yet."""
        with self.writing("a change of the schema") as writer:
            writer.change_schema(*statements, parameters=parameters)

    def change_schema_in_sql(self, *statements: str) -> None:
        """The same in the SQL of an embedded store; what has been done is done again."""
        with self.writing("a change of the schema") as writer:
            writer.change_schema_in_sql(*statements)

    def trial(self, work: Callable[["GraphStore"], T]) -> T:
        """What ``work`` gives on a store whose changes nobody else sees, and that are taken back.

        It waits for no other writer.
        """

        def attempt() -> T:
            with (
                self._connection.session() as session,
                session.begin_transaction() as transaction,
            ):
                result = work(_InTransaction(self._connection, transaction))
                transaction.rollback()
                return result

        with raising_store_errors(self.place):
            return self._connection.retried(attempt)

    def _execute(self, cypher: str, parameters: Mapping[str, Any] | None) -> EagerResult:
        with raising_store_errors(self.place):
            return self._connection.retried(
                lambda: self._run(cypher, parameters, RoutingControl.READ)
            )

    def _run(
        self, cypher: str, parameters: Mapping[str, Any] | None, routing: RoutingControl
    ) -> EagerResult:
        limit = self._connection.limits.query if routing == RoutingControl.READ else None
        return self._connection.link.driver.execute_query(
            Query(cypher, timeout=limit),
            dict(parameters or {}),
            database_=self.database,
            routing_=routing,
        )

    def note(self, text: str) -> None:
        """Tell the person at the other end something beside the result."""
        self._connection.note(text)

    def version(self) -> str:
        """Name and version of the database."""
        return self.dialect.version(self)

    def close(self) -> None:
        """Close the connection, and the embedded database if this process owns it."""
        self._connection.close()


class _Writing(GraphStore):
    """The store in the hands of the writer that holds its lease."""

    def __init__(self, connection: Connection, lease: Lease) -> None:
        super().__init__(connection)
        self._lease = lease

    @contextmanager
    def writing(self, purpose: str) -> Iterator[GraphStore]:
        """The same: a part of the work that is under way."""
        yield self

    def other_writer(self) -> Holder | None:
        """None, since this one writes."""
        return None

    def transact(self, work: Callable[[GraphStore], T]) -> T:
        """Run ``work`` in one transaction, which the lease is part of."""
        attempts = _Attempts(self._connection, self._lease, work)
        with raising_store_errors(self.place):
            try:
                return self._connection.retried(attempts.run, attempts.look_back)
            except (DriverError, Neo4jError) as error:
                if attempts.is_unknown and passes(error):
                    raise interrupted(self.place, error) from error
                raise

    def write_to_lease(self, cypher: str) -> None:
        """Run the query while nothing renews the lease, which would wait for the node's lock."""
        with self._lease.committing:
            self.write(cypher)

    def result(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Run a query that may write, and say what it changed."""
        if stands_alone(cypher):
            return Result.of(self._apart(lambda: self._alone(cypher, parameters)))
        return self.transact(lambda transaction: transaction.result(cypher, parameters))

    def _alone(self, cypher: str, parameters: Mapping[str, Any] | None) -> EagerResult:
        """Run the query in no transaction of ours, once."""
        with self._connection.session() as session:
            return eager(session.run(Query(cypher), dict(parameters or {})))

    def change_schema(self, *statements: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run the queries, for each of which databases want a transaction by itself.

        The lease is looked at once: after each change a server plans that query anew.
        """

        def change() -> None:
            for statement in statements:
                self._run(statement, parameters, RoutingControl.WRITE)

        self._apart(change)

    def change_schema_in_sql(self, *statements: str) -> None:
        """Run the statements one after the other, which is in no transaction."""
        self._apart(lambda: self._connection.run_sql(*statements))

    def _apart(self, change: Callable[[], T]) -> T:
        """Run ``change`` outside a transaction, if the lease is still held."""
        self.transact(lambda transaction: None)
        with raising_store_errors(self.place):
            return self._connection.retried(change)


class _Attempts(Generic[T]):
    """A transaction that is tried until it is in the graph, once."""

    def __init__(
        self, connection: Connection, lease: Lease, work: Callable[[GraphStore], T]
    ) -> None:
        self._connection = connection
        self._lease = lease
        self._work = work
        self._sent: tuple[int, T] | None = None
        self._arrived = False

    @property
    def is_unknown(self) -> bool:
        """Whether the last attempt got as far as its commit, and no answer came."""
        return self._sent is not None and not self._arrived

    def run(self) -> T:
        """Try once more, unless the last attempt has arrived."""
        if self._sent is not None:
            return self._sent[1]
        with self._connection.session() as session, session.begin_transaction() as transaction:
            within = _InTransaction(self._connection, transaction)
            result = self._work(within)
            with self._lease.committing:
                self._sent = self._lease.fence(within.write), result
                transaction.commit()
            self._arrived = True
            return result

    def look_back(self) -> None:
        """Find out whether the last attempt is in the graph.

        The answer to a commit may be lost: a server that shuts down even answers one that it keeps
        with an error that says "try again".
        """
        if self._sent is None:
            return
        arrived = self._lease.has_committed(run_once(self._connection), self._sent[0])
        if arrived is None:
            raise interrupted(self._connection.place)
        self._arrived = arrived
        if not arrived:
            self._sent = None


class _InTransaction(GraphStore):
    """Runs every query, of whatever kind, in a transaction that somebody else ends."""

    def __init__(self, connection: Connection, transaction: Transaction) -> None:
        super().__init__(connection)
        self._transaction = transaction

    @contextmanager
    def writing(self, purpose: str) -> Iterator[GraphStore]:
        """The same: a part of the transaction that is under way."""
        yield self

    def other_writer(self) -> Holder | None:
        """None: what is seen here is what this transaction makes of it."""
        return None

    def transact(self, work: Callable[[GraphStore], T]) -> T:
        """Run ``work`` as a part of the transaction that is under way."""
        return work(self)

    def result(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Run a query that may write, and say what it changed."""
        return Result.of(self._execute(cypher, parameters))

    def write(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one writing query."""
        return [record.data() for record in self._execute(cypher, parameters).records]

    def write_to_lease(self, cypher: str) -> None:
        """Run the query."""
        self.write(cypher)

    def change_schema(self, *statements: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Not here: databases want a transaction by itself for it."""
        raise ValueError("a transaction that changes data can't change the schema as well")

    def change_schema_in_sql(self, *statements: str) -> None:
        """Not here either."""
        self.change_schema("; ".join(statements))

    def _execute(self, cypher: str, parameters: Mapping[str, Any] | None) -> EagerResult:
        return eager(self._transaction.run(cypher, dict(parameters or {})))
