"""Friendships: how many, in which groups, and whether friends share taste."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from tastegraph.models.data.dataset import Dataset

FRIENDS = "friends"
USERS = "users"

# Times that users are drawn anew for the interval.
_DRAWS = 1_000


def degrees(data: Dataset) -> NDArray[np.int64]:
    """Friends of each user row."""
    return np.diff(data.friends.indptr).astype(np.int64)


def degree_distribution(data: Dataset) -> pd.DataFrame:
    """Columns friends, users: how many users have so many friends, ascending."""
    friends, users = np.unique(degrees(data), return_counts=True)
    return pd.DataFrame({FRIENDS: friends, USERS: users})


def component_sizes(data: Dataset) -> NDArray[np.int64]:
    """Sizes of the groups that friendships connect, largest first; the friendless are groups
    of one.
    """
    _, labels = connected_components(data.friends, directed=False)
    return np.sort(np.bincount(labels))[::-1].astype(np.int64)


def clustering(data: Dataset) -> tuple[float, float]:
    """Mean local clustering and transitivity, each from 0 to 1.

    Local: the share of pairs of a user's friends who are friends themselves, 0 for users with
    fewer than two; transitivity: the same share over all users' pairs together.
    """
    friends = csr_array(data.friends.astype(np.float64))
    closed = np.asarray((friends @ friends).multiply(friends).sum(axis=1)).ravel()
    degree = degrees(data).astype(np.float64)
    pairs = degree * (degree - 1)
    local = np.divide(closed, pairs, out=np.zeros_like(closed), where=pairs > 0)
    return float(local.mean()), float(closed.sum() / max(pairs.sum(), 1.0))


def shared_with(data: Dataset) -> pd.DataFrame:
    """Columns friends, strangers: mean number of artists that a user shares with one of them.

    One row a user with listens who has both friends and strangers; exact, over all of both.
    """
    plays = data.plays
    listens = csr_array((np.ones(plays.nnz), plays.indices, plays.indptr), shape=plays.shape)
    own = np.diff(plays.indptr)
    friends = data.friends.tocoo()
    with_friends = np.bincount(
        friends.row,
        np.asarray(listens[friends.row].multiply(listens[friends.col]).sum(axis=1)).ravel(),
        minlength=len(own),
    )
    with_all = listens @ np.asarray(data.listeners, dtype=np.float64)
    degree = degrees(data)
    strangers = len(own) - 1 - degree
    used = (own > 0) & (degree > 0) & (strangers > 0)
    return pd.DataFrame(
        {
            "friends": with_friends[used] / degree[used],
            "strangers": (with_all - own - with_friends)[used] / strangers[used],
        }
    )


def taste_assortativity(shared: pd.DataFrame, seed: int = 0) -> dict[str, float]:
    """Means over the users of ``shared_with``, their difference, and its 95 % interval.

    Keys friends, strangers, difference, low, high. The interval is the percentile bootstrap over
    users, ``seed`` deciding the draws.
    """
    differences = (shared["friends"] - shared["strangers"]).to_numpy()
    draws = np.random.default_rng(seed).integers(len(shared), size=(_DRAWS, len(shared)))
    low, high = np.percentile(differences[draws].mean(axis=1), [2.5, 97.5])
    return {
        "friends": float(shared["friends"].mean()),
        "strangers": float(shared["strangers"].mean()),
        "difference": float(differences.mean()),
        "low": float(low),
        "high": float(high),
    }
