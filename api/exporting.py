"""Out of the graph: all of it, as tables.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.connection import Connection
from tastegraph.errors import InputError, StoreError
from tastegraph.graph.fingerprint import fingerprint

if TYPE_CHECKING:
    from tastegraph.loaders.write_graph import GraphTable

EXPORT_COLUMNS = ["table", "rows", "file"]

# How often a graph is read that somebody else is changing.
_ATTEMPTS = 5


class Exporting(Connection):
    """Writes the graph to files."""

    def export(self, folder: Path | str, *, csv: bool = False, force: bool = False) -> pd.DataFrame:
        """Write the whole graph to a folder of tables, which ``load`` reads as the same graph.

        csv    CSV instead of Parquet
        force  replace an export that is there already

        Users, artists with names and addresses, listens with their times, friendships, tag
        assignments with dates, tags, collaborations, hidden artists, and the properties that
        people have put on nodes. Vectors and models are not in it, nor what a load counts from
        the tables. The folder appears complete or not at all. One row a table: columns table,
        rows, file. InputError for a folder that holds anything else, or an export without
        ``force``; StoreError where the graph goes on changing while it is read.
        """
        from tastegraph.loaders.write_graph import check_place, write_graph

        place = Path(folder)
        check_place(place, force=force)
        tables, ids = self._tables()
        write_graph(tables, ids, place, csv=csv, force=force)
        self.note(
            f"{place} holds the graph of {self.settings.place} without vectors and models: "
            "'tastegraph load' reads it, 'tastegraph train' learns anew"
        )
        suffix = ".csv" if csv else ".parquet"
        rows = [(name, len(table.rows), f"{name}{suffix}") for name, table in tables.items()]
        return pd.DataFrame(rows, columns=EXPORT_COLUMNS)

    def _tables(self) -> "tuple[dict[str, GraphTable], dict[str, str]]":
        """All tables of one state of the graph, and the kinds of its ids."""
        from tastegraph.graph.content import read_content
        from tastegraph.graph.hidden_artists import all_hidden
        from tastegraph.graph.own_properties import read_own_properties
        from tastegraph.loaders.write_graph import graph_tables, kinds_of_ids

        self._say_if_half_loaded()
        for _ in range(_ATTEMPTS):
            before = fingerprint(self.store)
            content = read_content(self.store, self.progress)
            hidden = all_hidden(self.store)
            properties, others = read_own_properties(self.store)
            if fingerprint(self.store) == before:
                break
        else:
            raise StoreError(
                f"{self.settings.place} was changed again and again while it was read: export "
                "again when nobody writes to it"
            )
        if content.is_empty:
            raise InputError(
                f"there is nothing in {self.settings.place} to export: 'tastegraph load PATH' puts "
                "data there"
            )
        if others:
            self.note(f"no table can hold the values of {', '.join(others)}: left out")
        return graph_tables(content, hidden, properties), kinds_of_ids(content)
