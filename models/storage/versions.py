"""The last few models, to roll back to: kept when trained, listed, used again, removed."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.errors import InputError, NotFoundError
from tastegraph.graph.schema import NODES
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.version_parts import PART, READ_PARTS, VersionPart
from tastegraph.models.storage.artist_map import forget_lost_map
from tastegraph.models.storage.write_vectors import Table, publish
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.progress import Progress, silent

KEPT = 3
"""Models that a training leaves, its own included."""

COLUMNS = ("place", "model", "algorithm", "dimensions", "seed", "trained_at", "current")

_FLOAT, _HASH = np.dtype("<f4"), np.dtype("<i8")

# Bytes that the id of a row takes, where it is text.
_ID = 40

_LACKING = (
    "this model was kept by an earlier version, without its reasons: a score's embedding is one "
    "part, and newcomers and update wait for 'tastegraph train'"
)


def keep(store: GraphStore, known: Sequence[Table], card: dict[str, Any], most: int = KEPT) -> None:
    """Keep a model as it has just been published beside the ``most`` - 1 trained last.

    In one transaction; with 0 none is kept, and those kept before are removed.
    """

    def replace(transaction: GraphStore) -> None:
        for id_ in _ids(transaction)[max(most - 1, 0) :]:
            _remove(transaction, id_)
        if most:
            transaction.write("CREATE (m:KeptModel) SET m = $card", {"card": card})
            for table in known:
                for part in _parts(card["id"], table):
                    part.write(transaction)
        forget_lost_map(transaction)

    with store.writing("train") as writer:
        writer.transact(replace)


def list_models(store: GraphStore) -> pd.DataFrame:
    """The kept models, the last trained first; columns COLUMNS."""
    current = [row[0] for row in store.values("MATCH (m:Model) RETURN m.id")]
    rows = store.rows(
        "MATCH (m:KeptModel) RETURN m.id AS model, m.algorithm AS algorithm, "
        "m.dimensions AS dimensions, m.seed AS seed, m.trainedAt AS trained_at "
        "ORDER BY trained_at DESC, model DESC"
    )
    placed = [{"place": place} | row for place, row in enumerate(rows, 1)]
    frame = pd.DataFrame(placed, columns=list(COLUMNS[:-1]))
    return frame.assign(current=frame["model"].isin(current))


def use_model(store: GraphStore, named: str, progress: Progress = silent) -> tuple[str, list[str]]:
    """Put a kept model as it was trained in the place of the current one.

    It is ``named`` by its id or its place in ``list_models``; gives the id and notes for the
    person who asked. What is newer than the model has no vector then, and like all that has
    changed since its training waits for ``update``. NotFoundError for a model that is not kept.
    """
    with store.writing("models use") as writer:
        id_ = _kept(writer, named)
        kept = "MATCH (m:KeptModel {id: $id}) RETURN properties(m)"
        (card,) = writer.values(kept, {"id": id_})[0]
        with progress("reading the kept model", 1) as advance:
            parts = [VersionPart.of(row) for row in writer.values(READ_PARTS, {"model": id_})]
            advance(1)
        publish(writer, [_table(kind.label, parts) for kind in NODES], card, progress)
        writer.dialect.create_vector_indexes(writer, card["dimensions"], progress)
    return id_, [] if all(part.hashes for part in parts if part.label != "Tag") else [_LACKING]


def remove_model(store: GraphStore, named: str) -> str:
    """Remove a kept model, ``named`` as for ``use_model``; gives its id.

    InputError for the current one, NotFoundError for one that is not kept.
    """

    def remove(transaction: GraphStore) -> str:
        id_ = _kept(transaction, named)
        if transaction.values("MATCH (m:Model {id: $id}) RETURN m.id", {"id": id_}):
            raise InputError(
                f"{id_} is the model in use: 'tastegraph models use' another one before"
            )
        _remove(transaction, id_)
        forget_lost_map(transaction)
        return id_

    with store.writing("models remove") as writer:
        return writer.transact(remove)


def _remove(transaction: GraphStore, id_: str) -> None:
    transaction.write("MATCH (v:KeptVectors {model: $id}) DELETE v", {"id": id_})
    transaction.write("MATCH (m:KeptModel {id: $id}) DELETE m", {"id": id_})


def _ids(store: GraphStore) -> list[str]:
    return [str(id_) for id_ in list_models(store)["model"]]


def _kept(store: GraphStore, named: str) -> str:
    """The id of the model that is ``named`` by id or place."""
    known = _ids(store)
    places = dict(zip(map(str, range(1, len(known) + 1)), known, strict=True))
    if named in places:
        return places[named]
    if named not in known:
        kept = f"kept are {', '.join(known)}" if known else "none is kept ('train --keep' keeps)"
        raise NotFoundError(f"there is no model {named!r}{did_you_mean(named, known)}; {kept}")
    return named


def _parts(model: str, table: Table) -> Iterator[VersionPart]:
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


def _table(label: str, parts: Sequence[VersionPart]) -> Table:
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
