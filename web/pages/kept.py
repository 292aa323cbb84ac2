"""Pages as they were made a moment ago, as long as the graph is the same."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers.rows import Row
from tastegraph.web.pages.rendering import render

Content = Callable[[Graph, Mapping[str, Any]], Row]

# Seconds for which a page is good enough: what others than this program write leaves no mark.
_GOOD = 20.0

# How many pages of one template are kept.
_MOST = 64


class _Page:
    """One page; ``making`` is held by who makes it, while the others wait."""

    def __init__(self) -> None:
        self.html = ""
        self.state: object = None
        self.until = float("-inf")
        self.making = threading.Lock()


class KeptPages:
    """Pages of one ``template``, each made of what ``content`` gives for the values asked for.

    always  whether a page is kept where nothing tells one state of the graph from the next (there
            is no model in memory), since its content takes long to count
    """

    def __init__(self, template: str, content: Content, always: bool = False) -> None:
        self._template = template
        self._content = content
        self._always = always
        self._pages: OrderedDict[str, _Page] = OrderedDict()
        self._choosing = threading.Lock()

    def html(self, graph: Graph, values: Mapping[str, Any]) -> str:
        """The page for ``values``."""
        state = graph.state_in_memory
        if state is None and not self._always:
            return self._made(graph, values)
        page = self._page(repr(sorted(values.items())))
        with page.making:
            if page.state != state or time.monotonic() > page.until:
                page.html = self._made(graph, values)
                page.state, page.until = state, time.monotonic() + _GOOD
            return page.html

    def _page(self, key: str) -> _Page:
        with self._choosing:
            page = self._pages.setdefault(key, _Page())
            self._pages.move_to_end(key)
            if len(self._pages) > _MOST:
                self._pages.popitem(last=False)
            return page

    def _made(self, graph: Graph, values: Mapping[str, Any]) -> str:
        notes: list[str] = []
        found = self._content(graph.with_note(notes.append), values)
        return render(self._template, notes=[*dict.fromkeys(notes)], **found)
