"""The columns of a Parquet file as text."""

import math
from typing import Any

from tastegraph.errors import InputError
from tastegraph.loaders.files.delimited import Content
from tastegraph.loaders.files.limits import MOST_LETTERS_OF_NAME, is_bomb

# From here on floating point skips whole numbers.
_EXACT = 2**53

# Rows that a byte may stand for, beyond the first so many, before they are taken for made up.
_ROWS_A_BYTE, _FEW = 100, 1_000_000

# What a column may take beside its texts, in bytes.
_PAGE = 2**20

# Bytes of the longest text in UTF-8.
_MOST_BYTES_OF_TEXT = 4 * MOST_LETTERS_OF_NAME


def read_parquet(data: bytes, file: str, wanted: set[str]) -> Content:
    """Read ``data``, the content of ``file``; columns without a title ``wanted`` by title alone.

    Nulls and NaN are "". A whole number that is stored as floating point is written as one.
    InputError where the file is no Parquet, holds one title twice, unpacks to far more than it
    is, has a text without end, or a column of text that is no UTF-8.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = {title.casefold() for title in wanted}
    try:
        schema = pq.read_schema(pa.BufferReader(data))
        titles = [title for title in schema.names if title.strip().casefold() in known]
        texts = [title for title in titles if _is_text(schema.field(title).type)]
        # A dictionary holds each text once, so that long ones are seen before they are repeated.
        parquet = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        _check_size(parquet.metadata, len(data), file)
        table = parquet.read(columns=titles)
        cells = {title: texts_of(table[title]) for title in titles}
    # KeyError: a title that is there twice. Text that is no UTF-8 is an error of Python's own.
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        reason = str(error).split("\n")[0].strip("'\".")
        raise InputError(
            f"{file} can't be read as Parquet: {reason}. Write it again, or use CSV."
        ) from error
    rows = table.num_rows if titles else 0
    floats = frozenset(field.name for field in schema if pa.types.is_floating(field.type))
    columns = [cells.get(title, []) for title in schema.names]
    return Content(list(schema.names), columns, list(range(1, rows + 1)), "row", [], floats)


def _is_text(type_: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))


def _check_size(metadata: Any, packed: int, file: str) -> None:
    """Raise InputError where the file unpacks to what no table of listens holds.

    Sizes are those of groups of rows: to ask for a column's ends the process where its statistics
    are damaged (pyarrow 26).
    """
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    long = any(
        group.total_byte_size > group.num_columns * (_PAGE + _MOST_BYTES_OF_TEXT * group.num_rows)
        for group in groups
    )
    many = metadata.num_rows > _FEW + _ROWS_A_BYTE * packed
    if many or long or is_bomb(packed, unpacked):
        raise InputError(
            f"{file} would unpack to {metadata.num_rows:,} rows of {unpacked / 2**20:,.0f} MB, "
            f"which no listens do that take {packed:,} bytes. Write it again, or use CSV."
        )


def texts_of(column: Any) -> list[str]:
    """The cells of an Arrow column as text, "" for null and NaN; each text is one object.

    ValueError for a text that is far too long, an error of Arrow's for what has no text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        return [_number(value) for value in column.to_pylist()]
    if pa.types.is_dictionary(column.type):
        lengths = [pc.max(pc.binary_length(chunk.dictionary)).as_py() for chunk in column.chunks]
        if (most := max((each or 0 for each in lengths), default=0)) > _MOST_BYTES_OF_TEXT:
            raise ValueError(f"a text of {most:,} bytes is no id and no name")
    texts: dict[str, str] = {}
    return [cell for chunk in column.chunks for cell in _shared(chunk, texts)]


def _shared(chunk: Any, texts: dict[str, str]) -> list[str]:
    """The cells of a chunk, in which each text is there once, as it is in ``texts``."""
    import pyarrow as pa

    if not pa.types.is_dictionary(chunk.type):
        chunk = chunk.cast(pa.string()).dictionary_encode()
    found = [cell or "" for cell in chunk.dictionary.cast(pa.string()).to_pylist()]
    own = [*(texts.setdefault(cell, cell) for cell in found), ""]
    return [own[at] for at in chunk.indices.fill_null(len(found)).to_pylist()]


def _number(value: float | None) -> str:
    if value is None or math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
