"""The latest listens of each user held out, so that nothing of a user's future is learned.

A listen is as late as it was last heard: what was heard before the cut, and again after it, is
held out too, since its plays are those of both.
"""

from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import InputError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.split import Split, divide, matrix_of


def split_by_time(data: Dataset, share: float) -> Split:
    """Hold out the latest ``share`` (0 to 1, exclusive) of each user's listens, one at least.

    Listens of one time are never torn apart: the cut lies between two times, where the listens
    after it come nearest to the share without exceeding it, or else before the latest time. Tags
    that a user gave after their own cut go too. Users whose listens have one time or none learn
    with all of theirs and are not tested; of the others, listens without a time are left out. All
    of that is said. InputError where nobody's listens can be divided so. ``data`` must have been
    read with times.
    """
    if np.isnan(data.heard).all():
        raise InputError(
            "no listen in the graph has a time, so none is the latest: load a history that says "
            "when each play was (see docs/data.md), or hold out at random (--split random)"
        )
    cuts = _cuts(data, share)
    plays = data.plays.tocoo()
    cut = cuts[plays.row]
    held = data.heard > cut
    untimed = np.isnan(data.heard) & ~np.isnan(cut)
    train, test = (
        matrix_of(plays.row[part], plays.col[part], plays.data[part], plays.shape)
        for part in (~held & ~untimed, held)
    )
    late = data.tagged_on > cuts[data.taggings[:, 0]]
    notes, learned = _notes(data, cuts, untimed, late), data.heard[~held & ~untimed]
    split = divide(data, train, test, notes, late=late, heard=learned)
    if not len(split.users):
        raise InputError(
            "nobody has listens of two different times, so nobody's latest can be held out: load "
            "a longer history, or hold out at random (--split random)"
        )
    return split


def slices_by_time(data: Dataset, share: float, count: int) -> list[Split]:
    """Up to ``count`` splits, each of what the one before may learn from: ever earlier cuts.

    There are fewer where nobody's listens can be divided so often; InputError for none.
    """
    made = [split_by_time(data, share)]
    with suppress(InputError):
        while len(made) < count:
            made.append(split_by_time(made[-1].data, share))
    return made


def _cuts(data: Dataset, share: float) -> NDArray[np.float64]:
    """The last time of which each user's listens are learned, NaN for who is not tested."""
    cuts = np.full(len(data.users), np.nan)
    for user, (start, end) in enumerate(pairwise(data.plays.indptr)):
        times = data.heard[start:end]
        cuts[user] = _cut(times[~np.isnan(times)], share)
    return cuts


def _cut(times: NDArray[np.float64], share: float) -> float:
    """The time after which come the latest ``share`` of ``times``; NaN where all are one."""
    distinct, counts = np.unique(times, return_counts=True)
    if len(distinct) < 2:
        return float("nan")
    after = counts[::-1].cumsum()[::-1][1:]
    few_enough = np.flatnonzero(after <= max(round(share * len(times)), 1))
    return float(distinct[few_enough[0] if len(few_enough) else len(distinct) - 2])


def _notes(
    data: Dataset,
    cuts: NDArray[np.float64],
    untimed: NDArray[np.bool_],
    late: NDArray[np.bool_],
) -> list[str]:
    listening = np.diff(data.plays.indptr) > 0
    timed = np.bincount(data.plays.tocoo().row, ~np.isnan(data.heard), len(data.users)) > 0
    untested = listening & np.isnan(cuts)
    counted = [
        (int((untested & timed).sum()), "users have listens of one time alone: not tested"),
        (int((untested & ~timed).sum()), "users have listens without a time: not tested"),
        (int(untimed.sum()), "listens of tested users have no time: left out on both sides"),
        (int(late.sum()), "tag assignments are later than what is learned of their user: dropped"),
    ]
    return [f"{count:,} {what}" for count, what in counted if count]
