"""Somebody else's graph: read in blocks, and written to where that alone is asked for.

Nothing of ours is made there: no lease, no index, no schema.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from neo4j.exceptions import DriverError, Neo4jError

from tastegraph.errors import StoreAccessError, StoreQueryError, StoreUnreachableError
from tastegraph.graph.store.cancelling import cancelling, giving_up_at_once
from tastegraph.graph.store.connection import Connection
from tastegraph.graph.store.driver_errors import READS_ALONE, first_line, raising_store_errors
from tastegraph.graph.store.result import READ_ONLY, Result, eager
from tastegraph.runtime.closing import Closing
from tastegraph.runtime.environment import SOURCE_PASSWORD, SOURCE_USERNAME

BLOCK = 10_000
"""Rows that are in memory at once."""

Block = dict[str, tuple[Any, ...]]
"""Some rows: each column by name, all of the same length."""

Statement = tuple[str, Mapping[str, Any]]
"""Cypher and its parameters."""


class SourceGraph(Closing):
    """A graph of somebody else's, reached over Bolt; a context manager that closes itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def place(self) -> str:
        """The URI."""
        return self._connection.place

    @property
    def database(self) -> str:
        """The database's name."""
        return self._connection.link.database

    def blocks(
        self, cypher: str, parameters: Mapping[str, Any] | None = None, size: int = BLOCK
    ) -> Iterator[Block]:
        """Answer a reading query, ``size`` rows at a time; one block at least, maybe empty.

        The session may only read, and its transaction is rolled back at the end: StoreQueryError
        for a query that writes, which then has written nothing.
        """
        with raising_source_errors(self.place), giving_up_at_once():
            session = self._connection.session(reading=True, fetch_size=size)
            with session, session.begin_transaction() as transaction:
                with cancelling():
                    result = transaction.run(cypher, dict(parameters or {}))
                    names = result.keys()
                records = result.fetch(size)
                yield _columns(names, records)
                while len(records) == size:
                    with cancelling():
                        records = result.fetch(size)
                    yield _columns(names, records)
                kind = result.consume().query_type
                transaction.rollback()
            if kind != READ_ONLY:
                raise StoreQueryError(READS_ALONE)

    def rows(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        """Answer a reading query that gives little, as lists of values."""
        return [
            list(row)
            for block in self.blocks(cypher, parameters)
            for row in zip(*block.values(), strict=True)
        ]

    def write(self, *statements: Statement) -> Counter[str]:
        """Run statements in one transaction; gives what they changed, as ``Result.changes``.

        They must be such that they can be run twice: after a failure that passes they are.
        """

        def attempt() -> Counter[str]:
            changes: Counter[str] = Counter()
            with self._connection.session() as session, session.begin_transaction() as transaction:
                for cypher, parameters in statements:
                    result = eager(transaction.run(cypher, dict(parameters)))
                    changes.update(Result.of(result).changes)
                transaction.commit()
            return changes

        with raising_source_errors(self.place):
            return self._connection.retried(attempt)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def raising_source_errors(place: str) -> Iterator[None]:
    """The same as ``raising_store_errors``, with what to do about a graph that is no store."""
    try:
        with raising_store_errors(place):
            yield
    except StoreAccessError as error:
        raise StoreAccessError(
            f"{place} refused the user name or password: check {SOURCE_USERNAME.name} (usually "
            f"neo4j) and {SOURCE_PASSWORD.name}; those of the store are not sent there"
        ) from error
    except StoreUnreachableError as error:
        cause = error.__cause__
        reason = f" ({first_line(cause)})" if isinstance(cause, DriverError | Neo4jError) else ""
        raise StoreUnreachableError(
            f"no graph server answers at {place}{reason}: is it running there?"
        ) from error
    except StoreQueryError as error:
        if str(error) != READS_ALONE:
            raise
        raise StoreQueryError(
            f"a query of the mapping writes, and {place} is only read: take what it changes out "
            "of it"
        ) from error


def _columns(names: Sequence[str], records: Sequence[Any]) -> Block:
    """A record is a tuple of its values."""
    if not records:
        return dict.fromkeys(names, ())
    return dict(zip(names, zip(*records, strict=True), strict=True))
