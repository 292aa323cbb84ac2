"""Out of the graph: all of it, as tables or as files for Neo4j's own import.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from tastegraph.api.connection import Connection
from tastegraph.errors import InputError, StoreError, UsageError
from tastegraph.graph.fingerprint import fingerprint
from tastegraph.graph.load_mark import unfinished_load
from tastegraph.models.storage.model_card import steady_read
from tastegraph.runtime.whole_folder import whole_folder

if TYPE_CHECKING:
    from tastegraph.loaders.files.manifest import Manifest
    from tastegraph.loaders.write_graph import GraphTable
    from tastegraph.loaders.write_neo4j import Neo4jFiles
    from tastegraph.models.storage.model_files import ModelFiles

EXPORT_COLUMNS = ["table", "rows", "file"]

# How often a graph is read that somebody else is changing.
_ATTEMPTS = 5

T = TypeVar("T")


@dataclass(frozen=True)
class _Read:
    """One state of the graph."""

    tables: "Mapping[str, GraphTable]"
    ids: Mapping[str, str]
    model: "ModelFiles | None"
    fingerprint: str


class Exporting(Connection):
    """Writes the graph to files."""

    def export(
        self,
        folder: Path | str,
        *,
        csv: bool = False,
        neo4j_import: bool = False,
        force: bool = False,
    ) -> pd.DataFrame:
        """Write the whole graph to a folder of tables, which ``load`` reads as the same graph.

        csv           CSV instead of Parquet
        neo4j_import  not tables, but the files that 'neo4j-admin database import full' reads
        force         replace an export of the same kind that is there already

        Users, artists with names and addresses, listens with their times, friendships, tag
        assignments with dates, tags, collaborations, hidden artists, and the properties that
        people have put on nodes; as Parquet the model in use, too. Models that are kept beside it
        are not in the tables, nor what a load counts from them; with ``neo4j_import`` all of it is
        in the files, and a note says what to run.
        The folder appears complete or not at all. One row a table, or a label or relationship
        type: columns table, rows, file. InputError for a folder that holds anything else, or an
        export without ``force``; StoreError where the graph goes on changing while it is read.
        """
        if csv and neo4j_import:
            raise UsageError("--csv writes tables, --neo4j-import other files: give one of them.")
        place = Path(folder)
        return (
            self._export_for_neo4j(place, force)
            if neo4j_import
            else self._export_tables(place, csv, force)
        )

    def _export_tables(self, place: Path, csv: bool, force: bool) -> pd.DataFrame:
        from tastegraph.loaders.files.manifest import model_folder
        from tastegraph.loaders.write_graph import check_place, export_files, write_graph

        check_place(place, export_files(place), force=force)
        read = self._read_all(with_model=not csv)
        vectors: dict[str, int] = {}

        def with_model(folder: Path, manifest: "Manifest") -> "Manifest":
            if read.model is None:
                return manifest
            name = model_folder(str(read.model.card["id"]))
            (folder / name).mkdir()
            vectors.update(read.model.write(folder / name))
            return replace(
                manifest, model=name, model_files=list(vectors), fingerprint=read.fingerprint
            )

        write_graph(read.tables, read.ids, place, csv=csv, force=force, with_model=with_model)
        self._say_what_tables_hold(place, read.model)
        suffix = ".csv" if csv else ".parquet"
        rows = [(name, table.count, f"{name}{suffix}") for name, table in read.tables.items()]
        if read.model is not None:
            within = model_folder(str(read.model.card["id"]))
            rows += [(name, count, f"{within}/{name}.parquet") for name, count in vectors.items()]
        return pd.DataFrame(rows, columns=EXPORT_COLUMNS)

    def _say_what_tables_hold(self, place: Path, model: "ModelFiles | None") -> None:
        graph = f"{place} holds the graph of {self.settings.place}"
        if model is None:
            self.note(
                f"{graph} without vectors and models: 'tastegraph --store NEW load {place}' reads "
                "it, 'tastegraph --store NEW train' learns anew"
            )
        else:
            self.note(
                f"{graph} with the model {model.card['id']}: 'tastegraph --store NEW load {place}' "
                f"reads both, and 'tastegraph --store {place} recommend' needs no database"
            )

    def _read_all(self, *, with_model: bool) -> "_Read":
        """All tables of one state of the graph, the kinds of its ids, and on demand its model."""
        from tastegraph.graph.content import read_content
        from tastegraph.graph.hidden_artists import all_hidden
        from tastegraph.graph.own_properties import read_own_properties
        from tastegraph.loaders.write_graph import graph_tables, kinds_of_ids
        from tastegraph.models.storage.model_files import ModelFiles

        self._say_if_half_loaded()

        def read() -> Any:
            content = read_content(self.store, self.progress)
            hidden, own = all_hidden(self.store), read_own_properties(self.store)
            model = ModelFiles.of_graph(self.store) if with_model else None
            return content, hidden, own, model, fingerprint(self.store)

        content, hidden, (properties, others), model, mark = steady_read(
            self.store, lambda: self._of_one_state(read)
        )
        if content.is_empty:
            raise self._nothing
        self._say_left_out(others, "table")
        tables = graph_tables(content, hidden, properties)
        return _Read(tables, kinds_of_ids(content), model, mark)

    def _export_for_neo4j(self, place: Path, force: bool) -> pd.DataFrame:
        from tastegraph.loaders.write_graph import check_place
        from tastegraph.loaders.write_neo4j import files_of

        replaced = check_place(place, files_of(place), force=force)
        if half := unfinished_load(self.store):
            raise InputError(f"{half}, then export")
        with whole_folder(place, replace=replaced) as partial:
            written = steady_read(self.store, lambda: self._written_for_neo4j(partial))
        self._say_left_out(written.left_out, "file")
        self.note(
            "with the server stopped, import into a database that holds nothing: "
            f"{written.command(place.resolve())}"
        )
        self.note(
            "then start the server; 'tastegraph migrate' with the --store of that server makes "
            "constraints and indexes"
        )
        return pd.DataFrame(written.rows, columns=EXPORT_COLUMNS)

    def _written_for_neo4j(self, folder: Path) -> "Neo4jFiles":
        from tastegraph.loaders.write_neo4j import write_neo4j

        written = self._of_one_state(lambda: write_neo4j(self.store, folder, self.progress))
        if not written.holds_data:
            raise self._nothing
        return written

    def _of_one_state(self, read: Callable[[], T]) -> T:
        """What ``read`` gives while nobody changes the data."""
        for _ in range(_ATTEMPTS):
            before = fingerprint(self.store)
            found = read()
            if fingerprint(self.store) == before:
                return found
        raise StoreError(
            f"{self.settings.place} was changed again and again while it was read: export again "
            "when nobody writes to it"
        )

    @property
    def _nothing(self) -> InputError:
        return InputError(
            f"there is nothing in {self.settings.place} to export: 'tastegraph load PATH' puts "
            "data there"
        )

    def _say_left_out(self, names: list[str], of: str) -> None:
        if names:
            self.note(f"no {of} can hold the values of {', '.join(names)}: left out")
