"""Invented graphs of which it is known what tells of a listen."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap


def graph(
    plays: NDArray[np.float64] | csr_array,
    friends: NDArray[np.float64] | None = None,
    taggings: NDArray[np.intp] | None = None,
    tags: int = 0,
) -> Dataset:
    """A dataset of ``plays`` (users, artists), friendships (users, users) and tag assignments."""
    listens = csr_array(plays).astype(np.float64)
    users, artists = listens.shape
    given = np.empty((0, 3), dtype=np.intp) if taggings is None else taggings
    counts = csr_array((np.ones(len(given)), (given[:, 1], given[:, 2])), shape=(artists, tags))
    return Dataset(
        IdMap.of(range(users)),
        IdMap.of(range(artists)),
        IdMap.of(range(tags)),
        listens,
        csr_array((users, users)) if friends is None else csr_array(friends),
        counts,
        given,
    )


def groups(users: int, artists: int, size: int, listens: int, seed: int = 0) -> NDArray[np.float64]:
    """Plays of users who listen to ``listens`` artists of their group's ``size``, and no others."""
    rng = np.random.default_rng(seed)
    plays = np.zeros((users, artists))
    for user in range(users):
        own = (user * size) % artists + rng.choice(size, size=listens, replace=False)
        plays[user, own % artists] = rng.integers(1, 100, size=listens)
    return plays


def low_rank(users: int, artists: int, rank: int, listens: int) -> NDArray[np.float64]:
    """Plays of the ``listens`` artists that each user likes best by vectors of length ``rank``."""
    rng = np.random.default_rng(0)
    liked = rng.standard_normal((users, rank)) @ rng.standard_normal((rank, artists))
    liked += 0.5 * rng.gumbel(size=liked.shape)
    plays = np.zeros_like(liked)
    np.put_along_axis(plays, np.argsort(-liked, axis=1)[:, :listens], 1.0, axis=1)
    return plays


def noise(users: int, artists: int, share: float, seed: int = 0) -> NDArray[np.float64]:
    """Plays that nothing tells of."""
    rng = np.random.default_rng(seed)
    return (rng.random((users, artists)) < share).astype(np.float64)


def couples(users: int) -> NDArray[np.float64]:
    """Friendships of each user with one other."""
    friends = np.zeros((users, users))
    friends[np.arange(users), np.arange(users) ^ 1] = 1.0
    return friends
