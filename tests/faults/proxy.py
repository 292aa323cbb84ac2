"""A way to a server on which things go wrong at a known moment."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_PIECE = 65536
# A socket that is closed with this sends a reset instead of what is left.
_RESET = struct.pack("ii", 1, 0)


class Line:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.mute = False
        self.delay = 0.0

    def reset(self) -> None:
        """Break it on both sides, without a word."""
        for end in (self.client, self.server):
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
        self.close()

    def silence(self) -> None:
        """Let nothing through any more, in either direction; neither side is told."""
        self.mute = True

    def slow(self) -> None:
        """Hold every piece for a moment from now on."""
        self.delay = 0.02

    def close(self) -> None:
        """Close both ends."""
        for end in (self.client, self.server):
            with suppress(OSError):
                end.close()


Fault = Callable[[Line], None]


class Proxy:
    """Listens on loopback and passes all on to ``port`` there, until ``close``.

    ``pieces`` counts what clients have sent since ``arm``; at the one that was named, ``fault``
    happens to its line, before that piece is passed on.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listening.getsockname()[1]}"
        self.pieces = 0
        self._at: int | None = None
        self._fault: Fault | None = None
        self._counting = threading.Lock()
        self._lines: list[Line] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        with suppress(OSError):
            # Closing alone leaves the thread that accepts asleep.
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for line in self._lines:
            line.close()

    def arm(self, at: int | None = None, fault: Fault | None = None) -> None:
        """Count from 0 again, and do ``fault`` at piece ``at``, once."""
        with self._counting:
            self.pieces, self._at, self._fault = 0, at, fault

    @property
    def struck(self) -> bool:
        """Whether the fault has happened."""
        return self._at is None

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port), 5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            line = Line(client, server)
            self._lines.append(line)
            for source, target in ((client, server), (server, client)):
                threading.Thread(
                    target=self._pass, args=(line, source, target), daemon=True
                ).start()

    def _pass(self, line: Line, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if source is line.client:
                    self._count(line)
                time.sleep(line.delay)
                if not line.mute:
                    target.sendall(piece)
        # Whoever gives up is heard: no server holds a transaction of a line that is gone.
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _count(self, line: Line) -> None:
        with self._counting:
            self.pieces += 1
            fault = self._fault if self.pieces == self._at else None
            if fault is not None:
                self._at = self._fault = None
        if fault is not None:
            fault(line)
