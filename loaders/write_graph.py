"""Writes all of a graph as tables that a load reads: ``load(export(g)) == g``."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tastegraph.errors import InputError
from tastegraph.graph.content import GraphContent, Relations
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
_SUFFIXES = (".csv", ".parquet")
_FILES = {MANIFEST, *(name + suffix for name in _NAMES for suffix in _SUFFIXES)}


@dataclass(frozen=True)
class GraphTable:
    """Rows of one table; ``columns`` has by title what each holds: user, artist, tag for ids, plays
    for whole numbers, text for the others.
    """

    columns: Mapping[str, str]
    rows: Rows


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
    friends, features = (_sorted(content.relations[type_]) for type_ in ("FRIEND", "FEATURES"))
    users = _sorted((id_,) for id_ in content.nodes["User"])
    return {
        LISTENS_TABLE: _listens(content.relations["LISTENED"]),
        ARTISTS_TABLE: GraphTable({ARTIST: ARTIST, **described}, artists),
        FRIENDS_TABLE: GraphTable({USER: USER, FRIEND: USER}, friends),
        TAGS_TABLE: _taggings(content.relations["TAGGED"]),
        USERS_TABLE: GraphTable({USER: USER}, users),
        TAG_NAMES_TABLE: GraphTable({TAG: TAG, NAME: "text"}, tags),
        FEATURES_TABLE: GraphTable({ARTIST: ARTIST, FEATURED: ARTIST}, features),
        HIDDEN_TABLE: GraphTable(_OF_PAIRS, [*hidden]),
        PROPERTIES_TABLE: GraphTable(dict.fromkeys((KIND, ID, PROPERTY, VALUE), "text"), own),
    }


def _listens(listened: Relations) -> GraphTable:
    """Times are columns where any listen has one."""
    rows = [(*pair, *values) for pair, values in _sorted(listened.items())]
    columns = {**_OF_PAIRS, PLAYS: PLAYS}
    if not any(first or last for *_, first, last in rows):
        return GraphTable(columns, [row[: len(columns)] for row in rows])
    return GraphTable(columns | dict.fromkeys(HEARD, "text"), rows)


def _taggings(tagged: Relations) -> GraphTable:
    rows = [
        (*pair, tag, date or None)
        for pair, (tags, dates) in _sorted(tagged.items())
        for tag, date in zip_longest(tags, (dates or [])[: len(tags)])
    ]
    return GraphTable({**_OF_PAIRS, TAG: TAG, DATE: "text"}, rows)


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
        for row in table.rows:
            cells = ["" if cell is None else str(cell) for cell in row]
            text = "".join(cells)
            if "\0" in text:
                raise InputError(f"{file.name} can't hold a NUL character. Leave out --csv.")
            (quoting if "\n" in text or "\r" in text else writer).writerow(cells)


def _write_parquet(table: GraphTable, ids: Mapping[str, str], file: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = {PLAYS, *(kind for kind, form in ids.items() if form == WHOLE)}
    columns = [*zip(*table.rows, strict=True)] or [()] * len(table.columns)
    arrays = {}
    for (title, kind), cells in zip(table.columns.items(), columns, strict=True):
        if kind in whole:
            arrays[title] = pa.array(cells, pa.int64())
        else:
            texts = [None if cell is None else str(cell) for cell in cells]
            arrays[title] = pa.array(texts, pa.string())
    pq.write_table(pa.table(arrays), file)


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """``rows`` by their first column, an id or a pair of ids; numbers before text."""

    def key(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
        ids = row[0] if isinstance(row[0], tuple) else row
        return [(isinstance(id_, str), id_) for id_ in ids[:2]]

    return sorted(rows, key=key)
