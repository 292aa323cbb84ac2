"""A model as the Parquet files of a folder, as an export has one, and back.

model           one row, a column a property of the (:Model)
user_vectors    user, vector, fold_in, training_hash
artist_vectors  artist, vector, fold_in, training_hash
tag_vectors     tag, vector

Rows are of whom the model knows; the last two columns are what a training keeps (``TRAINING``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tastegraph.errors import InputError
from tastegraph.graph.schema import NODES, TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap, Rows
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.solver.fold_in_model import KEPT, FoldIn, FoldInModel
from tastegraph.models.storage.model_card import Card, card_of
from tastegraph.models.storage.read_graph import (
    read_embeddings,
    read_fold_in_columns,
    read_training_hashes,
)
from tastegraph.models.storage.vector_rows import Table
from tastegraph.models.storage.versions import keep, numbered
from tastegraph.models.storage.write_vectors import publish, require_numbers
from tastegraph.runtime.progress import Progress, silent

_MODEL = "model"
_VECTORS = {kind.label: f"{kind.label.lower()}_vectors" for kind in NODES}
NAMES = (_MODEL, *_VECTORS.values())
"""What the files are called, without .parquet."""

_PEOPLE = ("User", "Artist")

_VECTOR, _COLUMN, _HASH = "vector", "fold_in", "training_hash"

# How a (:Model) takes the place of another is a matter of its graph.
_OF_A_SWITCH = ("switch", "switching", "inBatches")


@dataclass(frozen=True)
class ModelFiles:
    """``card`` are the properties of the (:Model), ``known`` is what it knows of each label."""

    card: dict[str, Any]
    known: Sequence[Table]

    @classmethod
    def of_graph(cls, store: GraphStore) -> "ModelFiles | None":
        """The model of the graph, None where there is none; within a ``steady_read``."""
        found = store.values("MATCH (m:Model) RETURN properties(m)")
        if not found:
            return None
        return cls.trained(found[0][0], [_known(store, kind.label) for kind in NODES])

    @classmethod
    def trained(cls, card: dict[str, Any], known: Sequence[Table]) -> "ModelFiles":
        """A model that a training has made. ModelError for vectors that are no numbers."""
        require_numbers(known)
        kept = {
            name: value
            for name, value in card.items()
            if value is not None and name not in _OF_A_SWITCH
        }
        return cls(kept, known)

    @classmethod
    def read(cls, folder: Path, names: Sequence[str]) -> "ModelFiles":
        """What ``write`` has written as ``names``; InputError where it can't be read."""
        unknown = [name for name in names if name not in NAMES]
        if unknown or _MODEL not in names:
            raise InputError(
                f"the model in {folder} can't be read: its manifest names {', '.join(names)}. "
                "Export again"
            )
        card = _content(folder, _MODEL).to_pylist()
        try:
            card_of(card[0])
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise _damaged(folder, _MODEL, "it lacks what a model says of itself") from error
        labels = [label for label, name in _VECTORS.items() if name in names]
        own = {name: value for name, value in card[0].items() if value is not None}
        return cls(own, [_table(folder, label) for label in labels])

    def write(self, folder: Path) -> dict[str, int]:
        """Write the files into an empty folder; gives their names, without .parquet, and how many
        rows they have.
        """
        tables = {_MODEL: pa.table({name: [value] for name, value in self.card.items()})}
        for table in self.known:
            if table.known.any():
                tables[_VECTORS[table.label]] = _as_arrow(table)
        for name, content in tables.items():
            pq.write_table(content, _file(folder, name))
        return {name: content.num_rows for name, content in tables.items()}

    @property
    def described(self) -> Card:
        """The card as the program knows it."""
        return card_of(self.card)

    def fits(self, store: GraphStore) -> bool:
        """Whether all of whom the model knows are in the graph."""
        return all(
            {*table.ids} <= {id_ for (id_,) in store.read_nodes(table.label, "id")}
            for table in self.known
        )

    def vectors(self, data: Dataset) -> Vectors:
        """The vectors of users and artists in the rows of ``data``, zeros where there is none."""
        width = max(table.vectors.shape[1] for table in self.known)
        return Vectors(
            *(self._placed(label, data, width, lambda table: table.vectors) for label in _PEOPLE)
        )

    @property
    def fold_in_model(self) -> FoldInModel | None:
        """What turns entries into vectors; None where the model keeps nothing of it."""
        return FoldInModel.from_properties(dict.fromkeys(KEPT) | self.card)

    def fold_in(self, data: Dataset) -> FoldIn | None:
        """What each listen and friend adds, in the rows of ``data``; None where nothing tells."""
        model = self.fold_in_model
        if model is None:
            return None
        widths = [0 if table.columns is None else table.columns.shape[1] for table in self.known]
        friends, artists = (
            self._placed(label, data, max(widths), lambda table: table.columns) for label in _PEOPLE
        )
        has_friends = any(
            table.label == "User" and table.columns is not None for table in self.known
        )
        return FoldIn(model, artists, friends if has_friends else None)

    def _placed(
        self, label: str, data: Dataset, width: int, of: Callable[[Table], Matrix | None]
    ) -> Matrix:
        ids = {"User": data.users, "Artist": data.artists}[label]
        placed = np.zeros((len(ids), width), np.float32)
        for table in self.known:
            values = of(table)
            if table.label == label and values is not None:
                placed[_rows(ids, table)] = values
        return placed

    def put_into(self, store: GraphStore, progress: Progress = silent) -> None:
        """Make it the graph's model, and keep it as a training does."""
        known = [*self.known, *self._unknown()]
        with store.writing("load") as writer:
            card = numbered(writer, self.card | {"switching": False})
            publish(writer, known, card, progress)
            keep(writer, known, card)
            writer.dialect.create_vector_indexes(writer, self.card["dimensions"], progress)

    def _unknown(self) -> list[Table]:
        """Tables of the labels of which the model knows nobody."""
        labels = {table.label for table in self.known}
        empty = np.zeros((0, 0), np.float32)
        return [Table(kind.label, [], empty) for kind in NODES if kind.label not in labels]


