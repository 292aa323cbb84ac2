"""Who is near to an artist or a user, from matrices in memory."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, NAME, USER, Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.sparse_rows import entry_rows
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.ranking.columns import SIMILARITY
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.models.serving.similar import (
    ARTIST_COLUMNS,
    DOT,
    SHARED,
    TAGS,
    USER_COLUMNS,
    known,
    neighbour_frame,
)
from tastegraph.models.storage.read_graph import read_property

Numbers = NDArray[np.float64]
Names = NDArray[np.object_]

# Names of what two have in common.
_SHARED = 5


@dataclass(frozen=True)
class TagWeights:
    """What tags weigh, as the graph has it.

    idf    (tags,)     of each tag
    norms  (artists,)  length of each artist's tags, ln(1 + count) * idf each; 0 without tags
    """

    idf: Numbers
    norms: Numbers


def read_tag_weights(store: GraphStore, data: Dataset) -> TagWeights:
    """The weights in the rows of ``data``.

    Read, not computed: a last digit decides who comes first of many artists with one tag alone.
    """
    idf = read_property(store, "idf", data.tags, "Tag")
    norms = read_property(store, "tagNorm", data.artists)
    return TagWeights(*(np.nan_to_num(values.astype(np.float64)) for values in (idf, norms)))


@dataclass(frozen=True)
class MemoryNeighbours:
    """``Neighbours`` from matrices in memory: the rows of ``DatabaseNeighbours``.

    By tags the same to the last digit. Of vectors the cosines are float64; databases have float32,
    by which those closer than 1e-6 may change places.

    model         name of the model that the vectors are of
    artist_names  (artists,)
    tag_names     (tags,)
    """

    model: str
    data: Dataset
    vectors: Vectors
    artist_names: Names
    tag_names: Names
    tag_weights: TagWeights

    def prepare(self) -> None:
        """Compute what every answer needs, before somebody waits for one."""
        _ = self._artist_norms, self._user_norms, self._carriers

    def similar_artists(self, artist: Id, k: int, measure: str) -> pd.DataFrame:
        """What ``Neighbours`` says of it, of an artist that was there when these were read."""
        row = self.data.artists.row(artist)
        if measure == TAGS:
            return neighbour_frame(self._artist_rows(*self._near_by_tags(row, k)), ARTIST_COLUMNS)
        norms = self._artist_norms
        near, values = _nearest(self.vectors.artists, norms, row, k, by_dot=measure == DOT)
        shared = _shared(self.data.tag_counts, row, near, self.tag_names)
        found = self._artist_rows(near, values, shared)
        return neighbour_frame(known(found, self.model, f"artist {artist}"), ARTIST_COLUMNS)

    def similar_users(self, user: Id, k: int) -> pd.DataFrame:
        """What ``Neighbours`` says of it, of a user who was there when these were read."""
        row = self.data.users.row(user)
        near, values = _nearest(self.vectors.users, self._user_norms, row, k)
        shared = _shared(self.data.plays, row, near, self.artist_names)
        found: list[Row] = [
            {USER: self.data.users.ids[at], SIMILARITY: value, SHARED: names}
            for at, value, names in zip(near.tolist(), values.tolist(), shared, strict=True)
        ]
        return neighbour_frame(known(found, self.model, f"user {user}"), USER_COLUMNS)

    @cached_property
    def _artist_norms(self) -> Numbers:
        return _norms(self.vectors.artists)

    @cached_property
    def _user_norms(self) -> Numbers:
        return _norms(self.vectors.users)

    @cached_property
    def _carriers(self) -> csr_array:
        """Counts of tags by what they were given to, shape (tags, artists)."""
        return csr_array(self.data.tag_counts.T)

    def _artist_rows(self, near: Rows, values: Numbers, shared: list[list[str]]) -> list[Row]:
        ids, names = self.data.artists.ids, self.artist_names
        return [
            {ARTIST: ids[at], NAME: names[at], SIMILARITY: value, SHARED: both}
            for at, value, both in zip(near.tolist(), values.tolist(), shared, strict=True)
        ]

    def _near_by_tags(self, row: int, k: int) -> tuple[Rows, Numbers, list[list[str]]]:
        """Rows of the ``k`` nearest by tags, their cosines, and names of the tags that make them.

        Multiplied and added in the order of the query tag-neighbours.
        """
        tags, counts = _entries(self.data.tag_counts, row)
        carried = csr_array(self._carriers[tags])
        at, others = entry_rows(carried), carried.indices
        idf = self.tag_weights.idf[tags][at]
        products = np.log(1.0 + counts)[at] * np.log(1.0 + carried.data) * idf * idf
        lengths = self.tag_weights.norms[row] * self.tag_weights.norms[others]
        order = np.lexsort((tags[at], -products, others))
        order = order[(others[order] != row) & (lengths[order] > 0)]
        others, named = others[order], self.tag_names[tags[at[order]]]
        artists = len(self.data.artists)
        cosines = np.bincount(others, products[order] / lengths[order], minlength=artists)
        is_near = np.bincount(others, minlength=artists) > 0
        near = _best(np.where(is_near, cosines, -np.inf), k)
        starts, ends = (np.searchsorted(others, near, side) for side in ("left", "right"))
        shared = [
            [name for name in named[start:end] if name is not None][:_SHARED]
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        return near, cosines[near].astype(np.float64), shared


def _nearest(
    vectors: Matrix, norms: Numbers, row: int, k: int, *, by_dot: bool = False
) -> tuple[Rows, Numbers]:
    """Rows of the ``k`` vectors nearest to that of ``row``, and how near; none where it is 0."""
    if not norms[row]:
        return np.empty(0, dtype=np.intp), np.empty(0)
    # Row by row, so that equal vectors are equally near wherever they stand.
    products = np.einsum("ij,j->i", vectors, vectors[row], dtype=np.float64)
    others = norms > 0
    others[row] = False
    near = np.full(len(norms), -np.inf)
    near[others] = products[others] / (1.0 if by_dot else norms[others] * norms[row])
    best = _best(near, k)
    return best, near[best]


def _best(values: Numbers, k: int) -> Rows:
    """The places of the ``k`` largest, equal ones in their order, without those of -inf."""
    best: Rows = top_rows(values[None], min(k, len(values)))[0]
    return best[best >= 0]


def _shared(relations: csr_array, row: int, others: Rows, names: Names) -> list[list[str]]:
    """For each of the rows ``others``, names of the columns it has in common with ``row``: those
    of the largest sums of both.
    """
    columns, own = _entries(relations, row)
    both = csr_array(csr_array(relations[others])[:, columns])
    sums = both.data + own[both.indices]
    order = np.lexsort((columns[both.indices], -sums, entry_rows(both)))
    named = names[columns[both.indices[order]]]
    return [
        [name for name in named[start : min(end, start + _SHARED)] if name is not None]
        for start, end in zip(both.indptr[:-1].tolist(), both.indptr[1:].tolist(), strict=True)
    ]


def _entries(matrix: csr_array, row: int) -> tuple[Rows, Numbers]:
    """The columns of the entries of a row, and their values."""
    own = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[own].astype(np.intp), matrix.data[own].astype(np.float64)


def _norms(vectors: Matrix) -> Numbers:
    norms: Numbers = np.linalg.norm(vectors.astype(np.float64), axis=1)
    return norms
