"""A lake of Parquet into validated frames: listens are checked and added up where they lie.

What is left of them, and the tables beside, are read here by the code that reads files, and so
the graph is the one that a load of the same rows from files makes.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, FIRST_HEARD, LAST_HEARD, PLAYS, USER, GraphFrames
from tastegraph.loaders.files.cells import check_not_empty, ids
from tastegraph.loaders.files.delimited import Content
from tastegraph.loaders.files.limits import MOST_PLAYS
from tastegraph.loaders.files.manifest import MANIFEST
from tastegraph.loaders.files.parquet import texts_of
from tastegraph.loaders.files.table import ROWS, Headers, Table, choose_columns, table_of
from tastegraph.loaders.readers.listen_times import TIME_HEADERS, unread_note
from tastegraph.loaders.readers.tables import (
    LISTENS_TABLE,
    frames_of_tables,
    respelt_note,
    uncounted_note,
)
from tastegraph.loaders.transforms.held_out import PAIR_HEADERS, PLAYS_HEADERS, leave_out
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.runtime.progress import Progress, silent
from tastegraph.spark.added_up import added_up, checked, wrong
from tastegraph.spark.cluster import Cluster, failing_as_ours


def read_lake(
    cluster: Cluster,
    path: str,
    known: Known = NOTHING,
    *,
    columns: Mapping[str, str] | None = None,
    without: Path | None = None,
    progress: Progress = silent,
) -> GraphFrames:
    """Read and validate the Parquet tables in ``path``, a folder or what Spark takes for one.

    listens  user, artist [, plays] [, time | first_heard, last_heard]    needed
    artists, friends, tags                     as ``loaders.readers.tables`` has them

    Each is a file or a folder of files, ``listens`` or ``listens.parquet``. ``columns`` gives the
    titles of user, artist, plays and time in the listens, ``without`` pairs to leave out. Plays and
    ids are numbers or, ids alone, text. InputError where a table is missing or has a row that can't
    be used, EngineError where Spark fails.
    """
    lake = _Lake(cluster, path, progress)
    listens = lake.listens(columns or {})
    with progress("Reading tables", 3) as advance:
        frames = frames_of_tables(listens, replace(listens, notes=[]), lake.read, known, advance)
    return leave_out(frames, without) if without else frames


class _Lake:
    def __init__(self, cluster: Cluster, path: str, progress: Progress) -> None:
        self._cluster = cluster
        self._path = path
        # A path means another place to Spark on a cluster, unless it says that it is here.
        here = Path(path)
        self._root = here.resolve().as_uri() if here.exists() else path.rstrip("/")
        self._progress = progress
        if (here / MANIFEST).exists():
            raise InputError(f"{path} is an export, which one machine reads: leave out --engine")

    def read(self, name: str, required: Headers, optional: Headers) -> Table | None:
        """A table as it is; None where there is none."""
        rows = self._rows(name)
        if rows is None:
            return None
        chosen = choose_columns(name, rows.columns, required, optional)
        with failing_as_ours(self._cluster.master):
            arrow = _chosen(rows, chosen).toArrow()
        return _table(rows, name, arrow, chosen, tuple(chosen))

    def listens(self, titles: Mapping[str, str]) -> Table:
        """The listens, one row for a user and artist and another one for their rows of no plays."""
        rows = self._rows(LISTENS_TABLE)
        if rows is None:
            raise InputError(
                f"{self._path} has no table of listens. Name a folder that holds Parquet files in "
                f"{LISTENS_TABLE} or {LISTENS_TABLE}.parquet."
            )
        required, optional = _headers(titles)
        chosen = choose_columns(LISTENS_TABLE, rows.columns, required, optional)
        _check_plays(rows, chosen)
        with failing_as_ours(self._cluster.master):
            listens = checked(_chosen(rows, chosen))
            tasks = rows.rdd.getNumPartitions()
            with self._cluster.watched("adding up listens", tasks, self._progress):
                arrow = added_up(listens).toArrow()
        arrow = arrow.sort_by([(USER, "ascending"), (ARTIST, "ascending")])
        pairs = _table(rows, LISTENS_TABLE, arrow, chosen, (USER, ARTIST))
        return self._parsed(pairs, arrow.drop_columns([USER, ARTIST]).to_pandas(), listens)

    def _parsed(self, pairs: Table, sums: pd.DataFrame, listens: Any) -> Table:
        """``pairs`` with the ``sums`` of each, which ``listens`` were added up to."""
        check_not_empty(pairs, LISTENS_TABLE)
        if count := _count_of_wrong(sums, PLAYS):
            title, cell = pairs.headers[PLAYS], self._one_wrong(listens, PLAYS)
            more = f" (and {count - 1:,} more are none)" if count > 1 else ""
            rule = f"a whole number from 0 to {MOST_PLAYS:,}{more}"
            raise pairs.error(0, f'{title} is "{cell}", not {rule}')
        notes = [*pairs.notes, *uncounted_note(pairs)]
        for name in TIME_HEADERS:
            if count := _count_of_wrong(sums, name):
                which = f"such as {self._one_wrong(listens, name)[:40]!r}"
                notes.append(unread_note(pairs.name, pairs.headers[name], count, which))
        frame = pd.DataFrame({USER: ids(pairs, USER), ARTIST: ids(pairs, ARTIST)})
        notes += respelt_note(pairs, frame)
        kept = [name for name in (PLAYS, ROWS, FIRST_HEARD, LAST_HEARD) if name in sums]
        return replace(
            pairs, frame=frame.assign(**{name: sums[name] for name in kept}), notes=notes
        )

    def _one_wrong(self, listens: Any, name: str) -> str:
        with failing_as_ours(self._cluster.master):
            return str(listens.select(wrong(name)).dropna().first()[0])

    def _rows(self, name: str) -> Any:
        """A table as a DataFrame of Spark's; None where there is none."""
        found = [
            rows
            for each in (name, f"{name}.parquet")
            if (rows := self._rows_in(f"{self._root}/{each}")) is not None
        ]
        if len(found) > 1:
            raise InputError(
                f"{self._path} holds {name} and {name}.parquet, which are one table. Keep one."
            )
        return found[0] if found else None

    def _rows_in(self, place: str) -> Any:
        from pyspark.errors import AnalysisException

        with failing_as_ours(self._cluster.master):
            try:
                return self._cluster.spark.read.parquet(place)
            except AnalysisException as error:
                if error.getCondition() == "PATH_NOT_FOUND":
                    return None
                raise


