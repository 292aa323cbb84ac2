"""Writes all of a graph as tables that a load reads: ``load(export(g)) == g``."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from tastegraph.errors import InputError
from tastegraph.graph.columns import NONE, Column, Lists, Places
from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    HEARD,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    Id,
    OwnProperty,
)
from tastegraph.graph.relations import Relations
from tastegraph.loaders.files.manifest import MANIFEST, TEXT, WHOLE, Manifest, read_manifest
from tastegraph.loaders.files.text import listing
from tastegraph.loaders.readers.graph_tables import (
    FEATURED,
    FEATURES_TABLE,
    HIDDEN_TABLE,
    ID,
    KIND,
    KINDS,
    PROPERTIES_TABLE,
    PROPERTY,
    TAG_NAMES_TABLE,
    USERS_TABLE,
    VALUE,
)
from tastegraph.loaders.readers.tables import (
    ARTISTS_TABLE,
    FRIENDS_TABLE,
    LISTENS_TABLE,
    TAGS_TABLE,
)
from tastegraph.runtime.whole_folder import whole_folder

Rows = list[tuple[Any, ...]]

_LABELS = {label: kind for kind, label in KINDS.items()}
_NAMES = (
    *(LISTENS_TABLE, ARTISTS_TABLE, FRIENDS_TABLE, TAGS_TABLE, USERS_TABLE, TAG_NAMES_TABLE),
    *(FEATURES_TABLE, HIDDEN_TABLE, PROPERTIES_TABLE),
)
_OF_PAIRS = {USER: USER, ARTIST: ARTIST}
# Relationships that are rows at once.
_AT_ONCE = 100_000

_SUFFIXES = (".csv", ".parquet")
_FILES = {MANIFEST, *(name + suffix for name in _NAMES for suffix in _SUFFIXES)}


@dataclass(frozen=True)
class GraphTable:
    """One table; ``columns`` has by title what each holds: user, artist, tag for ids, plays for
    whole numbers, text for the others. ``blocks`` gives its rows, some at a time.
    """

    columns: Mapping[str, str]
    count: int
    blocks: Callable[[], Iterator[Rows]]

    @classmethod
    def of(cls, columns: Mapping[str, str], rows: Rows) -> "GraphTable":
        """The table of ``rows``."""
        return cls(columns, len(rows), lambda: iter([rows]))


def graph_tables(
    content: GraphContent,
    hidden: Sequence[tuple[Id, Id]] = (),
    properties: Sequence[OwnProperty] = (),
) -> dict[str, GraphTable]:
    """The tables of a graph by name, each sorted by its ids.

    An artist or tag without a name gets its id, which a load would take for its name as well.
    """
    artists = [
        (id_, name or str(id_), raw, url, picture)
        for id_, (name, raw, _, url, picture, *_) in _sorted(content.nodes["Artist"].items())
    ]
    tags = [(id_, name or str(id_)) for id_, (name, *_) in _sorted(content.nodes["Tag"].items())]
    own = [
        (_LABELS[label], str(id_), name, json.dumps(value, ensure_ascii=False))
        for label, id_, name, value in properties
    ]
    described = dict.fromkeys((NAME, RAW_NAME, URL, PICTURE_URL), "text")
    users = _sorted((id_,) for id_ in content.nodes["User"])
    return {
        LISTENS_TABLE: _listens(content.relations["LISTENED"]),
        ARTISTS_TABLE: GraphTable.of({ARTIST: ARTIST, **described}, artists),
        FRIENDS_TABLE: _pairs({USER: USER, FRIEND: USER}, content.relations["FRIEND"]),
        TAGS_TABLE: _taggings(content.relations["TAGGED"]),
        USERS_TABLE: GraphTable.of({USER: USER}, users),
        TAG_NAMES_TABLE: GraphTable.of({TAG: TAG, NAME: "text"}, tags),
        FEATURES_TABLE: _pairs({ARTIST: ARTIST, FEATURED: ARTIST}, content.relations["FEATURES"]),
        HIDDEN_TABLE: GraphTable.of(_OF_PAIRS, [*hidden]),
        PROPERTIES_TABLE: GraphTable.of(dict.fromkeys((KIND, ID, PROPERTY, VALUE), "text"), own),
    }


def _pairs(columns: Mapping[str, str], relations: Relations) -> GraphTable:
    """A row a relationship, with the first of its properties for which there are ``columns``."""
    order = relations.sorted_by_ids()

    def blocks() -> Iterator[Rows]:
        for some in _in_order(relations, order):
            starts, ends = some.start_ids.of(some.starts), some.end_ids.of(some.ends)
            values = [column.tolist() for column in some.columns[: len(columns) - 2]]
            yield [*zip(starts, ends, *values, strict=True)]

    return GraphTable(columns, len(relations), blocks)


def _in_order(relations: Relations, order: Places) -> Iterator[Relations]:
    for at in range(0, len(order), _AT_ONCE):
        yield relations.take(order[at : at + _AT_ONCE])


def _listens(listened: Relations) -> GraphTable:
    """Times are columns where any listen has one."""
    columns = {**_OF_PAIRS, PLAYS: PLAYS}
    times = [column.values for column in listened.columns[1:] if isinstance(column, Column)]
    if any((codes != NONE).any() for codes in times):
        columns |= dict.fromkeys(HEARD, "text")
    return _pairs(columns, listened)


def _taggings(tagged: Relations) -> GraphTable:
    tags = tagged.columns[0]
    assert isinstance(tags, Lists)
    order = tagged.sorted_by_ids()

    def blocks() -> Iterator[Rows]:
        for some in _in_order(tagged, order):
            starts, ends = some.start_ids.of(some.starts), some.end_ids.of(some.ends)
            lists = (column.tolist() for column in some.columns)
            yield [
                (start, end, tag, date or None)
                for start, end, own, dates in zip(starts, ends, *lists, strict=True)
                for tag, date in zip_longest(own, dates[: len(own)])
            ]

    return GraphTable({**_OF_PAIRS, TAG: TAG, DATE: "text"}, len(tags.flat), blocks)


def kinds_of_ids(content: GraphContent) -> dict[str, str]:
    """Whether ids of users, artists and tags are text or whole numbers."""
    return {
        kind: TEXT if any(isinstance(id_, str) for id_ in content.nodes[label]) else WHOLE
        for kind, label in KINDS.items()
    }


def write_graph(
    tables: Mapping[str, GraphTable],
    ids: Mapping[str, str],
    folder: Path,
    *,
    csv: bool = False,
    force: bool = False,
    with_model: Callable[[Path, Manifest], Manifest] = lambda _, manifest: manifest,
) -> None:
    """Write ``tables`` and their manifest to ``folder``, as Parquet or as CSV.

    ``ids`` are as ``kinds_of_ids`` gives them. ``with_model`` may put a model there as well, and
    gives the manifest that says so. The folder appears complete or not at all; an export that is
    there already is replaced with ``force``. InputError for any other folder that holds something,
    and for text that CSV can't hold.
    """
    replaced = check_place(folder, export_files(folder), force=force)
    with whole_folder(folder, replace=replaced) as partial:
        for name, table in tables.items():
            if csv:
                _write_csv(table, partial / f"{name}.csv")
            else:
                _write_parquet(table, ids, partial / f"{name}.parquet")
        manifest = with_model(partial, Manifest(list(tables), ids))
        manifest.write(partial)


def export_files(folder: Path) -> set[str] | None:
    """The names that files of an export in ``folder`` may have; None where there is none.

    InputError where its manifest can't be read.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    return _FILES | {manifest.model}


