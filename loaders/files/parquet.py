"""The columns of a Parquet file as text."""

import math
from typing import Any

from tastegraph.errors import InputError
from tastegraph.loaders.files.delimited import Content

# From here on floating point skips whole numbers.
_EXACT = 2**53


def read_parquet(data: bytes, file: str, wanted: set[str]) -> Content:
    """Read ``data``, the content of ``file``; columns without a title ``wanted`` by title alone.

    Nulls and NaN are "". A whole number that is stored as floating point is written as one.
    InputError where the file is no Parquet, or a column of text is no UTF-8.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = {title.casefold() for title in wanted}
    try:
        table = pq.read_table(pa.BufferReader(data))
        header = list(table.column_names)
        columns = [
            _texts(column) if title.strip().casefold() in known else []
            for title, column in zip(header, table.columns, strict=True)
        ]
        floats = frozenset(each.name for each in table.schema if pa.types.is_floating(each.type))
    # Text that is no UTF-8 comes out as UnicodeDecodeError, of Python's own.
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).split("\n")[0].rstrip(".")
        raise InputError(
            f"{file} can't be read as Parquet: {reason}. Write it again, or use CSV."
        ) from error
    return Content(header, columns, list(range(1, table.num_rows + 1)), "row", [], floats)


def _texts(column: Any) -> list[str]:
    import pyarrow as pa

    if pa.types.is_floating(column.type):
        return [_number(value) for value in column.to_pylist()]
    return [cell or "" for cell in column.cast(pa.string()).to_pylist()]


def _number(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
