"""What models learn from: the graph as sparse matrices and id maps."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from tastegraph.models.data.id_map import IdMap


@dataclass(frozen=True)
class Dataset:
    """The graph in matrices; rows and columns follow the id maps.

    plays       (users, artists)  number of plays, 0 where there is no listen
    friends     (users, users)    1 where two users are friends, symmetric, zero diagonal
    tag_counts  (artists, tags)   how many users gave the artist the tag
    """

    users: IdMap
    artists: IdMap
    tags: IdMap
    plays: csr_array
    friends: csr_array
    tag_counts: csr_array

    @cached_property
    def listeners(self) -> np.ndarray:
        """Number of users who listen to each artist, shape (artists,)."""
        return np.bincount(self.plays.indices, minlength=len(self.artists))
