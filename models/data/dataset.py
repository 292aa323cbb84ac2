"""What models learn from: the graph as sparse matrices and id maps."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.id_map import IdMap


@dataclass(frozen=True)
class Dataset:
    """The graph in matrices; rows and columns follow the id maps.

    plays       (users, artists)   number of plays, 0 where there is no listen
    friends     (users, users)     1 where two users are friends, symmetric, zero diagonal
    tag_counts  (artists, tags)    how many users gave the artist the tag
    taggings    (assignments, 3)   user, artist and tag row of each tag assignment; nobody can
                                   hold listens out without leaks where these were not read
    heard       (listens,)         when each listen was last heard, in the order of ``plays``, and
    tagged_on   (assignments,)     the day of each tag assignment: seconds since 1970, NaN where
                                   unknown; both are empty where times were not read
    """

    users: IdMap
    artists: IdMap
    tags: IdMap
    plays: csr_array
    friends: csr_array
    tag_counts: csr_array
    taggings: NDArray[np.intp] = field(default_factory=lambda: np.empty((0, 3), dtype=np.intp))
    heard: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    tagged_on: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @cached_property
    def listeners(self) -> np.ndarray:
        """Number of users who listen to each artist, shape (artists,)."""
        return np.bincount(self.plays.indices, minlength=len(self.artists))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all that is in it, ids included."""
        ids = [list(map(str, each.ids)) for each in (self.users, self.artists, self.tags)]
        digest = hashlib.sha256(json.dumps(ids).encode())
        for matrix in (self.plays, self.friends, self.tag_counts):
            for array in (matrix.data, matrix.indices, matrix.indptr):
                digest.update(np.ascontiguousarray(array).tobytes())
        for array in (self.taggings, self.heard, self.tagged_on):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def tagging_rows(
    ids: tuple[IdMap, IdMap, IdMap], users: object, artists: object, tags: object
) -> NDArray[np.intp]:
    """Rows of tag assignments in the ``ids`` of users, artists and tags, shape (assignments, 3)."""
    columns = [
        each.rows(given)  # type: ignore[arg-type]
        for each, given in zip(ids, (users, artists, tags), strict=True)
    ]
    return np.column_stack(columns)
