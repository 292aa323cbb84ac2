"""The driver's way to one database: tried again when it breaks, never for ever or in silence."""

import atexit
import random
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from neo4j import READ_ACCESS, WRITE_ACCESS, Driver, Query, Session, Transaction
from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from tastegraph.graph.store.cancelling import cancelling, termination
from tastegraph.graph.store.dialect import Dialect
from tastegraph.graph.store.driver_errors import end_of_program, first_line
from tastegraph.graph.store.embedded import EmbeddedStore
from tastegraph.graph.store.settings import NO_LIMITS, Limits
from tastegraph.runtime.notes import Note, Patience, speaking

# A server that restarts is waited for this long, in seconds.
PATIENCE = 120.0

# The database in this process is waited for this long: it does not come back.
OWN_PATIENCE = 20.0

# A query that is being planned is waited for so long at the end.
PLANNING = 3.0

# Rows that are sent at once unless a query is known to give many.
FETCH_SIZE = 1_000

T = TypeVar("T")


@dataclass(frozen=True)
class Link:
    """What a connection consists of; ``embedded`` is there for an embedded store.

    reader  signed in as somebody who may only read
    """

    driver: Driver
    database: str
    dialect: Dialect
    embedded: EmbeddedStore | None = None
    reader: Driver | None = None

    @property
    def reading_driver(self) -> Driver:
        """The driver by which nothing can be written, where access for reading alone is no bar.

        Neo4j refuses to write in a session that reads; ArcadeDB does so for a user who may not.
        """
        return self.reader or self.driver

    def close(self) -> None:
        """Let go of the drivers, and of the embedded store with them."""
        atexit.unregister(self.close)
        try:
            self.driver.close()
            if self.reader is not None:
                self.reader.close()
        finally:
            if self.embedded is not None:
                self.embedded.close()


class Connection:
    """A link that is made again by ``reopen`` where the process that it led to has ended.

    That is so of an embedded store that another process has had open; a server keeps its link.
    """

    def __init__(
        self,
        place: str,
        link: Link,
        reopen: Callable[[], Link],
        note: Note,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.limits = limits
        self.place = place
        self.link = link
        self.note = note
        self._reopen = reopen
        self._planning: threading.Thread | None = None
        self.written = float("-inf")

    def session(self, reading: bool = False, fetch_size: int = FETCH_SIZE) -> Session:
        """A session that sees what all earlier ones have written; one that is for ``reading``
        can't write. ``fetch_size`` rows are sent at once.
        """
        driver = self.link.driver
        return (self.link.reading_driver if reading else driver).session(
            database=self.link.database,
            bookmark_manager=driver.execute_query_bookmark_manager,
            default_access_mode=READ_ACCESS if reading else WRITE_ACCESS,
            fetch_size=fetch_size,
        )

    def cancelling(self, transaction: Transaction) -> AbstractContextManager[None]:
        """Let Ctrl-C leave the block so that what ``transaction``, of a reading session, runs ends
        here and in the database.
        """
        if self.link.embedded is None:
            return cancelling()
        return cancelling(termination(transaction, lambda: self.session(reading=True)))

    def plan(self, cypher: str, parameters: Mapping[str, Any]) -> None:
        """Have a server plan the query for its next run, while the caller goes on.

        Closing waits for it a little; what goes wrong is for the next run to say. A plan serves all
        parameters of the same names and types. Embedded stores have none.
        """

        def explain() -> None:
            with suppress(DriverError, Neo4jError), self.session(reading=True) as session:
                session.run(Query(f"EXPLAIN {cypher}"), dict(parameters)).consume()

        if self.link.embedded is None:
            self._planning = threading.Thread(target=explain, name="planning", daemon=True)
            self._planning.start()

    def run_sql(self, *statements: str) -> None:
        """Run statements of the embedded store's SQL; RuntimeError where there is none."""
        if self.link.embedded is None:
            raise RuntimeError(f"{self.place} is a server, which speaks no SQL")
        for statement in statements:
            self.link.embedded.run_sql(statement)

    def retried(self, attempt: Callable[[], T], recover: Callable[[], None] = lambda: None) -> T:
        """What ``attempt`` gives, tried again while its error is one that passes.

        ``recover`` is called before each further attempt. After ``PATIENCE`` seconds, or those of
        the limits, the last error is raised.
        """
        embedded = self.link.embedded
        alone = embedded is not None and embedded.server is not None
        usual = OWN_PATIENCE if alone else PATIENCE
        patience = Patience(self.note, self.limits.patience or usual)
        failed: Exception | None = None
        while True:
            try:
                if failed is not None:
                    self._restore(failed)
                    recover()
                with speaking(self.note, f"{self.place} is still at work on this"):
                    return attempt()
            except (DriverError, Neo4jError) as error:
                if end_of_program(error) or patience.is_over:
                    raise
                if not (passes(error) or self._is_unsettled):
                    raise
                failed = error
                why = f"{self.place} {_trouble(error)}"
                # Those who were in each other's way must not all come back at once.
                pause = random.uniform(0.05, 0.1 + min(1.0, patience.waited / 4))  # noqa: S311
                patience.wait(pause, f"{why}: trying again")

    def _restore(self, error: Exception) -> None:
        """Make the link again where a joined embedded store has lost its owner."""
        embedded = self.link.embedded
        lost = isinstance(error, ServiceUnavailable | SessionExpired) or self._is_unsettled
        if embedded is not None and embedded.server is None and lost:
            self.link.close()
            self.link = self._reopen()

    @property
    def _is_unsettled(self) -> bool:
        embedded = self.link.embedded
        return embedded is not None and embedded.is_unsettled

    def close(self) -> None:
        """Close the link."""
        if self._planning is not None:
            self._planning.join(PLANNING)
        self.link.close()


def _trouble(error: Exception) -> str:
    """What is wrong with a database while ``error`` passes."""
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return "does not answer"
    return f"is busy ({first_line(error)[:80]})"


def passes(error: Exception) -> bool:
    """Whether the same may go well when it is tried again."""
    return isinstance(error, ServiceUnavailable | SessionExpired) or (
        isinstance(error, DriverError | Neo4jError) and error.is_retryable()
    )
