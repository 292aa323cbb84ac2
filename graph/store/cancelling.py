"""Ctrl-C in the middle of a query: the connection is dropped, so that nobody waits for the answer.

Left in any other way, a session first rolls back its transaction, for which it waits until the
query has come to its end. What asyncio raises is what the driver, the one without asyncio as well,
drops the connection for. The database then ends the query by itself.
"""

from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cancelling() -> Iterator[None]:
    """Let Ctrl-C leave the block as what makes a session drop its connection."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        raise CancelledError from interrupt


@contextmanager
def giving_up_at_once() -> Iterator[None]:
    """Raise KeyboardInterrupt again, around the session."""
    try:
        yield
    except CancelledError as cancelled:
        raise KeyboardInterrupt from cancelled
