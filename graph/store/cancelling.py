"""Ctrl-C in the middle of a query: the connection is dropped, so that nobody waits for the answer.

Left in any other way, a session first rolls back its transaction, for which it waits until the
query has come to its end. What asyncio raises is what the driver, the one without asyncio as well,
drops the connection for. A server then ends the query by itself; an embedded store does not see
that a client has gone, and is told to by another connection.
"""

import secrets
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from neo4j import Session, Transaction
from neo4j.exceptions import DriverError, Neo4jError

_OWN_CONNECTION = (
    "SHOW TRANSACTIONS YIELD connectionId, currentQuery WHERE currentQuery CONTAINS '{token}' "
    "RETURN connectionId"
)
_ON_CONNECTION = (
    "SHOW TRANSACTIONS YIELD transactionId, connectionId WHERE connectionId = $connection "
    "RETURN collect(transactionId) AS ids"
)


@contextmanager
def cancelling(end: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let Ctrl-C leave the block as what makes a session drop its connection, after ``end``."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        with suppress(DriverError, Neo4jError):
            end()
        raise CancelledError from interrupt


@contextmanager
def giving_up_at_once() -> Iterator[None]:
    """Raise KeyboardInterrupt again, around the session."""
    try:
        yield
    except CancelledError as cancelled:
        raise KeyboardInterrupt from cancelled


def termination(transaction: Transaction, session: Callable[[], Session]) -> Callable[[], None]:
    """What ends whatever runs in ``transaction`` of an embedded store, by a ``session`` of its
    own.
    """
    token = secrets.token_hex(8)
    (connection,) = transaction.run(_OWN_CONNECTION.format(token=token)).single(strict=True)

    def end() -> None:
        with session() as other:
            (ids,) = other.run(_ON_CONNECTION, connection=connection).single(strict=True)
            for id_ in ids:
                other.run("TERMINATE TRANSACTIONS $id", id=id_).consume()

    return end
