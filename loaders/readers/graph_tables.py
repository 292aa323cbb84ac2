"""The tables that only an export has: what a graph holds beside listens, friends and tags.

users       user                            all of them, also who listens to nothing
tag_names   tag, name                       where it is there, tags are known by id
features    artist, featured                an artist that is several, and one of these
hidden      user, artist                    what a user never wants to see
properties  kind, id, property, value       what people have put on nodes; value as JSON
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, NAME, TAG, USER, GraphFrames, Id, OwnProperty
from tastegraph.graph.own_properties import reserved
from tastegraph.loaders.files.cells import ids, text, whole_ids
from tastegraph.loaders.files.manifest import Manifest
from tastegraph.loaders.files.table import Headers, Table, read_table
from tastegraph.loaders.transforms.known import Known
from tastegraph.loaders.transforms.tally import Tally

USERS_TABLE = "users"
TAG_NAMES_TABLE = "tag_names"
FEATURES_TABLE = "features"
HIDDEN_TABLE = "hidden"
PROPERTIES_TABLE = "properties"

FEATURED = "featured"
KIND, ID, PROPERTY, VALUE = "kind", "id", "property", "value"
KINDS = {"user": "User", "artist": "Artist", "tag": "Tag"}

_NO_VALUE = object()


@dataclass(frozen=True)
class GraphTables:
    """An export's folder: where its tables are, and what it says of its ids."""

    manifest: Manifest
    find: Callable[[str], Path | None]

    def require_all(self, folder: Path) -> None:
        """Raise InputError where a table is gone."""
        gone = [name for name in self.manifest.tables if self.find(name) is None]
        if gone:
            raise InputError(
                f"{folder} is half an export: the table {gone[0]} is not there. Export again."
            )

    def rows(self, name: str, columns: Sequence[str]) -> Table | None:
        """A table's cells as text; None where it is not in the export."""
        file = self.find(name)
        if file is None or name not in self.manifest.tables:
            return None
        headers: Headers = {column: (column,) for column in columns}
        return read_table(file, headers)

    def users(self) -> Table | None:
        """All users."""
        table = self.rows(USERS_TABLE, [USER])
        return table and replace(table, frame=pd.DataFrame({USER: self._ids(table, USER, USER)}))

    def tags(self) -> Table | None:
        """All tags by id, with their names."""
        table = self.rows(TAG_NAMES_TABLE, [TAG, NAME])
        return table and replace(
            table, frame=pd.DataFrame({TAG: self.tag_ids(table), NAME: text(table, NAME)})
        )

    def tag_ids(self, table: Table) -> "pd.Series[str] | pd.Series[int]":
        """The column tag of ``table``, in which tags are known by id."""
        if TAG in self.manifest.text_ids:
            return ids(table, TAG, may_be_numbers=False)
        return whole_ids(table, TAG)

    def beside(self, frames: GraphFrames, known: Known) -> GraphFrames:
        """``frames`` with what the export says of their nodes and of those that are ``known``."""
        there: dict[str, dict[str, Id]] = {
            USER: _by_text([*known.users, *frames.users[USER]]),
            ARTIST: _by_text([*known.artists, *frames.artists[ARTIST]]),
            TAG: _by_text([*known.tags, *frames.tags[TAG]]),
        }
        report = list(frames.report)
        features = self._pairs(FEATURES_TABLE, (ARTIST, FEATURED), (ARTIST, ARTIST), there, report)
        hidden = self._pairs(HIDDEN_TABLE, (USER, ARTIST), (USER, ARTIST), there, report)
        properties = self._properties(there, report)
        return replace(
            frames, features=features, hidden=hidden, properties=properties, report=report
        )

    def _pairs(
        self,
        name: str,
        columns: tuple[str, str],
        kinds: tuple[str, str],
        there: dict[str, dict[str, Id]],
        report: list[Any],
    ) -> list[tuple[Id, Id]]:
        table = self.rows(name, columns)
        if table is None:
            return []
        cells = [
            self._ids(table, column, kind).tolist()
            for column, kind in zip(columns, kinds, strict=True)
        ]
        tally = Tally(name, len(table.frame))
        starts, ends = (there[kind] for kind in kinds)
        found = {
            (starts[start], ends[end]): None
            for start, end in zip(*cells, strict=True)
            if start in starts and end in ends
        }
        tally.drop("of nobody or nothing here, or there twice", len(table.frame) - len(found))
        if len(table.frame):
            report.append(tally.row(len(found)))
        return list(found)

    def _properties(self, there: dict[str, dict[str, Id]], report: list[Any]) -> list[OwnProperty]:
        table = self.rows(PROPERTIES_TABLE, [KIND, ID, PROPERTY, VALUE])
        if table is None or table.frame.empty:
            return []
        tally = Tally(PROPERTIES_TABLE, len(table.frame))
        found = []
        for place, kind, id_, name, value in table.frame[[KIND, ID, PROPERTY, VALUE]].itertuples():
            _check_property(table, place, kind, name)
            content = _value(value)
            if content is _NO_VALUE:
                raise table.error(place, f"value is {value[:40]}, not JSON of a value or a list")
            if id_ in there[kind]:
                found.append(OwnProperty(KINDS[kind], there[kind][id_], name, content))
        tally.drop("of nobody or nothing here", len(table.frame) - len(found))
        report.append(tally.row(len(found)))
        return found

    def _ids(self, table: Table, column: str, kind: str) -> "pd.Series[str]":
        return ids(table, column, may_be_numbers=kind not in self.manifest.text_ids)


def _by_text(values: Sequence[Id]) -> dict[str, Id]:
    return {str(id_): id_ for id_ in values}


def _check_property(table: Table, place: int, kind: str, name: str) -> None:
    if kind not in KINDS:
        raise table.error(place, f"kind is {kind[:40]!r}, not one of {', '.join(KINDS)}")
    if not name or name in reserved(KINDS[kind]):
        raise table.error(place, f"property is {name[:40]!r}, which a load may not set")


def _value(written: str) -> object:
    try:
        value = json.loads(written)
    except (ValueError, RecursionError):
        return _NO_VALUE
    values = value if isinstance(value, list) else [value]
    plain = all(isinstance(each, str | int | float) for each in values)
    return value if plain else _NO_VALUE
