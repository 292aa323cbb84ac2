"""``python -m tastegraph.web.rehearsal FOLDER``: what the embedded store is asked first.

Its JVM is ended as Java wants it, so that it can write down what it has learned of its classes
(``graph.store.java_cache``). All of it has the lowest priority, and ends when its standard input
does: with whoever started it.
"""

import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tastegraph.api.graph import Graph


def main(folder: Path) -> None:
    """Ask a small store in ``folder``, which is made unless it is there."""
    if hasattr(os, "nice"):
        os.nice(19)
    threading.Thread(target=_end_with_starter, name="end-with-starter", daemon=True).start()
    try:
        rehearse(folder / "store")
        from arcadedb_embedded.jvm import shutdown_jvm

        shutdown_jvm()
    except BaseException:
        traceback.print_exc()
        # An end in order would wait for a store that is still open.
        os._exit(1)
    os._exit(0)


def rehearse(place: Path) -> None:
    """Load and train a small graph in ``place``, unless it is there, and ask it as ``serve`` and
    ``recommend`` do.
    """
    from tastegraph.api.graph import Graph
    from tastegraph.graph.store.settings import Settings
    from tastegraph.web.pages import contents

    settings = Settings.of(str(place))
    if not place.exists():
        with Graph(settings, quiet=True) as graph:
            _fill(graph)
    with Graph(settings, quiet=True) as graph:
        graph.open()
        contents.home(graph, {})
        graph.recommend(2, why=True)
        graph.search("an")
        graph.keep_in_memory(wait=True)


def _fill(graph: "Graph") -> None:
    from tastegraph.loaders.synthetic.generate import generate

    graph.open(create=True)
    graph.load(generate(60, 300))
    settings = {"dimensions": "8", "epochs": "3"}
    weights = {"embedding": 1.0, "friends": 0.05, "tags": 0.05}
    graph.train(algorithm="collective-als", settings=settings, weights=weights, tune="off")


def _end_with_starter() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
