"""Out of the graph, into matrices and vectors."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.errors import StoreError
from tastegraph.graph.frames import Id
from tastegraph.graph.moments import seconds_since_1970
from tastegraph.graph.schema import (
    FRIEND,
    HAS_TAG,
    HIDES,
    LISTENED,
    NODES,
    TAGGED,
    TRAINING,
    USES_TAG,
    RelationKind,
    in_blocks,
)
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset, tagging_rows
from tastegraph.models.data.id_map import IdMap, Rows
from tastegraph.models.data.training_hash import TrainingHashes
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.explain.contributions import read_fold_in_model
from tastegraph.models.solver.fold_in_model import FoldIn
from tastegraph.runtime.progress import Progress, silent

# How often a graph is read that somebody else is changing.
_ATTEMPTS = 5


class _ChangedError(Exception):
    """Somebody has added what others are related to, after it was read who is there."""


def read_dataset(
    store: GraphStore,
    progress: Progress = silent,
    *,
    taggings: bool = False,
    times: bool = False,
) -> Dataset:
    """Listens, friendships and tag counts of the whole graph, on demand each tag assignment, and
    when listens and tag assignments were.

    Raises StoreError where relationships are there twice, which would count twice, and where the
    graph goes on changing while it is read.
    """
    for _ in range(_ATTEMPTS):
        try:
            return _read_dataset(store, progress, taggings, times)
        except _ChangedError:
            continue
    raise StoreError(f"{store.place} was changed again and again while it was read: ask again")


def _read_dataset(store: GraphStore, progress: Progress, taggings: bool, times: bool) -> Dataset:
    with progress("reading the graph", len(NODES) + 3 + taggings) as advance:
        maps = {}
        for kind in NODES:
            maps[kind.label] = IdMap.of(id_ for (id_,) in store.read_nodes(kind.label, "id"))
            advance(1)
        plays, heard = _plays(store, maps, times)
        advance(1)
        friends = _matrix(store, FRIEND, maps)
        advance(1)
        tag_counts = _matrix(store, HAS_TAG, maps)
        advance(1)
        friends = csr_array(((friends + friends.T) > 0).astype(np.float64))
        data = Dataset(maps["User"], maps["Artist"], maps["Tag"], plays, friends, tag_counts)
        data = replace(data, heard=heard)
        if taggings:
            data = _with_taggings(store, data, times)
            advance(1)
    return data


def _plays(
    store: GraphStore, maps: dict[str, IdMap], times: bool
) -> tuple[csr_array, NDArray[np.float64]]:
    """Plays, and on demand when each listen was last heard; not at all empties the second."""
    if not times:
        return _matrix(store, LISTENED.only("plays"), maps), np.empty(0)
    kind = LISTENED.only("plays", "lastHeard")
    found = store.read_all(kind)
    plays = _as_matrix(store, kind, maps, found)
    # The same places in the same order, so that the entries are in that of the plays.
    last = [
        [*row[:2], second]
        for row, second in zip(found, seconds_since_1970([row[3] for row in found]), strict=True)
    ]
    return plays, _as_matrix(store, kind, maps, last).data


def _with_taggings(store: GraphStore, data: Dataset, times: bool) -> Dataset:
    found = [
        (user, artist, tag, day)
        for user, artist, tags, days in store.read_all(TAGGED)
        for tag, day in zip_longest(tags, (days or [])[: len(tags)])
    ]
    columns = [*zip(*found, strict=True)][:3] if found else [(), (), ()]
    rows = tagging_rows((data.users, data.artists, data.tags), *columns)
    return replace(
        data,
        taggings=rows,
        tagged_on=seconds_since_1970([row[3] for row in found]) if times else data.tagged_on,
    )


def read_user_tags(store: GraphStore, data: Dataset, progress: Progress = silent) -> csr_array:
    """How often each user has used each tag, in the rows of ``data``: shape (users, tags)."""
    with progress("reading the users' tags", 1) as advance:
        uses = _matrix(store, USES_TAG, {"User": data.users, "Tag": data.tags})
        advance(1)
    return uses


def _matrix(store: GraphStore, kind: RelationKind, maps: dict[str, IdMap]) -> csr_array:
    """Relationships as a matrix of their first property, or of ones."""
    return _as_matrix(store, kind, maps, store.read_all(kind))


def _as_matrix(
    store: GraphStore, kind: RelationKind, maps: dict[str, IdMap], found: Sequence[Sequence[Any]]
) -> csr_array:
    rows = maps[kind.start].rows(row[0] for row in found)
    columns = maps[kind.end].rows(row[1] for row in found)
    if len(found) and min(rows.min(), columns.min()) < 0:
        raise _ChangedError
    values = [row[2] for row in found] if kind.properties else np.ones(len(found))
    shape = (len(maps[kind.start]), len(maps[kind.end]))
    matrix = csr_array((np.asarray(values, dtype=np.float64), (rows, columns)), shape=shape)
    if kind.type != HIDES.type and matrix.nnz < len(found):
        raise StoreError(
            f"{len(found) - matrix.nnz:,} {kind.type} of {store.place} are there more than once: "
            "'tastegraph load' of the data that has them leaves one of each"
        )
    return matrix


def read_vectors(store: GraphStore, data: Dataset, progress: Progress = silent) -> Vectors:
    """The trained vectors, in the rows of ``data``; zeros where a node has none."""
    with progress("reading the vectors", 2) as advance:
        users = _embeddings(store, "User", data.users)
        advance(1)
        artists = _embeddings(store, "Artist", data.artists)
        advance(1)
    width = max(users.shape[1], artists.shape[1])
    return Vectors(_widened(users, width), _widened(artists, width))


def _embeddings(store: GraphStore, label: str, ids: IdMap) -> Matrix:
    found: list[list[Any]] = store.values(
        f"MATCH (n:{label}) WHERE n.embedding IS NOT NULL RETURN n.id, n.embedding"
    )
    return _placed(found, ids)


def _placed(found: list[list[Any]], ids: IdMap) -> Matrix:
    if not found:
        return np.zeros((len(ids), 0), dtype=np.float32)
    vectors = np.array([row[1] for row in found], dtype=np.float32)
    placed = np.zeros((len(ids), vectors.shape[1]), dtype=np.float32)
    placed[ids.rows(row[0] for row in found)] = vectors
    return placed


def read_fold_in(store: GraphStore, data: Dataset, progress: Progress = silent) -> FoldIn | None:
    """What each listen and friend adds, in the rows of ``data``; None where no model keeps it."""
    fold_in_model = read_fold_in_model(store)
    if fold_in_model is None:
        return None
    with progress("reading the reasons", 2) as advance:
        artists = read_fold_in_columns(store, "Artist", data.artists)
        advance(1)
        friends = read_fold_in_columns(store, "User", data.users)
        advance(1)
    return FoldIn(fold_in_model, artists, friends if friends.shape[1] else None)


def read_fold_in_columns(
    store: GraphStore, label: str, ids: IdMap, rows: Rows | None = None
) -> Matrix:
    """What the nodes of ``label`` add as others' entries, in the rows of ``ids``.

    Zeros where a node has none, or is not among ``rows``, if given.
    """
    found = _some(store, TRAINING[label], "foldInColumn", ids, rows)
    width = len(found[0][1]) // np.dtype(np.float32).itemsize if found else 0
    columns = np.zeros((len(ids), width), dtype=np.float32)
    if found:
        content = b"".join(row[1] for row in found)
        columns[ids.rows(row[0] for row in found)] = np.frombuffer(content, np.float32).reshape(
            len(found), width
        )
    return columns


def read_embeddings(store: GraphStore, label: str, ids: IdMap, rows: Rows | None = None) -> Matrix:
    """The vectors of the nodes ``rows``, of all unless given, in the rows of ``ids``; zeros for who
    has none, and for all others.
    """
    return _placed(_some(store, label, "embedding", ids, rows), ids)


def read_training_hashes(store: GraphStore, label: str, ids: IdMap) -> TrainingHashes:
    """What the model's training saw of each node, in the rows of ``ids``; 0 for nothing."""
    hashes = np.zeros(len(ids), dtype=np.int64)
    blocks = store.values(
        in_blocks(TRAINING[label], ("id", "trainingHash"), "n.trainingHash IS NOT NULL")
    )
    if found := [row for (block,) in blocks for row in block]:
        hashes[ids.rows(row[0] for row in found)] = [row[1] for row in found]
    return hashes


