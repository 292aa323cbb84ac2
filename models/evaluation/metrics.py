"""Ranked lists against held-out listens.

A list is the first k artists of a ranking of all artists but the user's own, as artist rows;
one shorter than k ends in -1. T_u are the user's held-out listens and a hit is a listed artist
among them. Every measure takes the lists ``top`` (users, k) and the held-out listens ``held``
(users, artists), and gives one value for each user with at least one, in the order of the
users: their mean is the model's figure. Nobody with any gives an empty array.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Top = NDArray[np.intp]
PerUser = NDArray[np.float64]


def precision(top: Top, held: csr_array) -> PerUser:
    """Hits / k."""
    hits, _ = _tested(top, held)
    return np.asarray(hits.mean(axis=1))


def recall(top: Top, held: csr_array) -> PerUser:
    """Hits / |T_u|."""
    hits, sizes = _tested(top, held)
    return np.asarray(hits.sum(axis=1) / sizes)


def ndcg(top: Top, held: csr_array) -> PerUser:
    """Sum over hits at rank r of 1 / log2(r + 1), over the same sum for ranks 1..min(k, |T_u|).

    Binary relevance; Jarvelin and Kekalainen 2002.
    """
    hits, sizes = _tested(top, held)
    discounts = 1.0 / np.log2(np.arange(2, top.shape[1] + 2))
    best = np.cumsum(discounts)[np.minimum(sizes, top.shape[1]) - 1]
    return np.asarray(hits @ discounts / best)


def _tested(top: Top, held: csr_array) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which listed artists are hits, and |T_u|, for users with held-out listens."""
    sizes = np.diff(held.indptr)
    users = np.flatnonzero(sizes)
    artists = held.shape[1]
    pairs = np.repeat(np.arange(len(sizes)), sizes) * artists + held.indices
    wanted = users[:, None] * artists + top[users]
    return np.isin(wanted, pairs) & (top[users] >= 0), sizes[users]
