"""Sheets and exports: what they like, and what is none."""

from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.readers.likes import (
    DISLIKED,
    LIKED,
    UNMARKED,
    Sheet,
    read_sheet,
    read_spotify,
    sheet_text,
    write_sheet,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "likes"


def test_a_sheet_is_filled_in_and_read(file: Path) -> None:
    write_sheet(file, ["Björk", 'A "B", C', "Muse"])
    text = file.read_text(encoding="utf-8")
    assert text == 'name,Like\nBjörk,0\n"A ""B"", C",0\nMuse,0\n'
    file.write_text(text.replace("Björk,0", "Björk,1").replace('C",0', 'C", 1'), encoding="utf-8")
    assert read_sheet(file) == Sheet(["Björk", 'A "B", C'], [])


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0b", "\x1c", "\n", "\r"])
def test_names_may_hold_what_looks_like_the_end_of_a_line(file: Path, separator: str) -> None:
    write_sheet(file, ["Sep", f"Line{separator}Sep"])
    first, second = file.read_bytes().split(b"Sep,0\n", 1)
    file.write_bytes(first + b"Sep,0\n" + second.replace(b",0", b",1"))
    assert read_sheet(file) == Sheet([f"Line{separator}Sep"], [])


def test_deep_json_and_open_quotes_are_refused(file: Path) -> None:
    file.write_text("[" * 100_000)
    with pytest.raises(InputError, match="no export of Spotify's"):
        read_spotify(file)
    file.write_text('name,Like\n"Muse,1\n')
    with pytest.raises(InputError, match="quotation marks"):
        read_sheet(file)


@pytest.mark.parametrize("text", ["\ufeffname,Like\nMuse,1\n", "x,Like,name\n,1.0,Muse\n,,Air\n"])
def test_columns_in_any_order_and_a_byte_order_mark(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert read_sheet(file) == Sheet(["Muse"], [])


def test_less_of_something_is_marked_with_minus_one(file: Path) -> None:
    file.write_text("name,Like\nMuse,1\nAir,-1\nBlur,0\nSuede,-1.0\n", encoding="utf-8")
    assert read_sheet(file) == Sheet(["Muse"], ["Air", "Suede"])
    marked = [("Muse", LIKED), ("Björk, live", DISLIKED), ("=1", UNMARKED)]
    file.write_text(sheet_text(marked), encoding="utf-8")
    assert read_sheet(file) == Sheet(["Muse"], ["Björk, live"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("artist,liked\nMuse,1\n", "no column name and no column Like"),
        ("", "no column name"),
        ("name,Like\nMuse,0\nAir,\n", "likes nothing"),
        ("name,Like\nMuse,yes\n", r"line 2: Like is 'yes'"),
        ("name,Like\nMuse,-2\n", r"write 1 for liked, -1 for less of it"),
    ],
)
def test_what_is_no_sheet_is_refused(file: Path, text: str, said: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_sheet(file)


def test_files_that_cannot_be_read_are_refused(file: Path) -> None:
    for read in (read_sheet, read_spotify):
        with pytest.raises(InputError, match="can't be read"):
            read(file)
    file.write_bytes(b"name,Like\n\xff,1\n")
    with pytest.raises(InputError, match="UTF-8"):
        read_sheet(file)


@pytest.mark.parametrize(
    "text",
    [
        '{"items": [{"name": "Muse", "type": "artist"}, {"name": "Air"}, {"name": "Muse"}]}',
        '{"items": [{"name": "A song", "artists": [{"name": "Muse"}, {"name": "Air"}]}]}',
    ],
    ids=["artists", "tracks"],
)
def test_top_items_name_artists_once(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert read_spotify(file) == ["Muse", "Air"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"items": 3}', '{"items": [1]}', '{"items": [{"id": 3}]}', "name,Like"],
)
def test_what_is_no_export_is_refused(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no export of Spotify's"):
        read_spotify(file)


def test_an_export_without_artists_is_refused(file: Path) -> None:
    file.write_text('{"items": []}', encoding="utf-8")
    with pytest.raises(InputError, match="lists no artists"):
        read_spotify(file)
