"""Running the service until somebody ends it."""

import errno
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from threadpoolctl import threadpool_limits

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, TastegraphError, UsageError
from tastegraph.graph.store.java_cache import is_used
from tastegraph.graph.store.make_java_cache import JavaCacheMaker
from tastegraph.web.app import make_app
from tastegraph.web.prepare_java import java_cache_maker
from tastegraph.web.service.hosts import Hosts, is_loopback
from tastegraph.web.service.token import Token

# Seconds that an answer may still take when the service ends, and that a browser may keep a
# connection open without asking.
_GRACE, _IDLE = 5, 30

# Bytes of the head of a request: more than any address may have, so that the answer can say so.
_HEAD = 262_144

# Connections that wait to be taken.
_BACKLOG = 128

# Why a port or an address can't be had.
_UNUSABLE = (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL)


def serve(
    graph: Graph,
    *,
    host: str,
    port: int,
    token: Token | None,
    ready: Callable[[str], None],
    writes: bool = False,
) -> None:
    """Serve pages and JSON on ``graph`` until SIGINT or SIGTERM.

    port    0 takes a free one
    ready   is called with the address, once it is listened to
    writes  who has the token can hide artists from people, and keep new people

    UsageError for a host that others can reach, or ``writes``, without a token; InputError for a
    port that can't be had.
    """
    if token is None and writes:
        raise UsageError(
            "--allow-writes lets who has a token change the graph: set TASTEGRAPH_TOKEN, or give "
            "--token-file a file that holds one"
        )
    if token is None and not is_loopback(host):
        raise UsageError(
            f"others can reach {host}, so a token is needed: set TASTEGRAPH_TOKEN, or give "
            "--token-file a file that holds one"
        )
    listening = listen(host, port)
    embedded = graph.store.embedded
    owned = embedded is not None and embedded.server is not None
    maker = java_cache_maker(graph.note) if owned else None
    held = HeldAfterFirst(make_app(graph, Hosts(host), token, writes=writes), graph, maker)
    try:
        server = make_server(held)
        ready(address(host, listening))
        # A thread an answer: more would wait for each other more than they compute.
        with threadpool_limits(1, "blas"):
            server.run(sockets=[listening])
    finally:
        listening.close()
        held.close()


class HeldAfterFirst:
    """Has ``app`` answer once, and then the model read into memory beside the other answers, and
    what ``maker`` makes made.

    Doing so first, or meanwhile, would hold up the first page.
    """

    def __init__(self, app: ASGIApp, graph: Graph, maker: JavaCacheMaker | None = None) -> None:
        self._app = app
        self._graph = graph
        self._maker = maker
        self._reading: threading.Thread | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._app(scope, receive, send)
        finally:
            if self._reading is None:
                self._reading = threading.Thread(target=self._read, name="keep-in-memory")
                self._reading.start()

    def close(self) -> None:
        """Wait until what has been begun can be closed."""
        if self._maker is not None:
            self._maker.close()
        if self._reading is not None:
            self._reading.join()

    def _read(self) -> None:
        # Where the database does not answer, whoever asks next hears of it.
        with suppress(TastegraphError):
            self._graph.keep_in_memory(wait=True)
        if self._maker is not None and not is_used():
            self._maker.make()


def make_server(app: ASGIApp) -> uvicorn.Server:
    """A server of ``app`` that says nothing of who asks what."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="off",
        ws="none",
        http="h11",
        h11_max_incomplete_event_size=_HEAD,
        loop="asyncio",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_GRACE,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; InputError where it can't."""
    try:
        listening = socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=_BACKLOG,
        )
        # Taken over by connections. asyncio sees to it for sockets that name their protocol alone,
        # and without it the end of an answer waits for the client's acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        if error.errno == socket.EAI_NONAME:
            raise InputError(f"{host!r} is no name of this machine: give an address") from error
        if error.errno not in _UNUSABLE:
            raise
        raise InputError(
            f"port {port} of {host} can't be used ({os.strerror(error.errno)}): give --port "
            "another number, or 0 for a free one"
        ) from error


def address(host: str, listening: socket.socket) -> str:
    """What to type into a browser on this machine."""
    port = listening.getsockname()[1]
    name = "localhost" if is_loopback(host) or host in ("0.0.0.0", "::") else host  # noqa: S104
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"
