"""Writes all of a graph as the files that ``neo4j-admin database import full`` reads.

Nodes are told apart by keys of their own, which the database does not keep, so that ids stay what
they are, whole numbers or text.
"""

import json
import shlex
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.graph.frames import Id
from tastegraph.graph.schema import NODES, RelationKind
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.whole_graph import (
    LABELS,
    TYPES,
    WITH_ID,
    all_ids,
    node_blocks,
    property_names,
    relation_blocks,
)
from tastegraph.loaders.files.neo4j_csv import DELIMITERS, DelimiterInUseError, TypedRows
from tastegraph.runtime.progress import Progress, silent

MANIFEST = "neo4j-import.json"
"""By what a folder is known as such files; its content are its files, and what to run."""

_FORM = "tastegraph files for neo4j-admin"

# What relationships start and end at.
_ENDS = tuple(kind.label for kind in NODES)

Row = tuple[str, int, str]


@dataclass
class Neo4jFiles:
    """What has been written: ``rows`` of label or type, number, and data file.

    arguments  of neo4j-admin, to be run in the folder
    left_out   ``Label.name`` of properties of which a value can't be written
    """

    rows: list[Row] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def holds_data(self) -> bool:
        """Whether there is a user, an artist or a tag."""
        return any(name in _ENDS for name, *_ in self.rows)

    def command(self, folder: Path) -> str:
        """What to type into a shell."""
        return f"cd {shlex.quote(str(folder))} && {shlex.join(['neo4j-admin', *self.arguments])}"


def write_neo4j(store: GraphStore, folder: Path, progress: Progress = silent) -> Neo4jFiles:
    """Write the graph in ``store`` to ``folder``, in place of what is there.

    A kind of nodes or relationships is read and written some thousands at a time. InputError
    where texts in lists hold every character that could part them.
    """
    for delimiter in DELIMITERS:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with suppress(DelimiterInUseError):
            return _Writing(store, folder, delimiter, progress).write()
    raise InputError(
        f"texts in lists of {store.place} hold each of the characters that could part them, so "
        "that neo4j-admin can't tell them apart: export tables instead"
    )


class _Writing:
    def __init__(self, store: GraphStore, folder: Path, delimiter: str, progress: Progress) -> None:
        self._store = store
        self._folder = folder
        self._delimiter = delimiter
        self._progress = progress
        self._done = Neo4jFiles()
        self._multiline = False

    def write(self) -> Neo4jFiles:
        with self._progress("writing the files", len(LABELS) + len(TYPES)) as advance:
            starts: dict[str, list[Id]] = {}
            for label in LABELS:
                ids = all_ids(self._store, label) if label in WITH_ID else []
                if label in _ENDS:
                    starts[label] = ids
                self._nodes(label, ids)
                advance(1)
            for kind in TYPES:
                self._relations(kind, starts[kind.start])
                advance(1)
        self._done.arguments = self._all_arguments()
        self._write_manifest()
        return self._done

    def _nodes(self, label: str, ids: list[Id]) -> None:
        keys = [f":ID({label})"] if label in _ENDS else []
        there = property_names(self._store, label)
        # Braces begin the options of a column, whatever is before them.
        names = [name for name in there if not {"{", "}"} & {*name}]
        with TypedRows(self._folder, label, keys, names, self._delimiter) as rows:
            for block in node_blocks(self._store, label, ids):
                for properties in block:
                    rows.write([_key(properties["id"])] if keys else [], properties)
        self._finish("nodes", label, rows)
        lost = rows.left_out | {*there} - {*names}
        self._done.left_out += [f"{label}.{name}" for name in sorted(lost)]

    def _relations(self, kind: RelationKind, ids: list[Id]) -> None:
        keys = [f":START_ID({kind.start})", f":END_ID({kind.end})"]
        with TypedRows(self._folder, kind.type, keys, kind.properties, self._delimiter) as rows:
            for block in relation_blocks(self._store, kind, ids):
                for start, end, *values in block:
                    properties = dict(zip(kind.properties, values, strict=True))
                    rows.write([_key(start), _key(end)], properties)
        self._finish("relationships", kind.type, rows)

    def _finish(self, option: str, name: str, rows: TypedRows) -> None:
        self._multiline = self._multiline or rows.multiline
        for header, data in rows.files:
            self._done.arguments.append(f"--{option}={name}=./{header},./{data}")
        if rows.rows:
            self._done.rows.append((name, rows.rows, rows.files[0][1]))

    def _all_arguments(self) -> list[str]:
        how = ["--id-type=string", f"--array-delimiter=U+{ord(self._delimiter):04X}"]
        # Files are read by several threads only where no text has a line end.
        how += ["--multiline-fields=true"] if self._multiline else []
        return ["database", "import", "full", "neo4j", *how, *self._done.arguments]

    def _write_manifest(self) -> None:
        names = sorted(path.name for path in self._folder.iterdir())
        content = {"form": _FORM, "version": 1, "files": names, "arguments": self._done.arguments}
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (self._folder / MANIFEST).write_text(text, encoding="utf-8")


def _key(id_: Id) -> str:
    """Another one for each id, also where 7 and "7" are two."""
    return f"t{id_}" if isinstance(id_, str) else str(id_)


def files_of(folder: Path) -> set[str] | None:
    """The names of all files of a folder that ``write_neo4j`` has written; None for any other."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content["form"] == _FORM:
            return {MANIFEST, *map(str, content["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None
