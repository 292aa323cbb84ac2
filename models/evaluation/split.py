"""Listens to learn from and listens to be found, without a way from the second to the first.

A tag that a user gave an artist tells of the listen, so the tag assignments of held-out pairs
go before anything is counted from tags. Listeners, popularity and every other count are those
of the training listens, since a ``Dataset`` counts what it holds.
"""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, PLAYS, USER
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.sparse_rows import entry_rows

# Pairs that an error shows.
_SHOWN = 3


@dataclass(frozen=True)
class Split:
    """One division of the listens.

    data   what a model may see, the tag assignments that are left included
    held   (users, artists)  1 for a held-out listen, of users who have training listens
    notes  sentences on what was dropped, and why
    """

    data: Dataset
    held: csr_array
    notes: list[str] = field(default_factory=list)

    @property
    def users(self) -> NDArray[np.intp]:
        """Rows of the users who are tested: those with a held-out listen."""
        return np.flatnonzero(np.diff(self.held.indptr))

    def of_users(self, chosen: NDArray[np.bool_]) -> "Split":
        """The same with the held-out listens of the users ``chosen`` (users,) alone."""
        entries = self.held.tocoo()
        kept = chosen[entries.row]
        held = matrix_of(entries.row[kept], entries.col[kept], entries.data[kept], self.held.shape)
        return replace(self, held=held)

    @cached_property
    def fingerprint(self) -> str:
        """A mark of all that is in it."""
        mark = hashlib.sha256(self.data.fingerprint.encode())
        for array in (self.held.data, self.held.indices, self.held.indptr):
            mark.update(np.ascontiguousarray(array).tobytes())
        return mark.hexdigest()


def split_at_random(data: Dataset, share: float, seed: int) -> Split:
    """Hold out ``share`` (0 to 1, exclusive) of all listens, drawn without replacement.

    A user keeps at least one listen. InputError where that leaves none to hold out.
    """
    plays = data.plays.tocoo()
    order = np.random.default_rng(seed).permutation(plays.nnz)
    held = np.zeros(plays.nnz, dtype=bool)
    held[order[: round(share * plays.nnz)]] = True
    left = np.bincount(plays.row[~held], minlength=plays.shape[0])
    # The listen of a user who would be left with nothing that comes last in the draw stays.
    for entry in order[::-1]:
        if held[entry] and not left[plays.row[entry]]:
            held[entry], left[plays.row[entry]] = False, 1
    if not held.any():
        raise InputError(
            f"a share of {share:g} of {plays.nnz:,} listens holds out none, since every user keeps "
            "one: load more, or hold out more"
        )
    return hold_out(data, held)


def hide_listens(data: Dataset, users: NDArray[np.intp]) -> Split:
    """Hold out all that the rows ``users`` listen to, with the tags that they gave it."""
    return hold_out(data, np.isin(data.plays.tocoo().row, users))


def split_by_pairs(data: Dataset, train: pd.DataFrame, test: pd.DataFrame) -> Split:
    """Learn from the listens of ``train`` (user, artist, plays), hold out ``test`` (user, artist).

    Ids are compared as text. What names users or artists that are not in the graph, and test
    pairs of users without a training listen, is left out and counted in the notes. InputError
    for a pair that is on both sides, or where nothing is left to learn from or to find.
    """
    shared = train.merge(test, on=[USER, ARTIST])
    if len(shared):
        pairs = ", ".join(
            f"user {user} and artist {artist}"
            for user, artist in shared[[USER, ARTIST]].head(_SHOWN).itertuples(index=False)
        )
        raise InputError(
            f"train and test share {len(shared):,} pairs (first: {pairs}), so the test would "
            "measure what was learned by heart: take them out of one of the two"
        )
    notes: list[str] = []
    shape = (len(data.users), len(data.artists))
    train_rows, missing = _known(train, data)
    notes += _left_out("training", missing, "name users or artists that are not in the graph")
    learned = matrix_of(
        train_rows[USER], train_rows[ARTIST], train_rows[PLAYS].to_numpy(dtype=float), shape
    )
    test_rows, missing = _known(test, data)
    notes += _left_out("test", missing, "name users or artists that are not in the graph")
    taught = np.diff(learned.indptr)[test_rows[USER]] > 0
    notes += _left_out("test", int((~taught).sum()), "are of users without a training listen")
    tested = test_rows[taught]
    if not learned.nnz or tested.empty:
        which = "train" if not learned.nnz else "test"
        raise InputError(
            f"no pair of {which} is left: its ids are not those of the graph. Load the data that "
            "the files were split from, or name the right files"
        )
    held = matrix_of(tested[USER], tested[ARTIST], np.ones(len(tested)), shape)
    return divide(data, learned, held, notes, heard=_heard_of(data, learned))


