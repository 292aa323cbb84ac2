"""Parquet that is odd, and bytes that are none."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.files.parquet import read_parquet


def written(table: pa.Table, path: Path) -> bytes:
    pq.write_table(table, path)
    return path.read_bytes()


def test_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.table([[1], [2.5], ["c"]], names=["user", "user", "artist"])
    data = written(table, tmp_path / "a.parquet")
    with pytest.raises(InputError, match="Multiple matches"):
        read_parquet(data, "a.parquet", {"user", "artist"})


def test_text_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    raw = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    data = written(pa.table({"user": raw}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a\.parquet can't be read as Parquet"):
        read_parquet(data, "a.parquet", {"user"})