def _some(
    store: GraphStore, label: str, name: str, ids: IdMap, rows: Rows | None
) -> list[list[Any]]:
    """Rows ``[id, property]`` of the nodes that have it, of all or of ``rows`` alone."""
    asked = f"MATCH (n:{label}) WHERE n.{name} IS NOT NULL RETURN n.id, n.{name}"
    if rows is None:
        return store.values(asked)
    asked = (
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) WHERE n.{name} IS NOT NULL "
        f"RETURN n.id, n.{name}"
    )
    return store.values(asked, {"ids": [ids.ids[row] for row in rows.tolist()]})


def _widened(vectors: Matrix, width: int) -> Matrix:
    """Vectors as they are, or zeros where no node of the label has one."""
    if vectors.shape[1] == width:
        return vectors
    return np.zeros((len(vectors), width), dtype=np.float32)


def read_hidden(store: GraphStore, data: Dataset) -> csr_array:
    """1 where a user has hidden an artist, in the rows of ``data``: shape (users, artists)."""
    return _matrix(store, HIDES, {"User": data.users, "Artist": data.artists})


def read_property(
    store: GraphStore, name: str, ids: IdMap, label: str = "Artist"
) -> NDArray[np.object_]:
    """The property ``name`` of every node of ``label`` in the rows of ``ids``, None without it."""
    values: NDArray[np.object_] = np.empty(len(ids), dtype=object)
    found: list[list[Any]] = store.values(
        f"MATCH (n:{label}) RETURN n.id, n[$name]", {"name": name}
    )
    by_id: dict[Id, object] = dict(found)
    values[:] = [by_id.get(id_) for id_ in ids.ids]
    return values


def read_names(store: GraphStore, label: str, ids: IdMap) -> NDArray[np.object_]:
    """Names of the nodes of ``label``, in the rows of ``ids``."""
    names: NDArray[np.object_] = np.empty(len(ids), dtype=object)
    found: list[list[Any]] = store.values(f"MATCH (n:{label}) RETURN n.id, n.name")
    by_id: dict[Id, str] = dict(found)
    names[:] = [by_id.get(id_) for id_ in ids.ids]
    return names
