"""Servers that answer, and are none of a graph."""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

import pytest

from tastegraph.errors import StoreError
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings

BOLT_5_4 = b"\0\0\4\5"


def chunk(message: bytes) -> bytes:
    return len(message).to_bytes(2, "big") + message + b"\0\0"


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    def serve(client: socket.socket) -> None:
        for answer in answers:
            client.recv(10_000)
            client.sendall(answer)

    return serve


def resetting(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with closing(client), suppress(OSError):
                        serve(client)

        Thread(target=accept, daemon=True).start()
        yield f"bolt://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "serve",
    [
        answering(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        answering(b"\0\0\0\0"),
        answering(b"\x7f" * 100),
        answering(BOLT_5_4, chunk(b"\xb1\x70\xc1\0\0\0\0\0\0\0\0")),
        answering(BOLT_5_4, chunk(b"\xb1\x55\xa0")),
        answering(BOLT_5_4, chunk(b"\xb1\x70\xd8\xff\xff\xff\xff")),
        answering(BOLT_5_4, chunk(b"\x01")),
        answering(BOLT_5_4, b"\xff" * 500),
        resetting,
    ],
    ids=["http", "no version", "noise", "number", "signature", "size", "value", "chunks", "reset"],
)
def test_what_is_no_graph_server_is_said(serve: Callable[[socket.socket], None]) -> None:
    with listening(serve) as place, pytest.raises(StoreError, match=place):
        open_store(Settings(place, password="x"))
