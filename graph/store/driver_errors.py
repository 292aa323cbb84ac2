"""The driver's errors in our words: what happened, where, and what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import exceptions as bolt

from tastegraph.errors import (
    NotFoundError,
    StoreAccessError,
    StoreError,
    StoreInterruptedError,
    StoreUnreachableError,
    TastegraphError,
)
from tastegraph.runtime.full_disk import full_disk

_TRANSLATED = (bolt.DriverError, bolt.Neo4jError, ValueError, OverflowError, OSError)
_MEMORY = ("MemoryPoolOutOfMemory", "OutOfMemory", "TransactionOutOfMemory")


def may_have_arrived(error: Exception) -> bool:
    """Whether a transaction that failed so can be in the database all the same.

    A server that shuts down also answers a commit that it keeps with an error that says "try
    again": what is not the same when written twice must be looked for before.
    """
    return isinstance(error, bolt.IncompleteCommit) or (
        isinstance(error, bolt.DriverError | bolt.Neo4jError) and error.is_retryable()
    )


def interrupted(place: str, error: Exception) -> StoreInterruptedError:
    """The error for a write to ``place`` that may have arrived or not."""
    return StoreInterruptedError(
        f"the connection to {place} broke while something was being written "
        f"({_first_line(error)}), which may have arrived or not: run the same command again"
    )


@contextmanager
def raising_store_errors(place: str) -> Iterator[None]:
    """Raise one of our errors for an error of the driver that ``place`` caused."""
    try:
        yield
    except Exception as error:
        if end := _end_of_program(error):
            raise end from None
        if isinstance(error, bolt.IncompleteCommit):
            raise interrupted(place, error) from error
        if isinstance(error, _TRANSLATED):
            raise _ours(place, error) from error
        raise


def _end_of_program(error: BaseException | None) -> BaseException | None:
    """What told the program to end before ``error``, if anything did.

    Interrupted while it receives, the driver fails to let go of its connection, and that failure
    must not take the place of Ctrl-C or SIGTERM.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            return error
        error = error.__context__
    return None


def _ours(place: str, error: Exception) -> TastegraphError:
    if "://" not in place:
        return _embedded_failure(place, error)
    if isinstance(error, bolt.Neo4jError) and "CredentialsExpired" in (error.code or ""):
        return StoreAccessError(
            f"the password for {place} has expired: set a new one with Neo4j "
            "(ALTER CURRENT USER SET PASSWORD), then set NEO4J_PASSWORD to it"
        )
    if isinstance(error, bolt.AuthError):
        return StoreAccessError(
            f"{place} refused the user name or password: "
            "check NEO4J_USERNAME (usually neo4j) and NEO4J_PASSWORD"
        )
    if isinstance(error, bolt.ServiceUnavailable | bolt.SessionExpired | OSError):
        return StoreUnreachableError(
            f"no graph server answers at {place} ({_first_line(error)}): is it running there? "
            "'docker compose up --wait' starts one; without --store and NEO4J_URI the embedded "
            "store is used"
        )
    if isinstance(error, bolt.Neo4jError):
        return _server_refusal(place, error)
    return StoreError(f"{place} can't be used: {_first_line(error)}")


def _embedded_failure(place: str, error: Exception) -> StoreError:
    if isinstance(error, bolt.ServiceUnavailable | bolt.SessionExpired | OSError):
        return full_disk(place) or StoreUnreachableError(
            f"the process that had the store in {place} open has ended ({_first_line(error)}): "
            "run the same command again"
        )
    return full_disk(place) or StoreError(
        f"the store in {place} refused a query: {_first_line(error)}"
    )


def _server_refusal(place: str, error: bolt.Neo4jError) -> TastegraphError:
    code = error.code or ""
    if "DatabaseNotFound" in code:
        return NotFoundError(
            f"{place} has no such database ({_first_line(error)}): "
            "leave --database out for the default one"
        )
    if any(word in code for word in _MEMORY):
        return StoreError(
            f"{place} ran out of memory; nothing of this step was written: give the server more "
            "heap (server.memory.heap.max_size) or train with fewer --dimensions"
        )
    return StoreError(f"{place} refused a query ({code}): {_first_line(error)}")


def _first_line(error: Exception) -> str:
    text = error.message if isinstance(error, bolt.Neo4jError) and error.message else str(error)
    return text.strip().split("\n")[0].rstrip(":")
