"""Somebody else's graph: what is read out of it by a mapping, and written back to it.

Heavy rooms are imported by the methods that need them, so that a quick answer stays quick.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tastegraph.api.connection import Connection
from tastegraph.errors import InputError, UsageError
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.settings import Settings, holds_credentials

if TYPE_CHECKING:
    from tastegraph.graph.mapped.mapping import GraphMapping
    from tastegraph.graph.mapped.write_back import Renamed, Served, WrittenRow
    from tastegraph.graph.store.source_graph import SourceGraph
    from tastegraph.loaders.source import ReadOptions
    from tastegraph.loaders.transforms.known import Known

WRITE_BACK_COLUMNS = ["kind", "written", "removed"]


def require_fitting(
    source: object, mapping: Path | str | None, source_database: str | None
) -> None:
    """Raise InputError for a graph without a mapping, UsageError for a mapping of anything else."""
    is_address = isinstance(source, str) and ("://" in source or holds_credentials(source))
    if is_address:
        Settings.of_source(str(source))
        if mapping is None:
            raise UsageError(
                f"{source} is somebody's graph, and needs a mapping that says what is what in it: "
                f"'tastegraph mapping init' proposes one, --mapping FILE names it"
            )
    elif mapping is not None or source_database is not None:
        raise UsageError(
            "a mapping and the database of a source go with the address of a graph, such as "
            "bolt://localhost:7687"
        )


def refuse_options(format: str, listens: object, without: object, options: "ReadOptions") -> None:
    """Raise UsageError for what can be said of files alone."""
    from tastegraph.loaders.source import ReadOptions

    if format != "auto" or listens or without or options != ReadOptions():
        raise UsageError(
            "what is said of files (--format, --listens, --without, --columns, --user, "
            "--min-play-seconds, --delimiter, --encoding) does not go with a mapping"
        )


class MappedGraphs(Connection):
    """Reads somebody else's graph, and writes to it what a model knows."""

    def propose_mapping(self, source: str, *, source_database: str | None = None) -> str:
        """Look at the graph at ``source`` and propose a mapping, as commented TOML.

        source_database  its database, if not the server's default

        What is proposed comes from names and numbers, and is for a person to correct. InputError
        where nothing in the graph looks like somebody who listens to something.
        """
        from tastegraph.graph.mapped.look_at import look_at
        from tastegraph.graph.mapped.propose import mapping_text
        from tastegraph.graph.store.open import open_source

        with open_source(Settings.of_source(source, source_database), self.note) as opened:
            return mapping_text(look_at(opened, self.progress), opened.place)

    def write_back(
        self,
        source: str,
        *,
        mapping: Path | str | None = None,
        remove: bool = False,
        source_database: str | None = None,
    ) -> pd.DataFrame:
        """Write what the model knows into the graph that ``mapping`` has loaded.

        mapping          the file; its section [write] says what is written: vectors,
                         recommendations
        remove           take out what has been written instead, and nothing else; needs no mapping
        source_database  its database, if not the server's default

        A second run leaves the same graph; users and artists whom the model does not know any more
        lose what they had. Columns kind, written, removed. InputError where a property or type is
        that of something that has not been written from here, ModelError where nothing has been
        trained.
        """
        from tastegraph.graph.mapped.write_back import remove_written
        from tastegraph.graph.store.open import open_source

        if remove:
            with open_source(Settings.of_source(source, source_database), self.note) as opened:
                rows = remove_written(opened, self.progress)
        elif mapping is None:
            raise UsageError("writing back needs the mapping that the graph was loaded by")
        else:
            with self._opened_source(source, mapping, source_database) as (opened, found):
                rows = self._written_back(opened, found)
        return pd.DataFrame([asdict(row) for row in rows], columns=WRITE_BACK_COLUMNS)

    def _written_back(self, source: "SourceGraph", mapping: "GraphMapping") -> "list[WrittenRow]":
        from tastegraph.graph.mapped.check_mapping import check_nodes
        from tastegraph.graph.mapped.write_back import write_back
        from tastegraph.loaders.transforms.known import known_in
        from tastegraph.models.serving.served import read_served
        from tastegraph.models.storage.model_card import Card, consistent_read

        check_nodes(source, mapping)

        def answer(card: Card) -> "tuple[Served, Known]":
            self._say_if_stale(card)
            k = mapping.written.k if mapping.written.recommended else None
            return read_served(self.store, card, k, self.progress), known_in(self.store)

        served, known = consistent_read(self.store, answer)
        return write_back(
            source,
            mapping,
            served,
            renamed=(_spelled, _by_name(known) if mapping.artists.are_names else _spelled),
            progress=self.progress,
            note=self.note,
        )

    def _read_mapped(
        self, source: str, mapping: Path | str, database: str | None, known: "Known"
    ) -> GraphFrames:
        from tastegraph.graph.mapped.check_mapping import check_mapping
        from tastegraph.loaders.readers.mapped_graph import read_mapped_graph

        with self._opened_source(source, mapping, database) as (opened, found):
            check_mapping(opened, found)
            return read_mapped_graph(opened, found, known, self.progress)

    @contextmanager
    def _opened_source(
        self, source: str, mapping: Path | str, database: str | None
    ) -> "Iterator[tuple[SourceGraph, GraphMapping]]":
        """Somebody else's graph and its mapping; InputError where it is the store itself."""
        from tastegraph.graph.mapped.read_mapping import read_mapping
        from tastegraph.graph.store.open import open_source
        from tastegraph.graph.store.same_database import is_same_database

        found = read_mapping(Path(mapping))
        with open_source(Settings.of_source(source, database), self.note) as opened:
            if is_same_database(opened, self.settings):
                raise InputError(
                    f"{source} is the store itself, in which tastegraph keeps a graph of its own "
                    "form: let --store name another place for that, such as a folder"
                )
            yield opened, found


def _spelled(ids: Sequence[str]) -> Mapping[str, str]:
    """Ids as a load reads them."""
    from tastegraph.loaders.files.spelling import bare

    return {id_: bare(id_) for id_ in ids}


def _by_name(known: "Known") -> "Renamed":
    """Finds the store's artists by name, as a load does."""

    def found(names: Sequence[str]) -> Mapping[str, str]:
        from tastegraph.loaders.transforms.matching import match_names

        spelled = _spelled(names)
        ids = match_names(dict.fromkeys(spelled.values(), 0), known.artists, True).ids
        return {name: ids[bare_name] for name, bare_name in spelled.items()}

    return found
