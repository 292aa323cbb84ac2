"""Ranked lists against held-out listens.

A list is the first k artists of a ranking of all artists but the user's own, as artist rows;
one shorter than k ends in -1. T_u are the user's held-out listens and a hit is a listed artist
among them. ``top`` (users, k) and ``held`` (users, artists) have the same users, each with at
least one held-out listen; a measure gives one value a user, and their mean is the model's
figure. Nobody at all gives an empty array.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.sparse_rows import entry_rows

Top = NDArray[np.intp]
PerUser = NDArray[np.float64]


def hits(top: Top, held: csr_array) -> NDArray[np.bool_]:
    """Which listed artists are hits, shape (users, k)."""
    users, artists = held.shape
    pairs = entry_rows(held) * artists + held.indices
    wanted = np.arange(users)[:, None] * artists + top
    found: NDArray[np.bool_] = np.isin(wanted, pairs) & (top >= 0)
    return found


def precision(top: Top, held: csr_array) -> PerUser:
    """Hits / k."""
    return np.asarray(hits(top, held).mean(axis=1))


def recall(top: Top, held: csr_array) -> PerUser:
    """Hits / |T_u|."""
    return np.asarray(hits(top, held).sum(axis=1) / _sizes(held))


def ndcg(top: Top, held: csr_array) -> PerUser:
    """Sum over hits at rank r of 1 / log2(r + 1), over the same sum for ranks 1..min(k, |T_u|).

    Binary relevance; Jarvelin and Kekalainen 2002.
    """
    k = top.shape[1]
    return np.asarray(hits(top, held) @ discounts(k) / ideal_gain(_sizes(held), k))


def discounts(k: int) -> NDArray[np.float64]:
    """1 / log2(r + 1) of the ranks r = 1..k, (k,)."""
    found: NDArray[np.float64] = 1.0 / np.log2(np.arange(2, k + 2))
    return found


def ideal_gain(sizes: NDArray[Any], k: int) -> NDArray[np.float64]:
    """The most that a list of k can gain of each user, who has so many of ``sizes`` to find."""
    best: NDArray[np.float64] = np.cumsum(discounts(k))[np.minimum(sizes, k) - 1]
    return best


def average_precision(top: Top, held: csr_array) -> PerUser:
    """Sum over hits at rank r of the precision of the first r, over min(k, |T_u|)."""
    found, k = hits(top, held), top.shape[1]
    precisions = np.cumsum(found, axis=1) / np.arange(1, k + 1)
    return np.asarray((precisions * found).sum(axis=1) / np.minimum(_sizes(held), k))


def reciprocal_rank(top: Top, held: csr_array) -> PerUser:
    """1 / rank of the first hit, 0 without one (its mean is MRR; Voorhees 1999)."""
    found = hits(top, held)
    first = found.argmax(axis=1)
    return np.asarray(np.where(found.any(axis=1), 1.0 / (first + 1), 0.0))


ACCURACY: dict[str, Callable[[Top, csr_array], PerUser]] = {
    "precision": precision,
    "recall": recall,
    "ndcg": ndcg,
    "map": average_precision,
    "mrr": reciprocal_rank,
}


def coverage(top: Top, artists: int) -> float:
    """Share of all artists that are recommended to anybody."""
    return len(np.unique(top[top >= 0])) / artists


def novelty(top: Top, listeners: NDArray[np.float64], users: int) -> PerUser:
    """Mean over the list of -log2(share of the training users who listen to the artist).

    ``listeners`` (artists,) of ``users`` in train; an artist nobody hears counts one listener.
    An empty list gives NaN. Self-information as in Zhou et al. 2010.
    """
    surprise = -np.log2(np.maximum(listeners, 1.0) / users)
    listed = top >= 0
    return _mean(np.where(listed, surprise[top], 0.0).sum(axis=1), listed.sum(axis=1))


def diversity(top: Top, artist_tags: csr_array) -> PerUser:
    """1 - mean cosine of the tags of two artists in the list, over all pairs.

    ``artist_tags`` (artists, tags) has unit rows, or empty ones: an artist without tags is like
    no other. A list of fewer than two gives NaN. Intra-list diversity of Ziegler et al. 2005.
    """
    users, k = top.shape
    listed = top >= 0
    place = (np.repeat(np.arange(users), k)[listed.ravel()], top[listed])
    lists = csr_array((np.ones(len(place[0])), place), shape=(users, artist_tags.shape[0]))
    sums = csr_array(lists @ artist_tags)
    own = np.asarray(artist_tags.multiply(artist_tags).sum(axis=1)).ravel()
    twice = np.asarray(sums.multiply(sums).sum(axis=1)).ravel() - lists @ own
    sizes = listed.sum(axis=1)
    return 1.0 - _mean(twice, sizes * (sizes - 1))


def _sizes(held: csr_array) -> NDArray[np.intp]:
    return np.diff(held.indptr)


def _mean(sums: NDArray[np.float64], counts: NDArray[np.intp]) -> PerUser:
    means: PerUser = np.full(len(sums), np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means
