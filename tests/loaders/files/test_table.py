from pathlib import Path

import pandas as pd
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.files.table import Table, read_table

COLUMNS = {"artist": ("id", "artist"), "name": ("name",)}


def _read(tmp_path: Path, name: str, content: str) -> Table:
    path = tmp_path / name
    path.write_bytes(content.encode())
    return read_table(path, COLUMNS)


def _rows(table: Table) -> list[tuple[object, ...]]:
    return list(table.frame.itertuples(name=None))


def test_tabbed_text_knows_no_quotes(tmp_path: Path) -> None:
    table = _read(tmp_path, "a.tsv", 'id\tname\n1\t"Weird Al" Yankovic\n2\t"\n3\tO\\"\n')
    assert _rows(table) == [(2, "1", '"Weird Al" Yankovic'), (3, "2", '"'), (4, "3", 'O\\"')]


def test_csv_quotes_hold_commas_and_lines(tmp_path: Path) -> None:
    table = _read(tmp_path, "a.csv", 'id,name\n1,"Crosby, ""Stills""\nand Nash"\n2,Aba\n')
    assert _rows(table) == [(2, "1", 'Crosby, "Stills"\nand Nash'), (4, "2", "Aba")]


@pytest.mark.parametrize("name", ["a.tsv", "a.TXT", "a.dat", "a.csv"])
def test_windows_lines_and_byte_order_mark(tmp_path: Path, name: str) -> None:
    mark = "," if name == "a.csv" else "\t"
    table = _read(tmp_path, name, f"\ufeffid{mark}name\r\n1{mark}Aba\r\n2{mark}Be\r\n")
    assert _rows(table) == [(2, "1", "Aba"), (3, "2", "Be")]


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0b", "\x1c", "\r"])
def test_only_line_feeds_end_lines(tmp_path: Path, separator: str) -> None:
    table = _read(tmp_path, "a.tsv", f"id\tname\n1\tA{separator}B\n")
    assert _rows(table) == [(2, "1", f"A{separator}B")]


def test_words_for_missing_values_are_names(tmp_path: Path) -> None:
    names = ["NA", "null", "None", "nan", "N/A", "", "1e5"]
    lines = "".join(f"{number}\t{name}\n" for number, name in enumerate(names))
    assert _read(tmp_path, "a.tsv", f"id\tname\n{lines}").frame["name"].tolist() == names


def test_blank_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    table = _read(tmp_path, "a.tsv", "id\tname\n\n1\tAba\n\n\n2\tBe\n\n")
    assert _rows(table) == [(3, "1", "Aba"), (6, "2", "Be")]


def test_no_last_line_feed(tmp_path: Path) -> None:
    assert _rows(_read(tmp_path, "a.tsv", "id\tname\n1\tAba")) == [(2, "1", "Aba")]


def test_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert _rows(_read(tmp_path, "a.tsv", "id\tname\n")) == []
    assert _rows(_read(tmp_path, "a.csv", "id,name\n")) == []


def test_order_of_columns_is_free_and_others_are_noted(tmp_path: Path) -> None:
    table = _read(tmp_path, "a.csv", "year,name,id\n1999,Aba,1\n")
    assert _rows(table) == [(2, "1", "Aba")]
    assert table.notes == ["a.csv: columns that are not used: year."]


def test_missing_column_shows_the_header(tmp_path: Path) -> None:
    expected = r"a\.csv, line 1: no column id or artist; the header found is: nr name\. Add"
    with pytest.raises(InputError, match=expected):
        _read(tmp_path, "a.csv", "nr;name\n1;Aba\n")


def test_ambiguous_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv, line 1: more than one column id or artist"):
        _read(tmp_path, "a.csv", "id,artist,name\n1,1,Aba\n")


@pytest.mark.parametrize(
    ("line", "fault"),
    [("1", "too few fields, 1"), ("1\tAba\thttp", "too many fields, 3"), (" ", "too few fields")],
)
def test_wrong_number_of_fields(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(InputError, match=rf"a\.dat, line 4: {fault}.*the header has 2.*load again"):
        _read(tmp_path, "a.dat", f"id\tname\n1\tAba\n\n{line}\n2\tBe\n")


def test_fields_that_even_out_are_noticed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.dat, line 2: too few fields"):
        _read(tmp_path, "a.dat", "id\tname\n1\n2\tBe\tCe\n")


def test_quotation_mark_left_open(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv, line 3: .*Check the quotation marks"):
        _read(tmp_path, "a.csv", 'id,name\n1,Aba\n2,"Be\n3,Ce\n')


def test_blank_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv is blank; it needs a header line"):
        _read(tmp_path, "a.csv", "\n\n")


def test_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.xlsx is of no known kind.*\.csv, \.tsv"):
        _read(tmp_path, "a.xlsx", "id,name\n")


def test_parquet_cells_become_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {"id": [1.0, 2.0, None], "name": ["NA", None, '"Q" 🎸'], "x": [[1], [], [3]]}
    )
    frame.to_parquet(path)
    table = read_table(path, COLUMNS)
    assert _rows(table) == [(1, "1", "NA"), (2, "2", ""), (3, "", '"Q" 🎸')]
    assert table.unit == "row"
    assert str(table.error(2, "no name")).startswith("a.parquet, row 2: no name. ")


def test_parquet_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.parquet can't be read as Parquet.*or use CSV"):
        _read(tmp_path, "a.parquet", "id,name\n1,Aba\n")


def test_parquet_without_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"who": [1]}).to_parquet(path)
    with pytest.raises(InputError, match=r"a\.parquet.*no column id or artist.*found is: who"):
        read_table(path, COLUMNS)


def test_several_files_are_no_table_here(tmp_path: Path) -> None:
    folder = tmp_path / "listens.parquet"
    folder.mkdir()
    for name in ("a", "b"):
        pd.DataFrame({"id": [1]}).to_parquet(folder / f"{name}.parquet")
    with pytest.raises(InputError, match=r"holds 2 files .* load them as one table with --engine"):
        read_table(folder, {"id": ("id",)})