def _rows(ids: IdMap, table: Table) -> Rows:
    rows = ids.rows(table.ids)
    if len(rows) and rows.min() < 0:
        raise InputError(
            f"the model knows a {table.label.lower()} of whom the tables say nothing: they do not "
            "belong together. Export again, or train"
        )
    return rows


def _known(store: GraphStore, label: str) -> Table:
    ids = IdMap.of(id_ for (id_,) in store.read_nodes(label, "id"))
    vectors = read_embeddings(store, label, ids)
    if label not in TRAINING:
        return Table(label, ids.ids, vectors)
    columns = read_fold_in_columns(store, label, ids)
    hashes = read_training_hashes(store, label, ids)
    return Table(label, ids.ids, vectors, columns if columns.shape[1] else None, hashes)


def _as_arrow(table: Table) -> pa.Table:
    rows = np.flatnonzero(table.known)
    columns = {
        table.label.lower(): pa.array([table.ids[row] for row in rows.tolist()]),
        _VECTOR: _as_lists(table.vectors[rows]),
    }
    if table.columns is not None:
        columns[_COLUMN] = _as_lists(table.columns[rows])
    if table.hashes is not None:
        columns[_HASH] = pa.array(table.hashes[rows], pa.int64())
    return pa.table(columns)


def _as_lists(matrix: Matrix) -> pa.Array:
    flat = pa.array(np.ascontiguousarray(matrix, np.float32).ravel(), pa.float32())
    return pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1])


def _table(folder: Path, label: str) -> Table:
    name = _VECTORS[label]
    content = _content(folder, name)
    try:
        ids = content[label.lower()].to_pylist()
        hashes = content[_HASH].to_numpy() if _HASH in content.column_names else None
        columns = _matrix(content[_COLUMN]) if _COLUMN in content.column_names else None
        vectors = _matrix(content[_VECTOR])
    except (KeyError, TypeError, ValueError, AttributeError, pa.ArrowException) as error:
        raise _damaged(folder, name, "a column is missing, or holds no vectors") from error
    return Table(label, ids, vectors, columns, hashes)


def _matrix(column: pa.ChunkedArray) -> Matrix:
    if column.null_count:
        raise ValueError("a row without a vector")
    flat = np.asarray(column.combine_chunks().flatten().to_numpy(), dtype=np.float32)
    if not np.isfinite(flat).all():
        raise ValueError("a vector that is no numbers")
    return flat.reshape(len(column), column.type.list_size)


def _content(folder: Path, name: str) -> pa.Table:
    try:
        # A folder above may be called a=b, which is no column.
        return pq.read_table(_file(folder, name), partitioning=None)
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} is half an export: {name}.parquet is not there. Export again."
        ) from error
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(folder, name, str(error).split("\n")[0]) from error


def _damaged(folder: Path, name: str, reason: str) -> InputError:
    return InputError(f"{_file(folder, name)} can't be read: {reason}. Export again.")


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"
