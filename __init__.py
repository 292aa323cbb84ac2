"""A hybrid music recommender on a graph database, with reasons that are the arithmetic.

import tastegraph

with tastegraph.connect() as graph:
    graph.load("hetrec2011-lastfm-2k/")
    graph.train()
    graph.recommend([2, 10], k=10, why=True)
"""

import os
from typing import TYPE_CHECKING

from tastegraph.errors import (
    InputError,
    ModelError,
    NotFoundError,
    StoreError,
    TastegraphError,
)

if TYPE_CHECKING:
    from tastegraph.api.graph import Graph

__all__ = [
    "InputError",
    "ModelError",
    "NotFoundError",
    "StoreError",
    "TastegraphError",
    "connect",
]


def connect(
    store: "str | os.PathLike[str] | None" = None,
    *,
    database: str | None = None,
    username: str | None = None,
    password: str | None = None,
    quiet: bool = False,
) -> "Graph":
    """A graph in ``store``: a folder (the embedded store, or an export, which is read alone and
    can be trained on) or the URI of a Neo4j server.

    store               as the command line finds it where it is not given: TASTEGRAPH_STORE,
                        NEO4J_URI, or the folder tastegraph-store here or in a folder above
    database            the server's database, if not its default
    username, password  NEO4J_USERNAME and NEO4J_PASSWORD where they are not given
    quiet               no progress and no notes on stderr

    A server is asked at once: StoreUnreachableError, StoreAccessError or NotFoundError (its
    database) where it can't be used. A folder that is not there is made by ``load`` alone;
    everything else raises NotFoundError then.
    """
    # Pandas and the driver take a while to import; the command line's --help needs neither.
    from tastegraph.api.folder_graph import graph_in
    from tastegraph.graph.store.settings import Settings

    settings = Settings.find(store, database, username, password)
    graph = graph_in(settings, quiet=quiet)
    if settings.is_server:
        graph.open()
    return graph
