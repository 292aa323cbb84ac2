"""Parquet that is odd, and bytes that are none."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.files.parquet import read_parquet


def written(table: pa.Table, path: Path, compression: str = "zstd") -> bytes:
    pq.write_table(table, path, compression=compression)
    return path.read_bytes()


def test_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.table([[1], [2.5], ["c"]], names=["user", "user", "artist"])
    data = written(table, tmp_path / "a.parquet")
    with pytest.raises(InputError, match="can't be read as Parquet"):
        read_parquet(data, "a.parquet", {"user", "artist"})


def test_text_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    raw = pa.array([b"caf\xe9"], pa.binary()).view(pa.string())
    data = written(pa.table({"user": raw}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a\.parquet can't be read as Parquet"):
        read_parquet(data, "a.parquet", {"user"})


MEGABYTE = 2**20


def peak_of(data: bytes) -> int:
    """Memory that the refusal of ``data`` takes in Arrow, in bytes."""
    pool = pa.system_memory_pool()
    before = pa.default_memory_pool()
    pa.set_memory_pool(pool)
    try:
        with pytest.raises(InputError, match=r"a\.parquet"):
            read_parquet(data, "a.parquet", {"user", "artist"})
        return pool.max_memory() or 0
    finally:
        pa.set_memory_pool(before)


@pytest.mark.parametrize("compression", ["zstd", "snappy", "none"])
def test_long_ids_are_refused_before_they_are_unpacked(tmp_path: Path, compression: str) -> None:
    ids = [f"{at}{'x' * MEGABYTE}" for at in range(60)]
    table = pa.table({"user": ids, "artist": ["a"] * 60})
    data = written(table, tmp_path / "a.parquet", compression)
    assert peak_of(data) < 50 * MEGABYTE


def test_one_long_id_that_is_there_often_is_not_repeated(tmp_path: Path) -> None:
    table = pa.table({"user": pa.array(["x" * MEGABYTE] * 300).dictionary_encode()})
    table = table.append_column("artist", pa.array(["a"] * 300))
    assert peak_of(written(table, tmp_path / "a.parquet")) < 50 * MEGABYTE


def test_rows_of_nothing_are_no_rows(tmp_path: Path) -> None:
    empty = pa.table({"user": pa.nulls(5_000_000, pa.string())})
    data = written(empty, tmp_path / "a.parquet")
    assert len(data) < 20_000
    with pytest.raises(InputError, match="would unpack to 5,000,000 rows"):
        read_parquet(data, "a.parquet", {"user"})


def test_types_are_read_as_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "user": pa.array(["a", None, "é"]),
            "artist": pa.array(["x", "x", "y"]).dictionary_encode(),
            "plays": pa.array([1.0, None, 2.5]),
            "other": pa.array([[1], None, [2]]),
        }
    )
    data = written(table, tmp_path / "a.parquet")
    found = read_parquet(data, "a.parquet", {"user", "artist", "plays"})
    assert found.header == ["user", "artist", "plays", "other"]
    assert found.columns == [["a", "", "é"], ["x", "x", "y"], ["1", "", "2.5"], []]
    assert found.floats == {"plays"}
