"""What an engine takes over from this machine; without one everything stays here.

Spark's room is imported where an engine is given, so that nobody else pays for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tastegraph.runtime.notes import Note

if TYPE_CHECKING:
    from tastegraph.models.evaluation.ranking import RankHeldOut
    from tastegraph.models.serving.everybody import Rank
    from tastegraph.spark.engine import Spark


@contextmanager
def ranking_on(engine: "Spark | None") -> "Iterator[Rank]":
    """What ranks artists for many users."""
    if engine is None:
        # Who asks for one user pays for no import of what ranks many.
        yield lambda recommender, *asked: recommender.recommend(*asked)
        return
    from tastegraph.spark.cluster import cluster
    from tastegraph.spark.rank_users import SpreadRanking

    with cluster(engine) as workers:
        yield SpreadRanking(workers)


@contextmanager
def evaluating_on(engine: "Spark | None", note: Note) -> "Iterator[RankHeldOut]":
    """What ranks for the users of a split; models that a cluster can learn are learned there."""
    if engine is None:
        from tastegraph.models.evaluation.ranking import rank

        yield rank
        return
    from tastegraph.spark.cluster import cluster
    from tastegraph.spark.half_sweeps import solving_on
    from tastegraph.spark.rank_held_out import SpreadHeldOut

    with cluster(engine) as workers, solving_on(workers):
        yield SpreadHeldOut(workers, note)


@contextmanager
def training_on(engine: "Spark | None") -> Iterator[None]:
    """Where rows are solved in this block."""
    if engine is None:
        yield
        return
    from tastegraph.spark.cluster import cluster
    from tastegraph.spark.half_sweeps import solving_on

    with cluster(engine) as workers, solving_on(workers):
        yield
