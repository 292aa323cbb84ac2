"""Work on blocks of rows, spread over Spark's workers, with what all of them need sent once.

Blocks and what comes of them are pickled: matrices go as they are, without a table around them.
"""

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

from tastegraph.errors import EngineError
from tastegraph.runtime.progress import Advance, Progress, silent
from tastegraph.spark.engine import Spark
from tastegraph.spark.start import last_words, session

Piece = TypeVar("Piece")
Result = TypeVar("Result")

LIMIT = 2 * 2**30
"""Bytes that are sent to every worker at most: each of its Python processes holds them."""

# Pieces for each core: the slowest then keeps the others waiting little.
_PIECES = 4

# Seconds until a worker has to have answered, and between two looks at how far the work is.
_PATIENCE, _LOOK = 120.0, 0.3

_NEEDED = ("numpy", "scipy", "pandas", "pyarrow")


class Cluster:
    """Spark's workers, which have answered."""

    def __init__(self, spark: Any, master: str) -> None:
        self.spark = spark
        self.context = spark.sparkContext
        self.master = master

    @property
    def cores(self) -> int:
        """How many tasks run at once."""
        return max(1, int(self.context.defaultParallelism))

    def pieces(self, rows: int, least: int) -> list[tuple[int, int]]:
        """Ranges of ``rows``, each but the last a multiple of ``least`` long."""
        blocks = -(-rows // least)
        each = least * max(1, -(-blocks // (self.cores * _PIECES)))
        return [(start, min(start + each, rows)) for start in range(0, rows, each)]

    @contextmanager
    def shared(self, value: object, what: str) -> Iterator[Any]:
        """``value`` on every worker, as the ``value`` of what this gives.

        EngineError where it is more than LIMIT.
        """
        size = pickled_size(value)
        if size > LIMIT:
            raise EngineError(
                f"{what} are {size / 2**30:.1f} GB, and each Python process of the workers would "
                f"hold them ({LIMIT / 2**30:.0f} GB at most): take shorter vectors (--dimensions), "
                "or one large machine without --engine"
            )
        with failing_as_ours(self.master):
            broadcast = self.context.broadcast(value)
        try:
            yield broadcast
        finally:
            broadcast.destroy()

    def spread(self, pieces: Sequence[Piece]) -> Any:
        """``pieces`` as an RDD, one a task."""
        return self.context.parallelize(list(enumerate(pieces)), max(1, len(pieces)))

    def each(
        self,
        work: Callable[[Any], Result],
        pieces: Any,
        count: int,
        label: str = "",
        progress: Progress = silent,
    ) -> list[Result]:
        """What ``work`` makes of each of ``count`` pieces (``spread``), in their order.

        A task that fails, or whose worker goes away, is tried again by Spark. EngineError where
        it goes on failing.
        """
        done = pieces.map(lambda piece: (piece[0], work(piece[1])))
        with failing_as_ours(self.master), self.watched(label, count, progress):
            found = dict(done.collect())
        return [found[at] for at in range(count)]

    @contextmanager
    def watched(self, label: str, count: int, progress: Progress) -> Iterator[None]:
        """Tell ``progress`` of tasks that have ended in this block, of ``count``."""
        if not label:
            yield
            return
        group, over = uuid4().hex, threading.Event()
        self.context.setJobGroup(group, label, interruptOnCancel=True)
        with progress(label, count) as advance:
            watcher = threading.Thread(
                target=_watch, args=(self.context, group, count, advance, over), daemon=True
            )
            watcher.start()
            try:
                yield
            except BaseException:
                self.context.cancelJobGroup(group)
                raise
            finally:
                over.set()
                watcher.join()


class _Counted:
    """A file that keeps nothing but how much was written."""

    size = 0

    def write(self, data: Any) -> int:
        count = memoryview(data).nbytes
        self.size += count
        return count


def pickled_size(value: object) -> int:
    """Bytes of ``value`` on its way to workers."""
    counted = _Counted()
    pickle.Pickler(counted, pickle.HIGHEST_PROTOCOL).dump(value)
    return counted.size


def _watch(context: Any, group: str, count: int, advance: Advance, over: threading.Event) -> None:
    tracker, told = context.statusTracker(), 0
    while not over.wait(_LOOK):
        jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
        stages = [tracker.getStageInfo(at) for job in jobs if job for at in job.stageIds]
        # What is put together afterwards are tasks beyond those that read.
        done = min(count, sum(stage.numCompletedTasks for stage in stages if stage))
        if done > told:
            advance(done - told)
            told = done


@contextmanager
def cluster(engine: Spark) -> Iterator[Cluster]:
    """The workers of ``engine``, which know this package.

    EngineError where Spark can't be had, no worker answers or one lacks what is needed.
    """
    with session(engine) as spark:
        found = Cluster(spark, engine.master)
        _require_workers(found)
        yield found


@contextmanager
def failing_as_ours(master: str) -> Iterator[None]:
    """Turn what Spark raises into EngineError."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        raise EngineError(f"the work on {master} failed: {last_words(error)}") from error


def _require_workers(found: Cluster) -> None:
    """EngineError where no worker answers in time, or one can't import what the work needs."""
    from importlib.metadata import version

    own = version("tastegraph")
    timer = threading.Timer(_PATIENCE, found.context.cancelAllJobs)
    timer.start()
    try:
        lacking = _lacking(found, own)
    except EngineError as error:
        if timer.is_alive():
            raise EngineError(f"{error}. {_SHIP}") from error
        raise EngineError(
            f"no worker of {found.master} has taken a task for {_PATIENCE:.0f} s: see that workers "
            "are registered there and have free cores and memory (--spark-conf "
            "spark.executor.memory=2g)"
        ) from error
    finally:
        timer.cancel()
    if lacking:
        raise EngineError(f"the workers of {found.master} lack {lacking}. {_SHIP}")


_SHIP = (
    "They need the same Python with the same tastegraph: pack this environment (venv-pack -o "
    "environment.tar.gz), give --spark-conf spark.archives=environment.tar.gz#environment and set "
    "PYSPARK_PYTHON=./environment/bin/python; see docs/spark.md"
)


def _lacking(found: Cluster, own: str) -> str:
    needed = (*_NEEDED, "tastegraph")

    # Within a function it goes to workers as it is, and not by its name in this package.
    def look(_: int) -> str:
        import importlib
        from importlib import metadata

        for name in needed:
            try:
                importlib.import_module(name)
            except ImportError as error:
                return f"{name} ({error})"
        there = metadata.version("tastegraph")
        return "" if there == own else f"tastegraph {own}: theirs is {there}"

    with failing_as_ours(found.master):
        said = found.context.parallelize(range(found.cores), found.cores).map(look).collect()
    return next(filter(None, said), "")
