"""Two slices of the listens: one to choose by, one to report on what was chosen.

Both are held out from the same training part, from different users, so that one model is fitted
for both, and what is reported was not looked at before the choice was made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tastegraph.errors import InputError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.split import Split, hold_out

SHARE = 0.2
"""Share of a tested user's listens that is held out; one at least, and one is left."""

REPORTED = 1 / 3
"""Share of the tested users on whom what was chosen is reported."""

MOST = 2_000
"""Users who are tested at most, of both slices together."""

FEW = 2_500
"""Held-out listens by whose users shares of signals and models are chosen, which takes all scores
of each user: 250 users of fifty listens each, or many more of a few."""


@dataclass(frozen=True)
class Division:
    """The same training part with two sets of held-out listens.

    choosing  by which settings are chosen
    reported  on which the chosen ones are measured; it may have nobody
    """

    choosing: Split
    reported: Split


def divide(data: Dataset, seed: int, most: int = MOST) -> Division:
    """Hold out a part of what up to ``most`` users listen to.

    InputError where nobody has two listens, so that nobody is left to test.
    """
    plays = data.plays
    heard = np.bincount(_listeners(data), minlength=plays.shape[0])
    rng = np.random.default_rng(seed)
    tested = rng.permutation(np.flatnonzero(heard > 1))[:most]
    if not len(tested):
        raise InputError("nobody listens to two artists, so that no listen can be held out")
    held = _drawn(data, tested, heard, rng)
    whole = hold_out(data, held)
    reported = tested[: int(len(tested) * REPORTED)]
    of_reported = np.isin(np.arange(plays.shape[0]), reported)
    return Division(whole.of_users(~of_reported), whole.of_users(of_reported))


def few(split: Split, listens: int = FEW) -> Split:
    """``split`` with the first of its tested users, of whom ``listens`` are held out together."""
    held = np.cumsum(np.diff(split.held.indptr)[split.users])
    chosen = np.zeros(split.held.shape[0], dtype=bool)
    chosen[split.users[: 1 + np.searchsorted(held, listens)]] = True
    return split.of_users(chosen)


def _listeners(data: Dataset) -> NDArray[np.intp]:
    """The user of each listen that was played."""
    plays = data.plays.tocoo()
    return np.asarray(plays.row[plays.data > 0], dtype=np.intp)


def _drawn(
    data: Dataset,
    tested: NDArray[np.intp],
    heard: NDArray[np.intp],
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Which listens, in the order of ``tocoo``, are held out of the rows ``tested``."""
    plays = data.plays.tocoo()
    counts = np.zeros(plays.shape[0], dtype=np.intp)
    counts[tested] = np.clip(np.round(SHARE * heard[tested]), 1, heard[tested] - 1)
    order = np.lexsort((rng.random(plays.nnz), plays.data <= 0, plays.row))
    starts = np.searchsorted(plays.row[order], np.arange(plays.shape[0]))
    place = np.arange(plays.nnz) - starts[plays.row[order]]
    held = np.zeros(plays.nnz, dtype=bool)
    held[order] = place < counts[plays.row[order]]
    return held
