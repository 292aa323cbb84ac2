"""The three signals that the hybrid score blends, for many users at once.

Each is a matrix (users asked for, artists) of float32; the queries ``recommend`` and
``reasons`` compute the same numbers in Cypher.
"""

from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.scalings import log_user_mean
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.ranking.tag_profiles import ArtistTags, TagTaste, scaled_rows


class Signals:
    """Signals from a dataset and the vectors learned on it.

    artist_tags  the tags of its artists, where these have been computed before
    """

    def __init__(
        self, data: Dataset, vectors: Vectors, artist_tags: ArtistTags | None = None
    ) -> None:
        self._data = data
        self._vectors = vectors
        self._artist_tags = artist_tags or ArtistTags(data.tag_counts)

    def of(self, signal: str, users: Rows) -> Matrix:
        """Signal ``signal``, one of SIGNALS, for the user rows ``users``."""
        compute = {"embedding": self.embedding, "friends": self.friends, "tags": self.tags}
        return compute[signal](users)

    def embedding(self, users: Rows) -> Matrix:
        """Dot products of users' and artists' vectors."""
        product: Matrix = self._vectors.users[users] @ self._vectors.artists.T
        return product

    def friends(self, users: Rows) -> Matrix:
        """What friends' listens to an artist weigh, on average over friends of like taste.

        sum over friends v of max(0, cos(u, v)) L_va / sum over them of max(0, cos(u, v)), L
        being ``listens``; 0 for who has no friend of positive cosine.
        """
        dense: Matrix = (self.friend_shares(users) @ self.listens).astype(np.float32).toarray()
        return dense

    def tags(self, users: Rows) -> Matrix:
        """Cosine of the user's tag profile and the artist's tags."""
        return self.tag_taste.cosines(users)

    def friend_shares(self, users: Rows) -> csr_array:
        """What each friend counts in the friends signal, rows of sum 1: (len(users), users)."""
        friends = self._data.friends[users].tocoo()
        mine = unit_rows(self._vectors.users[users])
        theirs, place = np.unique(friends.col, return_inverse=True)
        unit = unit_rows(self._vectors.users[theirs])
        cosines = np.einsum("ij,ij->i", mine[friends.row], unit[place])
        near = csr_array(
            (np.maximum(cosines, 0.0), (friends.row, friends.col)), shape=friends.shape
        )
        near.eliminate_zeros()
        return scaled_rows(near, near.sum(axis=1))

    @cached_property
    def tag_taste(self) -> TagTaste:
        """Tag profiles of users, from ``listens``, and of artists."""
        return TagTaste(self.listens, self._artist_tags)

    @cached_property
    def listens(self) -> csr_array:
        """What a listen weighs, 1 on a user's average: shape (users, artists)."""
        return log_user_mean(self._data.plays)