def _headers(titles: Mapping[str, str]) -> tuple[Headers, Headers]:
    """Required and optional titles: those that were given, or the usual ones."""
    optional: Headers = {**PLAYS_HEADERS, **TIME_HEADERS}
    if strange := titles.keys() - PAIR_HEADERS.keys() - optional.keys():
        raise InputError(
            f"there is no column {min(strange)!r} of listens: give user, artist, plays or time, as "
            "in --columns user=who,artist=band,plays=count"
        )
    given: Headers = {name: (title,) for name, title in titles.items()}
    # What is named has to be there.
    return {**PAIR_HEADERS, **given}, {
        name: usual for name, usual in optional.items() if name not in given
    }


def _chosen(rows: Any, chosen: Mapping[str, int]) -> Any:
    """Columns by our names; the file's own may hold anything, dots included."""
    numbered = rows.toDF(*map(str, range(len(rows.columns))))
    return numbered.select(*(numbered[str(at)].alias(name) for name, at in chosen.items()))


def _table(
    rows: Any, name: str, arrow: Any, chosen: Mapping[str, int], texts: tuple[str, ...]
) -> Table:
    """``arrow``, which was made of ``rows``, as if it had been read from a file of these, with the
    cells of the columns ``texts``. Its rows have no place.
    """
    import pyarrow as pa

    header: list[str] = rows.columns
    found: list[list[str]] = [[] for _ in header]
    for column in texts:
        try:
            found[chosen[column]] = texts_of(arrow[column])
        except (pa.ArrowException, ValueError) as error:
            raise InputError(f"{name}: {column} can't be read as text: {error}") from error
    floats = frozenset(title for title, kind in rows.dtypes if kind in ("float", "double"))
    content = Content(header, found, range(arrow.num_rows), "", [], floats)
    return table_of(Path(name), content, chosen)


def _check_plays(rows: Any, chosen: Mapping[str, int]) -> None:
    """InputError where plays are no numbers: text may mean several, and is read on one machine."""
    if PLAYS not in chosen:
        return
    title, type_ = rows.dtypes[chosen[PLAYS]]
    if not type_.startswith(("tinyint", "smallint", "int", "bigint", "float", "double", "decimal")):
        raise InputError(
            f"{LISTENS_TABLE}: {title} is {type_}, and a lake's plays are numbers: write them as "
            "whole numbers, or load files without --engine"
        )


def _count_of_wrong(sums: pd.DataFrame, name: str) -> int:
    return int(sums[wrong(name)].sum()) if wrong(name) in sums else 0
