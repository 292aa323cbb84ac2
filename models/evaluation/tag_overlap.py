"""Tag overlap as relevance: precision@k without held-out listens, beside what chance gives.

A subject, an artist or a user, has tags, each used a number of times. To the subject an artist
is relevant

- in the lenient form, if it carries at least one of the subject's tags;
- in the strict form, if at least half of its five most used tags (of all, where it has fewer)
  are among the subject's ten most used.

Equally used tags go by id. An artist without tags is never relevant. Subjects come as a matrix
(subjects, tags) of uses, lists of artists as rows (subjects, k) that end in -1 where there are
fewer, and candidates, the artists that a list could have held, as a mask (subjects, artists).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.models.data.id_map import Rows
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.ranking.top_k import top_rows
from tastegraph.runtime.progress import Progress, silent

OF_AN_ARTIST = 5
"""Most used tags of an artist that the strict form looks at."""

OF_A_SUBJECT = 10
"""Most used tags of the subject among which they have to be."""

MEASURES = ("precision", "strict", "random", "random_strict", "popular", "popular_strict")

Lists = NDArray[np.intp]
Mask = NDArray[np.bool_]

# Subjects that are compared with all artists at once.
_BLOCK = 256


class TagOverlap:
    """Which artists are relevant, from ``tag_counts`` (artists, tags): uses of artists' tags."""

    def __init__(self, tag_counts: csr_array) -> None:
        self._carried = most_used(tag_counts, tag_counts.shape[1])
        self._main = most_used(tag_counts, OF_AN_ARTIST)
        self._half = np.diff(self._main.indptr) / 2

    def lenient(self, subjects: csr_array) -> Mask:
        """Whether each artist carries a tag of the subject, shape (subjects, artists)."""
        return _common(most_used(subjects, subjects.shape[1]), self._carried) > 0

    def strict(self, subjects: csr_array) -> Mask:
        """Whether each artist's main tags are the subject's, shape (subjects, artists)."""
        common = _common(most_used(subjects, OF_A_SUBJECT), self._main)
        return (common >= self._half) & (common > 0)

    def measures(
        self,
        subjects: csr_array,
        lists: Lists,
        candidates: Mask,
        listeners: NDArray[np.intp],
        progress: Progress = silent,
    ) -> pd.DataFrame:
        """Both forms of precision of each subject's list, and of lists made by chance.

        One row a subject, columns MEASURES: precision and strict of ``lists``; random, what a
        list drawn from the candidates has on average, which is their relevant share; popular,
        that of the candidates with most ``listeners`` (artists,), as many as a list may hold,
        equal ones by id. NaN where the list or the candidates are empty.
        """
        blocks = [self._block(subjects[:0], lists[:0], candidates[:0], listeners)]
        with progress("comparing tags", len(lists)) as advance:
            for start in range(0, len(lists), _BLOCK):
                part = slice(start, start + _BLOCK)
                blocks.append(self._block(subjects[part], lists[part], candidates[part], listeners))
                advance(len(lists[part]))
        return pd.concat([block for block in blocks if len(block)] or blocks, ignore_index=True)

    def _block(
        self, subjects: csr_array, lists: Lists, candidates: Mask, listeners: NDArray[np.intp]
    ) -> pd.DataFrame:
        order = np.where(candidates, listeners, -np.inf).astype(np.float32)
        popular = top_rows(order, lists.shape[1])
        relevant = {"": self.lenient(subjects), "_strict": self.strict(subjects)}
        found = {}
        for form, mask in relevant.items():
            found[f"own{form}"] = precision(mask, lists)
            found[f"random{form}"] = _shares((mask & candidates).sum(1), candidates.sum(1))
            found[f"popular{form}"] = precision(mask, popular)
        frame = pd.DataFrame(found).rename(columns={"own": "precision", "own_strict": "strict"})
        return frame[list(MEASURES)]


def precision(relevant: Mask, lists: Lists) -> NDArray[np.float64]:
    """Share of each list that ``relevant`` (subjects, artists) holds; NaN for an empty list."""
    listed = lists >= 0
    hits = np.take_along_axis(relevant, np.maximum(lists, 0), axis=1) & listed
    return _shares(hits.sum(axis=1), listed.sum(axis=1))


def neighbour_candidates(
    vectors: Matrix, artists: Rows, listeners: NDArray[np.intp], least: int
) -> Mask:
    """What may be a neighbour of each of ``artists``: shape (len(artists), all artists).

    Others that have a vector and ``least`` listeners or more.
    """
    usable = np.any(vectors, axis=1) & (listeners >= least)
    mask = np.tile(usable, (len(artists), 1))
    mask[np.arange(len(artists)), artists] = False
    return mask


def nearest(vectors: Matrix, artists: Rows, candidates: Mask, k: int) -> Lists:
    """The ``k`` candidates nearest to each of ``artists`` by cosine, equal ones by id.

    ``vectors`` (all artists, d) are the artists'; the result has shape (len(artists), k).
    """
    unit = unit_rows(vectors)
    cosines = np.where(candidates, unit[artists] @ unit.T, -np.inf)
    return top_rows(cosines.astype(np.float32), k)


def most_used(uses: csr_array, most: int) -> csr_array:
    """Ones at the ``most`` most used tags of each row of ``uses``, equally used ones by column."""
    entries = uses.tocoo()
    used = entries.data > 0
    row, tag, times = entries.row[used], entries.col[used], entries.data[used]
    order = np.lexsort((tag, -times, row))
    row, tag = row[order], tag[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    kept = place < most
    ones = np.ones(np.count_nonzero(kept), dtype=np.float32)
    return csr_array((ones, (row[kept], tag[kept])), shape=uses.shape)


def _common(subjects: csr_array, artists: csr_array) -> Matrix:
    """How many tags each subject and each artist have in common, shape (subjects, artists)."""
    common: Matrix = (subjects @ artists.T).toarray()
    return common


def _shares(parts: NDArray[np.intp], wholes: NDArray[np.intp]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = np.full(len(parts), np.nan)
    np.divide(parts, wholes, out=shares, where=wholes > 0)
    return shares
