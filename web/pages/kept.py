"""What a page holds, kept for a while where all of the graph has to be counted for it."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers.rows import Row

# Seconds for which what has been found is good enough.
_GOOD = 20.0


class Kept:
    """Gives what ``content`` gave a moment ago; those who come meanwhile wait for one answer."""

    def __init__(self, content: Callable[[Graph, Mapping[str, Any]], Row]) -> None:
        self._content = content
        self._found: Row = {}
        self._until = float("-inf")
        self._asking = threading.Lock()

    def __call__(self, graph: Graph, values: Mapping[str, Any]) -> Row:
        """The content of the page."""
        with self._asking:
            if time.monotonic() > self._until:
                self._found = self._content(graph, values)
                self._until = time.monotonic() + _GOOD
            return self._found
