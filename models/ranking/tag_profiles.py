"""Users and artists by their tags: profiles whose cosine says how alike they are."""

from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, diags_array

from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.vectors import Matrix


class ArtistTags:
    """The tags of artists, as unit vectors.

    tag_counts  (artists, tags)  how many users gave the artist the tag
    """

    def __init__(self, tag_counts: csr_array) -> None:
        self._tag_counts = tag_counts

    @cached_property
    def artists(self) -> csr_array:
        """The vectors, shape (artists, tags)."""
        return artist_tags(self._tag_counts)

    @cached_property
    def carriers(self) -> csr_array:
        """Artists by their tags, shape (tags, artists): the tags of a block are rows of it."""
        return csr_array(self.artists.T)


class TagTaste:
    """Tag profiles of users and artists.

    An artist's is ln(1 + count) * idf of each tag, as a vector of length 1, with
    idf = ln(artists / artists that have the tag); a user's is the sum of those of what the user
    listens to, each times what the listen weighs. So every listen has its say, however many
    tags its artist carries.

    listens  (users, artists)  what each listen weighs
    tags     what the artists carry
    """

    def __init__(self, listens: csr_array, tags: ArtistTags) -> None:
        self._listens = listens
        self.tags = tags

    def cosines(self, users: Rows) -> Matrix:
        """Cosine of the users' profiles and the artists' tags, shape (len(users), artists)."""
        profiles = self.profiles(users)
        used = np.unique(profiles.indices)
        dense = profiles[:, used].toarray().astype(np.float32)
        product: Matrix = np.ascontiguousarray((self.tags.carriers[used].T @ dense.T).T)
        return product

    def profiles(self, users: Rows) -> csr_array:
        """The users' profiles as unit vectors, shape (len(users), tags).

        Of many users they take far more room than listens and tags together, so that nothing
        holds them but for a block.
        """
        profiles = csr_array(self._listens[users] @ self.artists)
        return scaled_rows(profiles, _norms(profiles))

    @property
    def artists(self) -> csr_array:
        """Artists' tags as unit vectors, shape (artists, tags)."""
        return self.tags.artists


def artist_tags(tag_counts: csr_array) -> csr_array:
    """Rows of ``tag_counts`` (artists, tags) as ln(1 + count) * idf, of length 1, float32."""
    artists = np.bincount(tag_counts.indices, minlength=tag_counts.shape[1])
    idf = np.log(tag_counts.shape[0] / np.maximum(artists, 1))
    weights = csr_array(tag_counts.log1p() @ diags_array(idf))
    return scaled_rows(weights, _norms(weights)).astype(np.float32)


def scaled_rows(matrix: csr_array, totals: ArrayLike) -> csr_array:
    """Rows divided by ``totals``; a row whose total is 0 stays as it is."""
    sums = np.asarray(totals, dtype=np.float64).ravel()
    return csr_array(diags_array(1.0 / np.where(sums > 0, sums, 1.0)) @ matrix)


def _norms(matrix: csr_array) -> ArrayLike:
    norms: ArrayLike = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    return norms
