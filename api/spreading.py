"""What an engine takes over from this machine; without one everything stays here.

Spark's room is imported where an engine is given, so that nobody else pays for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tastegraph.models.serving.everybody import Rank
    from tastegraph.spark.engine import Spark


@contextmanager
def ranking_on(engine: "Spark | None") -> "Iterator[Rank]":
    """What ranks artists for many users."""
    if engine is None:
        from tastegraph.models.ranking.ranker import Recommender

        yield Recommender.recommend
        return
    from tastegraph.spark.cluster import cluster
    from tastegraph.spark.rank_users import SpreadRanking

    with cluster(engine) as workers:
        yield SpreadRanking(workers)
