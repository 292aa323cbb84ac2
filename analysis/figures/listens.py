"""Who is listened to by how many, how often, and by whom most."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tastegraph.analysis.source import Snapshot
from tastegraph.graph.frames import ARTIST, NAME, PLAYS, USER
from tastegraph.models.data.dataset import Dataset

LISTENERS = "listeners"
SHARE = "share"
POPULARITY = "popularity"
RANK = "rank"

Floats = NDArray[np.float64]


def artist_totals(snapshot: Snapshot) -> pd.DataFrame:
    """Columns artist, name, listeners, share, plays, popularity; one row an artist, by id.

    share is of all users; popularity the plays over the artist's own listeners, 0 without any.
    """
    data = snapshot.data
    listeners = np.asarray(data.listeners)
    plays = np.bincount(data.plays.indices, data.plays.data, minlength=len(data.artists))
    return pd.DataFrame(
        {
            ARTIST: list(data.artists.ids),
            NAME: snapshot.artist_names,
            LISTENERS: listeners,
            SHARE: listeners / max(len(data.users), 1),
            PLAYS: plays.astype(np.int64),
            POPULARITY: plays / np.maximum(listeners, 1),
        }
    )


def user_totals(data: Dataset) -> pd.DataFrame:
    """Columns user, artists (listened to), plays; one row a user, by id."""
    return pd.DataFrame(
        {
            USER: list(data.users.ids),
            "artists": np.diff(data.plays.indptr),
            PLAYS: np.asarray(data.plays.sum(axis=1)).ravel().astype(np.int64),
        }
    )


def top(frame: pd.DataFrame, by: str, k: int) -> pd.DataFrame:
    """The ``k`` rows of largest ``by``; ties in the order of ``frame``."""
    return frame.sort_values(by, ascending=False, kind="stable").head(k).reset_index(drop=True)


def sparsity(data: Dataset) -> float:
    """Percent of (user, artist) pairs without a listen."""
    return 100 * (1 - data.plays.nnz / (len(data.users) * len(data.artists)))


def heard_by_at_most(
    totals: pd.DataFrame, percents: tuple[int, ...] = (1, 2, 3, 4, 5)
) -> list[int]:
    """How many artists each share of users, in percent, is not exceeded by."""
    return [int((totals[SHARE] <= percent / 100).sum()) for percent in percents]


def gini(amounts: ArrayLike) -> float:
    """Gini coefficient: 0 where all are alike, near 1 where one has everything.

    sum_i (2 i - n - 1) x_i / (n sum x), x ascending, i from 1.
    """
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    total, count = ordered.sum(), len(ordered)
    if not total:
        return 0.0
    places = 2 * np.arange(1, count + 1) - count - 1
    return float(places @ ordered / (count * total))


def long_tail(totals: pd.DataFrame) -> pd.DataFrame:
    """Columns by, rank, amount, artists_share, amount_share; by is "listeners" or "plays".

    rank 1 is the largest; the shares add up from the largest on, each from 0 to 1. Artists with
    nothing of it have ranks, too.
    """
    frames = []
    for by in (LISTENERS, PLAYS):
        amounts = np.sort(totals[by].to_numpy(dtype=np.float64))[::-1]
        ranks = np.arange(1, len(amounts) + 1)
        frames.append(
            pd.DataFrame(
                {
                    "by": by,
                    RANK: ranks,
                    "amount": amounts,
                    "artists_share": ranks / len(amounts),
                    "amount_share": np.cumsum(amounts) / max(amounts.sum(), 1.0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def rank_correlation(one: ArrayLike, other: ArrayLike) -> float | None:
    """Spearman's; None where one of the two does not vary."""
    from scipy.stats import spearmanr

    first, second = np.asarray(one), np.asarray(other)
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(spearmanr(first, second).statistic)
