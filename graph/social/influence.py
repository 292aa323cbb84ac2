"""Who is central in the graph of friendships."""

import networkx as nx
import pandas as pd

from tastegraph.graph.frames import USER, Id
from tastegraph.runtime.progress import Progress, silent

PAGERANK, BETWEENNESS, DEGREE = "pagerank", "betweenness", "friends"
MEASURES = (PAGERANK, BETWEENNESS, DEGREE)

COLUMNS = ("rank", USER, DEGREE, PAGERANK, BETWEENNESS)


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
                 starts anew anywhere (Brin and Page 1998); adds up to 1
    betweenness  share of the pairs of other people whose shortest chains lead through this one
                 (Freeman 1977); exact in a graph of no more than ``samples`` people, otherwise
                 estimated from the chains that begin at ``samples`` people drawn with ``seed``
                 (Brandes and Pich 2007)
    """
    with progress("measuring influence", 2) as advance:
        pagerank = nx.pagerank(friends)
        advance(1)
        drawn = samples if samples < len(friends) else None
        betweenness = nx.betweenness_centrality(friends, k=drawn, seed=seed)
        advance(1)
    frame = pd.DataFrame(
        {
            USER: pd.Series(list(friends), dtype=object),
            DEGREE: [degree for _, degree in friends.degree],
            PAGERANK: [pagerank[user] for user in friends],
            BETWEENNESS: [betweenness[user] for user in friends],
        }
    )
    frame = frame.sort_values([by, USER], ascending=[False, True], ignore_index=True)
    return frame.assign(rank=range(1, len(frame) + 1))[list(COLUMNS)]
