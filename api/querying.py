"""The graph's queries, and looking things up by name."""

import json
from typing import Any

import pandas as pd

from tastegraph.api.connection import Connection, Name
from tastegraph.errors import InputError
from tastegraph.graph.query_files import bind, query, query_names
from tastegraph.graph.run_query import answer

QUERY_COLUMNS = ["name", "parameters", "answers"]


def list_queries(helpers: bool = False) -> pd.DataFrame:
    """The queries in graph/queries: columns name, parameters (an example each), answers.

    helpers  also those that the program asks rather than people
    """
    rows = [
        (
            name,
            " ".join(
                f"{parameter}={json.dumps(value, ensure_ascii=False)}"
                for parameter, value in query(name).examples.items()
            ),
            query(name).answers,
        )
        for name in query_names()
        if helpers or not query(name).is_helper
    ]
    return pd.DataFrame(rows, columns=QUERY_COLUMNS)


def query_examples(name: str) -> dict[str, Any]:
    """An example value for each parameter of a query; NotFoundError."""
    return query(name).examples


def show_query(name: str) -> str:
    """The text of a query, ready to be pasted into Neo4j Browser; NotFoundError."""
    return query(name).text


class Querying(Connection):
    """Runs queries and finds things by what people call them."""

    def list_queries(self, *, helpers: bool = False) -> pd.DataFrame:
        """The queries: columns name, parameters (an example each), answers.

        helpers  also those that the program asks rather than people
        """
        return list_queries(helpers)

    def show_query(self, name: str) -> str:
        """The text of a query, ready to be pasted into Neo4j Browser."""
        return show_query(name)

    def run_query(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        """Run a query; parameters that are not given have their example values.

        NotFoundError for a query that is not there, InputError for parameters that don't fit.
        """
        asked = query(name)
        # Wrong parameters are said before a store is opened.
        bind(asked, parameters)
        found = answer(self.store, asked, parameters)
        if found.nothing:
            self.note(found.nothing)
        return pd.DataFrame(found.rows, columns=found.columns, dtype=object)

    def search(self, text: str, *, k: int = 10) -> pd.DataFrame:
        """Artists, tags and users whose name or id is like ``text``.

        Columns kind, id, name, match (exact, same letters, part, near), listeners.
        """
        from tastegraph.graph.search_names import search_names

        if not text.strip():
            raise InputError("there is nothing to search for: give a name, a part of one or an id")
        frame = search_names(self.store, text, k)
        if frame.empty:
            self.note(f"nothing in the graph is called like {text!r}")
        return frame

    def show(self, kind: str, name: Name, *, k: int = 10) -> pd.DataFrame:
        """What the graph knows of a user, an artist or a tag: columns what, value.

        k  length of its lists
        """
        from tastegraph.graph.show_node import show_artist, show_tag, show_user

        if kind == "user":
            return show_user(self.store, self.user(name), k)
        if kind == "artist":
            return show_artist(self.store, self._artist(name).id, k)
        if kind == "tag":
            return show_tag(self.store, self._tag(name), k)
        raise InputError(f"there is no kind {kind!r}: show a user, an artist or a tag")
