"""A connection that breaks: tried again, with a word every few seconds, and with an end."""

import time

import pytest
from neo4j.exceptions import ClientError, ServiceUnavailable, TransientError

import tastegraph.graph.store.connection
import tastegraph.runtime.notes
from tastegraph.graph.store.connection import Connection, Link


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def connection(said: list[str]) -> Connection:
    link = Link(None, "neo4j", None)  # type: ignore[arg-type] - nothing of it is asked
    return Connection("bolt://somewhere", link, lambda: link, said.append)


def failing(times: int, error: Exception):
    left = times

    def attempt() -> str:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error
        return "answer"

    return attempt


@pytest.mark.parametrize("error", [ServiceUnavailable("reset"), TransientError("deadlock")])
def test_what_passes_is_tried_again(connection: Connection, error: Exception) -> None:
    assert connection.retried(failing(3, error)) == "answer"


def test_what_does_not_pass_is_said_at_once(connection: Connection) -> None:
    with pytest.raises(ClientError):
        connection.retried(failing(1, ClientError("syntax")))


def test_a_long_wait_has_a_word_and_an_end(
    connection: Connection, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tastegraph.graph.store.connection, "PATIENCE", 2.0)
    start = time.monotonic()
    with pytest.raises(ServiceUnavailable):
        connection.retried(failing(10_000, ServiceUnavailable("reset")))
    assert 1.5 < time.monotonic() - start < 10
    assert "bolt://somewhere does not answer: trying again" in said[0]


@pytest.mark.parametrize("end", [SystemExit(143), KeyboardInterrupt()])
def test_the_end_of_the_program_is_not_tried_again(
    connection: Connection, end: BaseException
) -> None:
    def attempt() -> None:
        try:
            raise end
        finally:
            raise ServiceUnavailable("broke while it was interrupted")

    start = time.monotonic()
    with pytest.raises(ServiceUnavailable):
        connection.retried(attempt)
    assert time.monotonic() - start < 10


def test_a_long_answer_has_a_word_every_few_seconds(
    connection: Connection, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tastegraph.runtime.notes, "SILENCE", 0.1)
    assert connection.retried(lambda: time.sleep(0.55) or "answer") == "answer"
    told = len(said)
    assert 3 <= told <= 5
    assert said[0].startswith("bolt://somewhere is still at work on this (")
    time.sleep(0.3)
    assert len(said) == told


def test_a_quick_answer_has_none(connection: Connection, said: list[str]) -> None:
    assert connection.retried(lambda: "answer") == "answer"
    assert said == []
