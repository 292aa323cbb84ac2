"""The driver's errors in our words: what happened, where, and what to do next."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j import exceptions as bolt

from tastegraph.errors import (
    NotFoundError,
    StoreAccessError,
    StoreError,
    StoreInterruptedError,
    StoreQueryError,
    StoreUnreachableError,
    TastegraphError,
)
from tastegraph.runtime.environment import HEAP
from tastegraph.runtime.exhausted import exhausted

_TRANSLATED = (bolt.DriverError, bolt.Neo4jError, ValueError, OverflowError, OSError)
READS_ALONE = "the query writes, and may only read: give --write, too, to let it change the graph"

_MEMORY = ("MemoryPoolOutOfMemory", "OutOfMemory", "TransactionOutOfMemory")


def interrupted(place: str, error: Exception | None = None) -> StoreInterruptedError:
    """The error for a write to ``place`` that may have arrived or not."""
    reason = f" ({first_line(error)})" if error else ""
    return StoreInterruptedError(
        f"the connection to {place} broke while something was being written{reason}, which may "
        "have arrived or not: run the same command again"
    )


@contextmanager
def raising_store_errors(place: str) -> Iterator[None]:
    """Raise one of our errors for an error of the driver that ``place`` caused."""
    try:
        yield
    except Exception as error:
        if end := end_of_program(error):
            raise end from None
        if isinstance(error, bolt.IncompleteCommit):
            raise interrupted(place, error) from error
        if isinstance(error, _TRANSLATED):
            raise _ours(place, error) from error
        if _is_of_the_driver(error):
            raise StoreUnreachableError(
                f"what answers at {place} does not speak as a graph server does "
                f"({type(error).__name__}: {first_line(error)}): is it another program's port?"
            ) from error
        raise


def _is_of_the_driver(error: Exception) -> bool:
    """Whether the driver itself broke, as it does where an answer is none of its protocol."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "") if trace else ""
    return str(module).partition(".")[0] == "neo4j" and not isinstance(error, TastegraphError)


def end_of_program(error: BaseException | None) -> BaseException | None:
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
    if isinstance(error, bolt.ConstraintError):
        return StoreError(
            f"{place} holds something with this id already, which came while this was being "
            f"written ({first_line(error)}): nothing was written, run the same command again"
        )
    if "://" not in place:
        return _embedded_failure(place, error)
    if isinstance(error, bolt.ServiceUnavailable | bolt.SessionExpired | OSError):
        return StoreUnreachableError(
            f"no graph server answers at {place} ({first_line(error)}): is it running there? "
            "'docker compose up --wait' starts one; without --store and NEO4J_URI the embedded "
            "store is used"
        )
    if isinstance(error, bolt.Neo4jError):
        return _no_access(place, error) or _server_refusal(place, error)
    return StoreError(f"{place} can't be used: {first_line(error)}")


def _no_access(place: str, error: bolt.Neo4jError) -> StoreAccessError | None:
    if "CredentialsExpired" in (error.code or ""):
        return StoreAccessError(
            f"the password for {place} has expired: set a new one with Neo4j "
            "(ALTER CURRENT USER SET PASSWORD), then set NEO4J_PASSWORD to it"
        )
    if isinstance(error, bolt.AuthError):
        return StoreAccessError(
            f"{place} refused the user name or password: "
            "check NEO4J_USERNAME (usually neo4j) and NEO4J_PASSWORD"
        )
    return None


def _embedded_failure(place: str, error: Exception) -> StoreError:
    if isinstance(error, bolt.ServiceUnavailable | bolt.SessionExpired | OSError):
        # Java's threads end one by one where there is no memory, and with them the connection.
        return exhausted(place) or StoreUnreachableError(
            f"the process that had the store in {place} open has ended, or its Java ran out of "
            f"memory ({first_line(error)}): run the same command again, with more memory if it is "
            f"so again ({HEAP.name}=2g)"
        )
    if isinstance(error, bolt.Forbidden):
        return StoreQueryError(READS_ALONE)
    return exhausted(place) or StoreQueryError(
        f"the store in {place} refused a query: {first_line(error)}"
    )


def _server_refusal(place: str, error: bolt.Neo4jError) -> TastegraphError:
    code = error.code or ""
    if "DatabaseNotFound" in code:
        return NotFoundError(
            f"{place} has no such database ({first_line(error)}): "
            "leave --database out for the default one"
        )
    if any(word in code for word in _MEMORY):
        return StoreError(
            f"{place} ran out of memory; nothing of this step was written: give the server more "
            "heap (server.memory.heap.max_size) or train with fewer --dimensions"
        )
    if "AccessMode" in code:
        return StoreQueryError(READS_ALONE)
    return StoreQueryError(f"{place} refused a query ({code}): {first_line(error)}")


def first_line(error: Exception) -> str:
    """What an error says, without its details."""
    text = error.message if isinstance(error, bolt.Neo4jError) and error.message else str(error)
    line = text.strip().split("\n")[0].rstrip(":")
    # The driver's words for it are its objects.
    return "the connection broke" if "defunct connection" in line else line
