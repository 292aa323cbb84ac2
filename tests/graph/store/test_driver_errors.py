"""The driver's errors in our words."""

import pytest
from neo4j import exceptions as bolt

from tastegraph.errors import (
    StoreAccessError,
    StoreError,
    StoreInterruptedError,
    StoreUnreachableError,
    TastegraphError,
)
from tastegraph.graph.store.driver_errors import raising_store_errors

SERVER, FOLDER = "bolt://somewhere", "./store"


@pytest.mark.parametrize(
    ("place", "error", "ours"),
    [
        (SERVER, bolt.ServiceUnavailable("gone"), StoreUnreachableError),
        (SERVER, bolt.SessionExpired("gone"), StoreUnreachableError),
        (SERVER, ConnectionResetError("gone"), StoreUnreachableError),
        (SERVER, bolt.AuthError("no"), StoreAccessError),
        (SERVER, bolt.IncompleteCommit("perhaps"), StoreInterruptedError),
        (SERVER, OverflowError("too large"), StoreError),
        (FOLDER, bolt.ServiceUnavailable("gone"), StoreUnreachableError),
        (FOLDER, bolt.IncompleteCommit("perhaps"), StoreInterruptedError),
    ],
)
def test_errors_that_a_person_can_mend(
    place: str, error: Exception, ours: type[TastegraphError]
) -> None:
    with pytest.raises(ours, match=place) as raised, raising_store_errors(place):
        raise error
    assert raised.value.__cause__ is error


def test_a_folder_needs_no_docker() -> None:
    with pytest.raises(StoreError) as raised, raising_store_errors(FOLDER):
        raise bolt.ServiceUnavailable("gone")
    assert "docker" not in str(raised.value)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(KeyError), raising_store_errors(SERVER):
        raise KeyError


@pytest.mark.parametrize("end", [SystemExit(143), KeyboardInterrupt()])
@pytest.mark.parametrize("failure", [BufferError("exports"), bolt.ServiceUnavailable("gone")])
def test_the_end_of_the_program_wins(end: BaseException, failure: Exception) -> None:
    with pytest.raises(type(end)) as raised, raising_store_errors(SERVER):
        try:
            raise end
        finally:
            raise failure
    assert raised.value is end
