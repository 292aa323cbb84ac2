"""Ports of the embedded server that another program takes while it starts."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tastegraph.errors import StoreError
from tastegraph.graph.store import arcade_server
from tastegraph.graph.store.arcade_server import ATTEMPTS, ArcadeServer
from tastegraph.runtime.ports import free_port, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def found(ports: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have these ports be found first."""
    monkeypatch.setattr(arcade_server, "free_port", lambda: ports.pop(0) if ports else free_port())


def test_a_free_port_can_be_listened_on(taken: int) -> None:
    with socket.create_server(("127.0.0.1", free_port())):
        pass
    assert not is_free(taken)


@pytest.mark.parametrize("order", [["taken", "free"], ["free", "taken"]], ids=["Bolt", "HTTP"])
def test_others_are_taken_where_one_has_gone(
    order: list[str], taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = [taken if each == "taken" else free_port() for each in order]
    found(list(ports), monkeypatch)
    server = ArcadeServer(tmp_path, "owner's password", "reader's password")
    try:
        assert not {server.bolt_port, server.http_port} & set(ports)
        assert not is_free(server.bolt_port)
        assert not is_free(server.http_port)
    finally:
        server.stop()
    assert all(map(is_free, (server.bolt_port, server.http_port)))


def test_it_is_a_fault_where_all_go(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = [taken] * 2 * ATTEMPTS
    found(ports, monkeypatch)
    with pytest.raises(StoreError, match=f"can't be opened.*{taken}"):
        ArcadeServer(tmp_path, "owner's password", "reader's password")
    assert not ports
