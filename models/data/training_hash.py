"""Hashes of what a training learned of each user and artist, to see later what has changed."""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import Id
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.sparse_rows import entry_rows

TrainingHashes = NDArray[np.int64]
_Words = NDArray[np.uint64]

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")

# Odd numbers of 64 random bits.
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


def training_hashes(data: Dataset) -> tuple[TrainingHashes, TrainingHashes]:
    """One number a user, of their listens and friends, and one an artist, of listens and tags.

    Shapes (users,) and (artists,). A hash is 0 for whom has nothing; it depends on ids and
    values, not on their order, nor on who else is in the graph. Where ``data`` was read with
    times, it depends on when each listen was last heard, too; a listen without a time adds
    nothing to that.
    """
    users, artists, tags = (_hashed(ids) for ids in (data.users, data.artists, data.tags))
    own = _sums(data.plays, artists) + _sums(data.friends, users * _FIRST)
    carried = _sums(csr_array(data.plays.T), users) + _sums(data.tag_counts, tags * _FIRST)
    if len(data.heard):
        heard = _timed(data)
        own += _sums(heard, artists * _SECOND)
        carried += _sums(csr_array(heard.T), users * _SECOND)
    return own.view(np.int64), carried.view(np.int64)


def _timed(data: Dataset) -> csr_array:
    """When each listen that has a time was last heard, shape (users, artists)."""
    known = ~np.isnan(data.heard)
    entries = (data.heard[known], (entry_rows(data.plays)[known], data.plays.indices[known]))
    return csr_array(entries, shape=data.plays.shape)


def newcomer_hash(artists: Sequence[Id], friends: Sequence[Id]) -> int:
    """The hash of a user with one play of each of ``artists``, and ``friends``."""
    heard, known = IdMap.of(artists), IdMap.of(friends)
    plays, befriended = (
        _sums(csr_array(np.ones((1, len(ids)))), _hashed(ids) * factor)
        for ids, factor in ((heard, np.uint64(1)), (known, _FIRST))
    )
    return int((plays + befriended).view(np.int64)[0])


def _hashed(ids: IdMap) -> _Words:
    """One number an id (n,): that of a whole number is the same where the graph has it as text."""
    texts = np.asarray([str(id_) for id_ in ids.ids], dtype=object)
    hashed = np.asarray(pd.util.hash_array(texts), dtype=np.uint64)
    whole = np.asarray([_WHOLE.fullmatch(text) is not None for text in texts], dtype=bool)
    numbers = np.asarray([int(text) for text in texts[whole]], dtype=np.int64)
    hashed[whole] = pd.util.hash_array(numbers)
    return hashed


def _sums(matrix: csr_array, columns: _Words) -> _Words:
    """A number for each row: the sum over its entries of their column's and value's mixture."""
    values = np.ascontiguousarray(matrix.data, dtype=np.float64).view(np.uint64)
    mixed = (columns[matrix.indices] ^ (values * _FIRST)) * _SECOND
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _FIRST
    sums = np.zeros(matrix.shape[0], dtype=np.uint64)
    np.add.at(sums, entry_rows(matrix), mixed)
    return sums
