"""The service as people and programs meet it: a real server on a free port of this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd

from tastegraph.api.graph import Graph
from tastegraph.models.storage.knob_curves import save_knob_curves
from tastegraph.models.storage.model_card import read_card
from tastegraph.web.app import make_app
from tastegraph.web.serve import address, listen, make_server
from tastegraph.web.service.hosts import Hosts
from tastegraph.web.service.token import Token


@contextmanager
def priced(graph: Graph) -> Iterator[None]:
    """What novelty and diversity cost is kept with the model for the length of the block."""
    rows = [
        {"model": "m", "knob": knob, "value": value, "k": 10, "ndcg": ndcg}
        for knob in ("novelty", "diversity")
        for value, ndcg in ((0.0, 0.3), (0.2, 0.26), (1.0, 0.1))
    ]
    save_knob_curves(graph.store, read_card(graph.store).id, pd.DataFrame(rows))
    try:
        yield
    finally:
        for label in ("Model", "KeptModel"):
            graph.store.write(f"MATCH (m:{label}) SET m.knobCurves = null")


@contextmanager
def serving(graph: Graph, token: Token | None = None, *, writes: bool = False) -> Iterator[str]:
    """Serve ``graph`` for the length of the block; gives the address."""
    listening = listen("127.0.0.1", 0)
    server = make_server(make_app(graph, Hosts("127.0.0.1"), token, writes=writes))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield address("127.0.0.1", listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
