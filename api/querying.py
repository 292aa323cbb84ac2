"""The graph's queries, and looking things up by name."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from tastegraph.api.connection import Connection, Name
from tastegraph.errors import InputError
from tastegraph.graph.query_files import bind, bind_own, own_query, query, query_names
from tastegraph.graph.run_query import Answer, answer, answer_own
from tastegraph.models.storage.model_card import steady_read

if TYPE_CHECKING:
    import networkx as nx

    from tastegraph.graph.vocabulary import Vocabulary

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
        for name in sorted(query_names(), key=lambda name: query(name).is_helper)
        if helpers or not query(name).is_helper
    ]
    return pd.DataFrame(rows, columns=QUERY_COLUMNS)


def query_examples(name: str) -> dict[str, Any]:
    """An example value for each parameter of a query; NotFoundError."""
    return query(name).examples


def show_query(name: str, parameters: bool = False, cypher_25: bool = False) -> str:
    """The text of a query, ready to be pasted into Neo4j Browser; NotFoundError.

    parameters  with ``$parameters`` instead of their examples, ready for a driver
    cypher_25   for Neo4j 2026.02 and later, where that differs
    """
    asked = query(name, cypher_25)
    return asked.cypher if parameters else asked.text


class Querying(Connection):
    """Runs queries and finds things by what people call them."""

    def list_queries(self, *, helpers: bool = False) -> pd.DataFrame:
        """The queries: columns name, parameters (an example each), answers.

        helpers  also those that the program asks rather than people
        """
        return list_queries(helpers)

    def show_query(self, name: str, *, parameters: bool = False, cypher_25: bool = False) -> str:
        """The text of a query, ready to be pasted into Neo4j Browser.

        parameters  with ``$parameters`` instead of their examples, ready for a driver
        cypher_25   for Neo4j 2026.02 and later, where that differs
        """
        return show_query(name, parameters, cypher_25)

    def run_query(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        """Run a query; parameters that are not given have their example values.

        NotFoundError for a query that is not there, InputError for parameters that don't fit.
        """
        asked, newer = query(name), query(name, cypher_25=True)
        more = newer.examples.keys() - asked.examples.keys()
        # Wrong parameters are said before a store is opened.
        bind(newer if more & parameters.keys() else asked, parameters)
        served = query(name, self.store.dialect.cypher_25)

        def ask() -> Answer:
            return answer(self.store, served, parameters)

        found = steady_read(self.store, ask) if served.reads_vectors else ask()
        self._say_examples(asked.examples, parameters)
        return self._frame(found)

    def ways(self, user: Name, artist: Name, *, parts: int = 10) -> pd.DataFrame:
        """The largest parts of an artist's score for a user, with the ways on which they come.

        What the query draw-reasons draws, from memory where the model is held there. A row is a
        link: kind, id, name and value of the part; source, link and target, each as the query
        gives it. NotFoundError for a user or an artist that is not there.
        """
        from tastegraph.models.serving.ways_in_memory import COLUMNS, ways_in_memory

        user_id, artist_id = self.user(user), self.artist(artist)
        held = self._held()
        if held and min(held.data.users.row(user_id), held.data.artists.row(artist_id)) >= 0:
            return ways_in_memory(held, user_id, artist_id, parts)
        found = self.run_query("draw-reasons", userId=user_id, artistId=artist_id, parts=parts)
        return found[list(COLUMNS)]

    def run_cypher(
        self, cypher: str, parameters: Mapping[str, Any] | None = None, *, write: bool = False
    ) -> pd.DataFrame:
        """Run Cypher of your own: a row for each of its rows, with its columns.

        parameters  values for its $parameters; a value marked as in the query files,
                    ``{id: 2 /* $userId */}``, is the default of its parameter
        write       let it change the graph; without, a query that writes is refused before it
                    has written anything

        Nodes, relationships and paths have ``as_dict()``. InputError for parameters that don't
        fit, StoreQueryError for what the database refuses.
        """
        asked = own_query(cypher)
        bind_own(asked, dict(parameters or {}))
        return self._frame(answer_own(self.store, asked, dict(parameters or {}), write))

    def as_networkx(self, rows: pd.DataFrame) -> "nx.MultiDiGraph[str]":
        """The nodes, relationships and paths among the rows of a query, as a networkx graph.

        Nodes have kind, data_id and label, edges kind and weight, both their properties.
        InputError where there are none.
        """
        from tastegraph.graph.result_graph import result_graph

        return result_graph(rows.to_numpy().ravel())

    def write_graph(self, rows: pd.DataFrame, output: Path | str) -> Path:
        """Write the nodes, relationships and paths among ``rows`` as GraphML, GEXF, Cytoscape
        JSON or DOT, as the suffix of ``output`` says.
        """
        from tastegraph.graph.graph_file import write_graph

        graph = self.as_networkx(rows)
        write_graph(graph, Path(output))
        self.note(f"{output} holds {len(graph):,} nodes and {graph.number_of_edges():,} edges")
        return Path(output)

    def connect_info(self, *, show_password: bool = False, read_only: bool = False) -> pd.DataFrame:
        """How another client reaches the graph: one row uri, database, username, password.

        read_only  as the user of an embedded store who may only read

        uri is None where nobody has the embedded store open, which serves nobody then: this
        does not open it. password is None unless it is asked for; a note says where it is kept.
        """
        from tastegraph.graph.store.connect_info import embedded_info, server_info

        settings = self.settings
        if settings.is_server or not settings.exists:
            info = server_info(settings, self.store, read_only)
        else:
            info = embedded_info(settings, read_only)
            self.note(
                f"{info.owner} has the store open, and serves until it ends"
                if info.owner
                else "nobody has the store open, so nobody is served: 'tastegraph connect-info "
                "--wait' keeps it open for others, and so does 'tastegraph shell'"
            )
        if info.password and not show_password:
            kept = f"is in {info.password_in}" if info.password_in else "is not shown"
            self.note(f"the password {kept}; --show-password prints it")
        shown = info.password if show_password else None
        row = (info.uri, info.database, info.username, shown)
        columns = ["uri", "database", "username", "password"]
        return pd.DataFrame([row], columns=columns, dtype=object)

    def vocabulary(self) -> "Vocabulary":
        """The labels, relationship types and property names that the graph has."""
        from tastegraph.graph.vocabulary import read_vocabulary

        return read_vocabulary(self.store)

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

    def show(self, kind: str, name: Name, *, k: int = 10, lists: bool = True) -> pd.DataFrame:
        """What the graph knows of a user, an artist or a tag: columns what, value.

        k      length of its lists
        lists  whether there are any, which take most of the time
        """
        from tastegraph.graph.show_node import show_artist, show_tag, show_user

        length = k if lists else 0
        if kind == "user":
            return show_user(self.store, self.user(name), length)
        if kind == "artist":
            return show_artist(self.store, self._artist(name).id, length)
        if kind == "tag":
            return show_tag(self.store, self._tag(name), length)
        raise InputError(f"there is no kind {kind!r}: show a user, an artist or a tag")

    def _frame(self, found: Answer) -> pd.DataFrame:
        """The rows of an answer; what else there is to say of it is said."""
        if found.nothing:
            self.note(found.nothing)
        if found.changes:
            told = (f"{name.replace('_', ' ')} {count:,}" for name, count in found.changes.items())
            self.note(f"{', '.join(told)}; 'tastegraph doctor' says what that means for the model")
        return pd.DataFrame(found.rows, columns=found.columns, dtype=object)

    def _say_examples(self, examples: dict[str, Any], given: dict[str, Any]) -> None:
        """Say who else the answer is about, where only some of them were named."""
        ids = [name for name in examples if name.endswith("Id") and examples[name] is not None]
        left = [name for name in ids if name not in given]
        if given.keys() & {*ids} and left:
            told = ", ".join(f"{name}={json.dumps(examples[name])}" for name in left)
            self.note(f"{told} is an example: -p {left[0]}=ID asks for somebody else")
