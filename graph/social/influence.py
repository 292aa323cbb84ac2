"""Who is central in the graph of friendships."""

import math

import networkx as nx
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import USER, Id
from tastegraph.runtime.progress import Progress, silent

PAGERANK, BETWEENNESS, DEGREE = "pagerank", "betweenness", "friends"
MEASURES = (PAGERANK, BETWEENNESS, DEGREE)

COLUMNS = ("rank", USER, DEGREE, PAGERANK, BETWEENNESS)

DAMPING = 0.85
"""Chance that a walk goes on to a friend."""

# Each step takes the damping from what is still wrong, whatever it was: after so many, less is
# wrong than the last digit says.
_STEPS = math.ceil(math.log(1e-17) / math.log(DAMPING))

# Digits that do not depend on the order in which a machine adds up.
_DIGITS = 12


def influence(
    friends: "nx.Graph[Id]",
    by: str = PAGERANK,
    samples: int = 500,
    seed: int = 0,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Everybody who has friends, with the columns COLUMNS, largest ``by`` first, ties by id.

    friends      number of friends
    pagerank     share of a walk's time that goes from friend to friend and in 15 of 100 steps
                 starts anew anywhere (Brin and Page 1998); adds up to 1, all digits known
    betweenness  share of the pairs of other people whose shortest chains lead through this one
                 (Freeman 1977); exact in a graph of no more than ``samples`` people, otherwise
                 estimated from the chains that begin at ``samples`` people drawn with ``seed``
                 (Brandes and Pich 2007)
    """
    with progress("measuring influence", 2) as advance:
        shares = pagerank(friends)
        advance(1)
        drawn = samples if samples < len(friends) else None
        betweenness = nx.betweenness_centrality(friends, k=drawn, seed=seed)
        advance(1)
    frame = pd.DataFrame(
        {
            USER: pd.Series(list(friends), dtype=object),
            DEGREE: [degree for _, degree in friends.degree],
            PAGERANK: _known(shares),
            BETWEENNESS: _known(np.array([betweenness[user] for user in friends])),
        }
    )
    frame = frame.sort_values([by, USER], ascending=[False, True], ignore_index=True)
    return frame.assign(rank=range(1, len(frame) + 1))[list(COLUMNS)]


def pagerank(friends: "nx.Graph[Id]") -> NDArray[np.float64]:
    """PageRank of each node of ``friends``, in their order, to the last digit but a few.

    Nobody is without friends there, so that no walk ends.
    """
    if not friends:
        return np.zeros(0)
    links = nx.to_scipy_sparse_array(friends, weight=None, dtype=np.dtype(np.float64))
    leaving = links.sum(axis=1)
    shares = np.full(len(friends), 1 / len(friends))
    for _ in range(_STEPS):
        shares = DAMPING * (links.T @ (shares / leaving)) + (1 - DAMPING) / len(friends)
    return np.asarray(shares / shares.sum())


def _known(values: NDArray[np.float64]) -> list[float]:
    """``values`` without the digits that are rounding, by which equals would not be equal."""
    return [float(f"{value:.{_DIGITS}g}") for value in values]