def hold_out(data: Dataset, held: NDArray[np.bool_]) -> Split:
    """Hold out the listens ``held`` (listens,), in the order of ``tocoo``, and their tags."""
    plays = data.plays.tocoo()
    train, test = (
        matrix_of(plays.row[part], plays.col[part], plays.data[part], plays.shape)
        for part in (~held, held)
    )
    return divide(data, train, test, [], heard=data.heard[~held] if len(data.heard) else None)


def divide(
    data: Dataset,
    train: csr_array,
    held: csr_array,
    notes: list[str],
    *,
    late: NDArray[np.bool_] | None = None,
    heard: NDArray[np.float64] | None = None,
) -> Split:
    """Build the data that a model may see from what is not held out.

    ``late`` (assignments,) are tag assignments that it may not see for another reason, which
    ``notes`` give. ``heard`` is when each listen of ``train`` was last heard, where that is known.
    """
    taggings, artists = data.taggings, len(data.artists)
    secret = entry_rows(held) * artists + held.indices
    leaking = np.isin(taggings[:, 0] * artists + taggings[:, 1], secret)
    left = ~(leaking if late is None else leaking | late)
    kept = taggings[left]
    tag_counts = matrix_of(kept[:, 1], kept[:, 2], np.ones(len(kept)), (artists, len(data.tags)))
    held = csr_array((np.ones(held.nnz), held.indices, held.indptr), shape=held.shape)
    dropped = f"{int(leaking.sum()):,} of {len(taggings):,} tag assignments are of held-out pairs"
    return Split(
        replace(
            data,
            plays=train,
            tag_counts=tag_counts,
            taggings=kept,
            heard=np.empty(0) if heard is None else heard,
            tagged_on=data.tagged_on[left] if len(data.tagged_on) else data.tagged_on,
        ),
        held,
        [*notes, f"{dropped}: dropped before tags are counted"] if leaking.any() else notes,
    )


def _heard_of(data: Dataset, listens: csr_array) -> NDArray[np.float64] | None:
    """When each of ``listens`` (users, artists) was last heard by ``data``; NaN for what is no
    listen there, None where times were not read.
    """
    if not len(data.heard):
        return None
    known, wanted = (
        entry_rows(matrix) * matrix.shape[1] + matrix.indices for matrix in (data.plays, listens)
    )
    places = pd.Index(known).get_indexer(pd.Index(wanted))
    return np.where(places >= 0, data.heard[places], np.nan)


def _known(pairs: pd.DataFrame, data: Dataset) -> tuple[pd.DataFrame, int]:
    """``pairs`` as rows of the data, and how many are of nobody or nothing there."""
    rows = pairs.assign(
        **{
            USER: _rows_of_text(data.users, pairs[USER]),
            ARTIST: _rows_of_text(data.artists, pairs[ARTIST]),
        }
    )
    known = (rows[USER] >= 0) & (rows[ARTIST] >= 0)
    return rows[known], int((~known).sum())


def _rows_of_text(ids: IdMap, texts: pd.Series) -> NDArray[np.intp]:
    found = pd.Index([str(id_) for id_ in ids.ids]).get_indexer(pd.Index(texts))
    return np.asarray(found, dtype=np.intp)


def _left_out(what: str, count: int, why: str) -> list[str]:
    return [f"{count:,} {what} pairs {why}: left out"] if count else []


def matrix_of(
    rows: ArrayLike,
    columns: ArrayLike,
    values: NDArray[np.float64],
    shape: tuple[int, int],
) -> csr_array:
    """``values`` in their ``rows`` and ``columns``."""
    return csr_array((values, (np.asarray(rows), np.asarray(columns))), shape=shape)
