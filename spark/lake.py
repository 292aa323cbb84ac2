"""A lake of Parquet into validated frames: listens are checked and added up where they lie.

What is left of them, and the tables beside, are read here by the code that reads files, and so
the graph is the one that a load of the same rows from files makes.
"""

import warnings
from collections.abc import Iterator, Mapping
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
from tastegraph.loaders.readers.listen_times import TIME, TIME_HEADERS, heard, unread_note
from tastegraph.loaders.readers.tables import (
    LISTENS_TABLE,
    frames_of_tables,
    respelt_note,
    uncounted_note,
)
from tastegraph.loaders.transforms.held_out import PAIR_HEADERS, PLAYS_HEADERS, leave_out
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.runtime.progress import Progress, silent
from tastegraph.spark.cluster import Cluster, failing_as_ours

# Beside what is added up: a cell of plays that is none, whether plays are more than 0, and for each
# column of times, how many cells are none and one of them.
_WRONG, _HEARD = "wrong", "heard"
_UNREAD = "unread "


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
            summed = _added_up(_with_times(_chosen(rows, chosen)))
            tasks = rows.rdd.getNumPartitions()
            with self._cluster.watched("adding up listens", tasks, self._progress):
                arrow = summed.toArrow().sort_by([(USER, "ascending"), (ARTIST, "ascending")])
        pairs = _table(rows, LISTENS_TABLE, arrow, chosen, (USER, ARTIST))
        return _parsed(pairs, arrow.drop_columns([USER, ARTIST, _HEARD]).to_pandas())

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
    if wrong := titles.keys() - PAIR_HEADERS.keys() - optional.keys():
        raise InputError(
            f"there is no column {min(wrong)!r} of listens: give user, artist, plays, time, as in "
            "--columns user=who,artist=band,plays=count"
        )
    given: Headers = {name: (title,) for name, title in titles.items()}
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


def _with_times(rows: Any) -> Any:
    """The times of ``rows`` as first_heard and last_heard, in seconds since 1970, read by workers
    as on one machine; and by column the cells that are none.
    """
    times = [name for name in rows.columns if name in TIME_HEADERS]
    if not times:
        return rows
    others = [name for name in rows.columns if name not in times]
    kinds = {name: kind for name, kind in rows.dtypes if name in others}
    made = _heard_columns(times)
    schema = ", ".join(f"`{name}` {kind}" for name, kind in (kinds | made).items())

    def read(batches: Iterator[Any]) -> Iterator[Any]:
        return (_times_of(batch, times, others) for batch in batches)

    with warnings.catch_warnings():
        # Nothing goes through Spark's own pandas, of whose version it warns.
        warnings.simplefilter("ignore")
        return rows.mapInArrow(read, schema)


def _heard_columns(times: list[str]) -> dict[str, str]:
    """What ``_times_of`` adds, with its types in Spark."""
    columns = {FIRST_HEARD: "double", LAST_HEARD: "double"}
    if TIME not in times:
        columns = {name: kind for name, kind in columns.items() if name in times}
    return columns | {_UNREAD + name: "string" for name in times}


def _times_of(batch: Any, times: list[str], others: list[str]) -> Any:
    import pyarrow as pa

    table = pa.Table.from_batches([batch])
    cells = {name: pd.Series(texts_of(table[name]), dtype=object).str.strip() for name in times}
    found, unread = heard(cells)
    columns = {name: batch.column(name) for name in others}
    columns |= {name: pa.array(seconds, from_pandas=True) for name, seconds in found.items()}
    for name, wrong in unread.items():
        columns[_UNREAD + name] = pa.array(cells[name].where(wrong), pa.string(), from_pandas=True)
    return pa.RecordBatch.from_pydict(columns)


def _added_up(rows: Any) -> Any:
    """One row for all rows of a user and artist with plays, and one for those without."""
    from pyspark.sql import functions

    plays = functions.col(PLAYS) if PLAYS in rows.columns else functions.lit(1)
    is_count = plays.between(0, MOST_PLAYS) & (plays == functions.floor(plays))
    count = functions.when(is_count, plays).cast("long")
    cell = functions.coalesce(plays.cast("string"), functions.lit(""))
    wrong = functions.when(functions.coalesce(is_count, functions.lit(False)), None).otherwise(cell)
    sums = [
        functions.sum(count).alias(PLAYS),
        functions.count(functions.lit(1)).alias(ROWS),
        functions.max(wrong).alias(_WRONG),
    ]
    if FIRST_HEARD in rows.columns:
        sums.append(functions.min(FIRST_HEARD).alias(FIRST_HEARD))
    if LAST_HEARD in rows.columns:
        sums.append(functions.max(LAST_HEARD).alias(LAST_HEARD))
    for name in rows.columns:
        if name.startswith(_UNREAD):
            sums += [functions.count(name).alias(f"{name} count"), functions.max(name).alias(name)]
    return rows.groupBy(USER, ARTIST, (count > 0).alias(_HEARD)).agg(*sums)


def _parsed(raw: Table, sums: pd.DataFrame) -> Table:
    """The listens of the pairs ``raw``, with what was added up of each."""
    check_not_empty(raw, LISTENS_TABLE)
    wrong = sums[_WRONG].dropna()
    if len(wrong):
        raise raw.error(
            0,
            f'{raw.headers[PLAYS]} is "{wrong.max()}", not a whole number from 0 to {MOST_PLAYS:,}',
        )
    frame = pd.DataFrame({USER: ids(raw, USER), ARTIST: ids(raw, ARTIST)})
    kept = [name for name in (PLAYS, ROWS, FIRST_HEARD, LAST_HEARD) if name in sums]
    notes = [*raw.notes, *uncounted_note(raw), *respelt_note(raw, frame), *_unread_notes(raw, sums)]
    return replace(raw, frame=frame.assign(**{name: sums[name] for name in kept}), notes=notes)


def _unread_notes(raw: Table, sums: pd.DataFrame) -> list[str]:
    notes = []
    for name in TIME_HEADERS:
        cells = sums[_UNREAD + name].dropna() if _UNREAD + name in sums else ()
        if len(cells):
            count = int(sums[f"{_UNREAD}{name} count"].sum())
            which = f"such as {max(cells)[:40]!r}"
            notes.append(unread_note(raw.name, raw.headers[name], count, which))
    return notes