def check_place(folder: Path, own: set[str] | None, *, force: bool = False) -> bool:
    """Whether an export is in ``folder`` already, to be replaced.

    ``own`` are the names of its files, None where it is none. InputError where it is not to be
    replaced, or where the folder holds anything else.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file. Name a new folder.")
    held = listing(folder)
    if not held:
        return False
    if own is None:
        raise InputError(f"{folder} holds something else than an export. Name a new folder.")
    if strange := [name for name in held if name not in own]:
        raise InputError(
            f"{folder} is an export that also holds {strange[0]}, which would be lost. Move that "
            "away, or name a new folder."
        )
    if not force:
        raise InputError(
            f"{folder} is an export already. --force replaces it; or name a new folder."
        )
    return True


def _write_csv(table: GraphTable, file: Path) -> None:
    """As RFC 4180 has it, and a row with a line break in quotes throughout: so a stray quotation
    mark that swallows rows is told from it.
    """
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer, quoting = csv.writer(opened), csv.writer(opened, quoting=csv.QUOTE_ALL)
        writer.writerow(table.columns)
        for row in chain.from_iterable(table.blocks()):
            cells = ["" if cell is None else str(cell) for cell in row]
            text = "".join(cells)
            if "\0" in text:
                raise InputError(f"{file.name} can't hold a NUL character. Leave out --csv.")
            (quoting if "\n" in text or "\r" in text else writer).writerow(cells)


def _write_parquet(table: GraphTable, ids: Mapping[str, str], file: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = {PLAYS, *(kind for kind, form in ids.items() if form == WHOLE)}
    types = {
        title: pa.int64() if kind in whole else pa.string() for title, kind in table.columns.items()
    }
    with pq.ParquetWriter(file, pa.schema([*types.items()])) as writer:
        for rows in table.blocks():
            arrays = [
                pa.array(_cells(column, type_), type_)
                for column, type_ in zip(zip(*rows, strict=True), types.values(), strict=False)
            ]
            if rows:
                writer.write_batch(pa.record_batch(arrays, names=[*types]))


def _cells(column: Sequence[Any], type_: Any) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_integer(type_):
        return [*column]
    return [None if cell is None else str(cell) for cell in column]


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """``rows`` by their first column, an id or a pair of ids; numbers before text."""

    def key(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
        ids = row[0] if isinstance(row[0], tuple) else row
        return [(isinstance(id_, str), id_) for id_ in ids[:2]]

    return sorted(rows, key=key)
