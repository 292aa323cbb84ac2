"""Listens as Spark's workers check them and add them up, before they leave them."""

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import ARTIST, FIRST_HEARD, LAST_HEARD, PLAYS, USER
from tastegraph.loaders.files.limits import MOST_PLAYS
from tastegraph.loaders.files.parquet import texts_of
from tastegraph.loaders.files.table import ROWS
from tastegraph.loaders.files.times import seconds_of, seconds_of_epochs, seconds_that_can_be
from tastegraph.loaders.readers.listen_times import TIME, TIME_HEADERS, first_and_last

_HEARD = "heard"
_WRONG = "wrong "


def wrong(name: str) -> str:
    """The column of the cells in ``name`` that are no plays, or no time; null for all others."""
    return _WRONG + name


def checked(rows: Any) -> Any:
    """Listens (user, artist [, plays] [, time, first_heard, last_heard]) with plays that are whole
    numbers or null, times as first_heard and last_heard in seconds since 1970, and ``wrong`` cells.

    Times are read by workers, as on one machine.
    """
    from pyspark.sql import functions

    rows = _with_times(rows)
    if PLAYS not in rows.columns:
        return rows.withColumn(PLAYS, functions.lit(1).cast("long"))
    plays = functions.col(PLAYS)
    is_count = plays.between(0, MOST_PLAYS) & (plays == functions.floor(plays))
    is_count = functions.coalesce(is_count, functions.lit(False))
    cell = functions.coalesce(plays.cast("string"), functions.lit(""))
    return rows.withColumn(wrong(PLAYS), functions.when(~is_count, cell)).withColumn(
        PLAYS, functions.when(is_count, plays).cast("long")
    )


def added_up(rows: Any) -> Any:
    """One row for all ``checked`` rows of a user and artist with plays, and one for those without.

    Of ``wrong`` cells it has how many there are. What is kept of a group are numbers alone, so that
    Spark needs not sort all rows.
    """
    from pyspark.sql import functions

    sums = [functions.sum(PLAYS).alias(PLAYS), functions.count(functions.lit(1)).alias(ROWS)]
    for name in rows.columns:
        if name == FIRST_HEARD:
            sums.append(functions.min(name).alias(name))
        elif name == LAST_HEARD:
            sums.append(functions.max(name).alias(name))
        elif name.startswith(_WRONG):
            sums.append(functions.count(name).alias(name))
    heard = (functions.col(PLAYS) > 0).alias(_HEARD)
    return rows.groupBy(USER, ARTIST, heard).agg(*sums).drop(_HEARD)


def _with_times(rows: Any) -> Any:
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
    return columns | {wrong(name): "string" for name in times}


def _times_of(batch: Any, times: list[str], others: list[str]) -> Any:
    import pyarrow as pa

    columns = {name: batch.column(name) for name in others}
    seconds = {name: _seconds(batch.column(name)) for name in times}
    for name, found in first_and_last(seconds).items():
        columns[name] = pa.array(found, from_pandas=True)
    for name, found in seconds.items():
        columns[wrong(name)] = _unread(batch.column(name), np.isnan(found))
    return pa.RecordBatch.from_pydict(columns)


def _unread(column: Any, unknown: NDArray[np.bool_]) -> Any:
    """The cells that are ``unknown`` and not empty, null for all others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not unknown[column.is_valid().to_numpy(zero_copy_only=False)].any():
        return pa.nulls(len(column), pa.string())
    cells = column.cast(pa.string())
    is_empty = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(cells), ""), True)
    return pc.if_else(pc.and_not(pa.array(unknown), is_empty), cells, None)


def _seconds(column: Any) -> NDArray[np.float64]:
    """Cells of an Arrow column in seconds since 1970, NaN for what is no time: what ``seconds_of``
    makes of their text, which takes far longer where they are points in time or numbers.
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        micros = column.cast(pa.timestamp("us", getattr(kind, "tz", None))).cast(pa.int64())
        numbers = micros.to_numpy(zero_copy_only=False).astype(np.float64)
        return seconds_that_can_be(numbers / 1e6)
    found = np.full(len(column), np.nan)
    if pa.types.is_integer(kind):
        found = seconds_of_epochs(column.to_numpy(zero_copy_only=False).astype(np.float64))
    # A number may be a day, such as 20210131.
    left = np.isnan(found)
    if left.any():
        texts = texts_of(pa.chunked_array([column.filter(pa.array(left))]))
        found[left] = seconds_of(pd.Series(texts, dtype=object).str.strip())
    return found
