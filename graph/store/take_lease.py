"""Waiting for the lease, keeping it while it is held, and letting it go."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from neo4j import Query
from neo4j.exceptions import ClientError, DriverError, Neo4jError

from tastegraph.errors import StoreBusyError, StoreError
from tastegraph.graph.store.connection import Connection
from tastegraph.graph.store.dialect import LEASE
from tastegraph.graph.store.driver_errors import raising_store_errors
from tastegraph.graph.store.lease import RENEWING, Holder, Lease, Run, look
from tastegraph.runtime.notes import Patience

# How long another writer is waited for, in seconds.
PATIENCE = 600.0

# How often somebody who waits looks again, and how long a query waits for a lock; in seconds.
_POLLING, _LOCKED = 0.2, 20.0

_COUNT = f"MATCH (l:{LEASE} {{id: 'writer'}}) RETURN count(l) AS nodes"
_MAKE = f"MERGE (l:{LEASE} {{id: 'writer'}}) RETURN l.id"


@contextmanager
def leased(connection: Connection, purpose: str) -> Iterator[Lease]:
    """Hold the lease for the length of the block; StoreBusyError where another one keeps it."""
    lease = Lease(purpose, connection.place)
    with raising_store_errors(connection.place):
        _wait_for(connection, lease)
    try:
        with _renewed(connection, lease):
            yield lease
    finally:
        with suppress(StoreError), raising_store_errors(connection.place):
            lease.release(run_once(connection))


def run_once(connection: Connection) -> Run:
    """What runs a query in a transaction of its own, without trying again."""

    def run(cypher: str, parameters: Mapping[str, Any], /) -> list[dict[str, Any]]:
        with connection.session() as session:
            return session.run(Query(cypher, timeout=_LOCKED), dict(parameters)).data()

    return run


def _wait_for(connection: Connection, lease: Lease) -> None:
    patience = Patience(connection.note, PATIENCE)
    run = run_once(connection)
    while True:
        holder = connection.retried(lambda: look(run))
        embedded = connection.link.embedded is not None
        if holder is None or holder.is_gone(embedded=embedded):
            if connection.retried(partial(_take, connection, lease, holder)):
                return
        elif patience.is_over:
            raise StoreBusyError(
                f"{connection.place} is being written to by {holder}: wait until that has ended, "
                "or end it, and run the same command again"
            )
        patience.wait(_POLLING, f"waiting for {holder or 'another process'}")


def _take(connection: Connection, lease: Lease, dead: Holder | None) -> bool:
    """Try to take the lease, whose node is made where it has never been."""
    run = run_once(connection)
    try:
        if dead is None and not run(_COUNT, {})[0]["nodes"]:
            with suppress(ClientError):
                # A constraint keeps two that come at once from making two.
                connection.link.dialect.create_lease(
                    lambda cypher: run(cypher, {}), connection.run_sql
                )
                run(_MAKE, {})
        return lease.take(run, dead)
    except ClientError as error:
        if "TransactionTimedOut" in (error.code or ""):
            # A dead writer's last commit is still under way.
            return False
        raise


@contextmanager
def _renewed(connection: Connection, lease: Lease) -> Iterator[None]:
    """Renew the lease from a thread for the length of the block."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(RENEWING):
            # What can't be renewed now may be the next time, before it has passed.
            with suppress(DriverError, Neo4jError, OSError), lease.committing:
                lease.renew(run_once(connection))

    thread = threading.Thread(target=renew, name="renewing the lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
