"""A kept model's tables as parts that the graph holds, and back."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import PART, VersionPart
from tastegraph.models.storage.vector_rows import Table

_FLOAT, _HASH = np.dtype("<f4"), np.dtype("<i8")

# Bytes that the id of a row takes, where it is text.
_ID = 40

# Parts that are removed in one transaction: 15 MB, of which a database keeps a copy to go back to.
_REMOVED = 256

_ORPHANS = (
    "MATCH (v:KeptVectors) WITH DISTINCT v.model AS model "
    "WHERE NOT EXISTS { (:KeptModel {id: model}) } RETURN model"
)
_COUNT = "MATCH (v:KeptVectors {model: $model}) RETURN count(v)"
_REMOVE = "MATCH (v:KeptVectors {model: $model}) WITH v LIMIT $most DELETE v"


def parts_of(model: str, table: Table) -> Iterator[VersionPart]:
    """What ``model`` knows by ``table``, in parts of about PART bytes."""
    rows = np.flatnonzero(table.known)
    floats = table.vectors.shape[1] + (0 if table.columns is None else table.columns.shape[1])
    size = max(1, PART // (_FLOAT.itemsize * floats + _HASH.itemsize + _ID))
    for part, start in enumerate(range(0, len(rows), size)):
        chosen = rows[start : start + size]
        yield VersionPart(
            model,
            table.label,
            part,
            [table.ids[row] for row in chosen.tolist()],
            table.vectors[chosen].astype(_FLOAT).tobytes(),
            None if table.columns is None else table.columns[chosen].astype(_FLOAT).tobytes(),
            None if table.hashes is None else table.hashes[chosen].astype(_HASH).tobytes(),
        )


def table_of(label: str, parts: Sequence[VersionPart]) -> Table:
    """What is kept of the nodes of ``label``."""
    own = [part for part in parts if part.label == label]
    ids = [id_ for part in own for id_ in part.ids]

    def rows(contents: Sequence[bytes | None], kind: np.dtype[Any]) -> NDArray[Any] | None:
        held = [content for content in contents if content is not None]
        return np.frombuffer(b"".join(held), kind).reshape(len(ids), -1) if held else None

    vectors = rows([part.vectors for part in own], _FLOAT)
    hashes = rows([part.hashes for part in own], _HASH)
    return Table(
        label,
        ids,
        np.zeros((0, 0), _FLOAT) if vectors is None else vectors,
        rows([part.columns for part in own], _FLOAT),
        None if hashes is None else hashes[:, 0],
    )


def remove_parts(writer: GraphStore, model: str) -> None:
    """Remove the parts of ``model``, some in a transaction."""
    left = writer.values(_COUNT, {"model": model})[0][0]
    for _ in range(0, left, _REMOVED):
        writer.write(_REMOVE, {"model": model, "most": _REMOVED})


def remove_orphans(writer: GraphStore) -> None:
    """Remove the parts of models that are not kept (any more, or that were never kept whole)."""
    for (model,) in writer.values(_ORPHANS):
        remove_parts(writer, model)
