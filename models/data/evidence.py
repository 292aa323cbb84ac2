"""All that is known before anything is held out, from the graph or from frames."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, FRIEND, PLAYS, TAG, USER, GraphFrames
from tastegraph.graph.schema import TAGGED
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.storage.read_graph import read_dataset
from tastegraph.runtime.progress import Progress, silent


@dataclass(frozen=True)
class Evidence:
    """Everything, tag assignments by who made them included.

    data      listens, friendships and tag counts of everybody
    taggings  (assignments, 3)  user, artist and tag row of each
    """

    data: Dataset
    taggings: NDArray[np.intp]

    @cached_property
    def fingerprint(self) -> str:
        """A mark of all that is in it."""
        data = self.data
        ids = [list(map(str, each.ids)) for each in (data.users, data.artists, data.tags)]
        mark = hashlib.sha256(json.dumps(ids).encode())
        for matrix in (data.plays, data.friends, data.tag_counts):
            for array in (matrix.data, matrix.indices, matrix.indptr):
                mark.update(np.ascontiguousarray(array).tobytes())
        mark.update(np.ascontiguousarray(self.taggings).tobytes())
        return mark.hexdigest()


def read_evidence(store: GraphStore, progress: Progress = silent) -> Evidence:
    """All of the graph in ``store``."""
    data = read_dataset(store, progress)
    with progress("reading tag assignments", 1) as advance:
        found = [
            (user, artist, tag) for user, artist, tags, _ in store.read_all(TAGGED) for tag in tags
        ]
        advance(1)
    return Evidence(data, _rows(data, *(zip(*found, strict=True) if found else ((), (), ()))))


def evidence_in(frames: GraphFrames) -> Evidence:
    """All of ``frames``, without a store."""
    users, artists, tags = (
        IdMap.of(table[column].tolist())
        for table, column in ((frames.users, USER), (frames.artists, ARTIST), (frames.tags, TAG))
    )
    listens, friends, taggings = frames.listens, frames.friendships, frames.taggings
    one_way = csr_array(
        (np.ones(len(friends)), (users.rows(friends[USER]), users.rows(friends[FRIEND]))),
        shape=(len(users), len(users)),
    )
    plays = csr_array(
        (
            listens[PLAYS].to_numpy(dtype=np.float64),
            (users.rows(listens[USER]), artists.rows(listens[ARTIST])),
        ),
        shape=(len(users), len(artists)),
    )
    given = (artists.rows(taggings[ARTIST]), tags.rows(taggings[TAG]))
    tag_counts = csr_array((np.ones(len(taggings)), given), shape=(len(artists), len(tags)))
    data = Dataset(users, artists, tags, plays, csr_array(one_way + one_way.T), tag_counts)
    return Evidence(data, _rows(data, taggings[USER], taggings[ARTIST], taggings[TAG]))


def _rows(data: Dataset, users: object, artists: object, tags: object) -> NDArray[np.intp]:
    maps = (data.users, data.artists, data.tags)
    columns = [
        ids.rows(given)  # type: ignore[arg-type]
        for ids, given in zip(maps, (users, artists, tags), strict=True)
    ]
    return np.column_stack(columns)
