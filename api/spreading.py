"""What an engine takes over from this machine; without one everything stays here.

Spark's room is imported where an engine is given, so that nobody else pays for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tastegraph.errors import UsageError
from tastegraph.runtime.notes import Note
from tastegraph.runtime.progress import Progress

if TYPE_CHECKING:
    from tastegraph.graph.frames import GraphFrames
    from tastegraph.loaders.source import ReadOptions
    from tastegraph.loaders.transforms.known import Known
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


def read_on(
    engine: "Spark",
    source: "Path | str | GraphFrames",
    known: "Known",
    *,
    beside: object,
    format: str,
    without: Path | None,
    options: "ReadOptions",
    progress: Progress,
) -> "GraphFrames":
    """The valid frames of the Parquet tables in ``source``; UsageError for any other format, what
    is said of one, and anything ``beside``.
    """
    from tastegraph.loaders.source import ReadOptions
    from tastegraph.spark.cluster import cluster
    from tastegraph.spark.lake import read_lake

    of_others = format not in ("auto", "tables") or replace(options, columns={}) != ReadOptions()
    if of_others or beside or not isinstance(source, str | Path):
        raise UsageError(
            "--engine spark loads a folder of Parquet tables: leave out --format, --listens, "
            "--mapping, --source-database, --user, --min-play-seconds, --delimiter and --encoding, "
            "or --engine"
        )
    with cluster(engine) as workers:
        return read_lake(
            workers,
            str(source),
            known,
            columns=options.columns,
            without=without,
            progress=progress,
        )
