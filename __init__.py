"""A hybrid music recommender on a graph database, with reasons that are the arithmetic.

import tastegraph

with tastegraph.connect() as graph:
    graph.load("hetrec2011-lastfm-2k/")
    graph.train()
    graph.recommend([2, 10], k=10, why=True)
"""

from tastegraph.errors import TastegraphError

__all__ = ["TastegraphError"]
