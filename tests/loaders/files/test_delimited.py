"""Quotation marks and delimiters as other programs write them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tastegraph.commands.output import RAW, emit
from tastegraph.errors import InputError
from tastegraph.loaders.files.table import read_table

COLUMNS = {"artist": ("artist", "id"), "name": ("name",)}
LISTENS = {"user": ("user",), "artist": ("artist",), "plays": ("plays",)}


def _names(tmp_path: Path, name: str, content: str) -> list[str]:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return read_table(path, COLUMNS).frame["name"].tolist()


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (['"""Weird Al"" Yankovic"', "Plain"], ['"Weird Al" Yankovic', "Plain"]),
        (['"Weird Al" Yankovic', '"', '""Q""'], ['"Weird Al" Yankovic', '"', '""Q""']),
        (['"Heroes"', "Plain"], ['"Heroes"', "Plain"]),
        (['"Crosby, Stills & Nash"', "Plain"], ["Crosby, Stills & Nash", "Plain"]),
        (['"All"', '"quoted"'], ["All", "quoted"]),
    ],
)
def test_tabbed_cells_lose_the_quotes_that_a_program_put_there(
    tmp_path: Path, cells: list[str], names: list[str]
) -> None:
    lines = "".join(f"{number}\t{cell}\n" for number, cell in enumerate(cells))
    assert _names(tmp_path, "a.tsv", f"id\tname\n{lines}") == names
    assert _names(tmp_path, "a.dat", f"id\tname\n{lines}") == cells


def test_titles_in_quotes_say_that_all_text_is(tmp_path: Path) -> None:
    assert _names(tmp_path, "a.tsv", '"id"\t"name"\n1\t"Heroes"\n2\t"O""K"\n') == ["Heroes", 'O"K']


def test_quoted_tabs_and_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    assert _names(tmp_path, "a.tsv", 'id\tname\n1\t"a\tb"\n2\t"c\nd"\n') == ["a\tb", "c\nd"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@settings(max_examples=60)
@given(
    names=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
        min_size=1,
    )
)
@example(
    names=[
        '"""',
        '"Heroes"',
        'a,"b"',
        "tab\t",
        "line\nbreak",
        "cr\rX",
        "\r\n",
        "\u2028",
        ",;",
        '""',
    ]
)
def test_what_the_program_writes_reads_back_the_same(suffix: str, names: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        with click.Context(click.Command("query")) as context:
            context.meta[RAW] = True
            emit(pd.DataFrame({"artist": range(len(names)), "name": names}), "table", path)
        assert read_table(path, COLUMNS).frame["name"].tolist() == names


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id;name\n1;Aba, B\n"),
        ("a.csv", "id\tname\n1\tAba, B\n"),
        ("a.tsv", 'ID,Name\n1,"Aba, B"\n'),
        ("a.txt", "x|name| Artist\n|Aba, B|1\n"),
    ],
)
def test_the_first_line_tells_the_delimiter(tmp_path: Path, name: str, content: str) -> None:
    assert _names(tmp_path, name, content) == ["Aba, B"]


def test_a_stray_quotation_mark_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    path.write_text('user,artist,plays\n1,"Open,3\n2,Foo,4\n3,Blue 12",5\n4,Bar,1\n')
    with pytest.raises(InputError, match=r"line 2: a quotation mark opens here .* line 4 only"):
        read_table(path, LISTENS)
    path.write_text('user,artist,plays\n1,"Open,3\n2,"Foo",4\n')
    with pytest.raises(InputError, match=r"listens\.csv, line 2: .*quotation marks"):
        read_table(path, LISTENS)
    path.write_text('user,artist,plays\n1,"Two\nlines",3\n2,12" Mix,4\n')
    assert read_table(path, LISTENS).frame["artist"].tolist() == ["Two\nlines", '12" Mix']
