"""The service as people and programs meet it: a real server on a free port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tastegraph.api.graph import Graph
from tastegraph.web.app import make_app
from tastegraph.web.serve import address, listen, make_server
from tastegraph.web.service.hosts import Hosts
from tastegraph.web.service.token import Token


@contextmanager
def serving(graph: Graph, token: Token | None = None) -> Iterator[str]:
    """Serve ``graph`` for the length of the block; gives the address."""
    listening = listen("127.0.0.1", 0)
    server = make_server(make_app(graph, Hosts("127.0.0.1"), token))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield address("127.0.0.1", listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
