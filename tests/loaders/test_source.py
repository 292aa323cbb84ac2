from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.source import detect, read_source
from tests.loaders.folders import assert_equal_frames, hetrec, tables


def test_formats_are_recognised(tmp_path: Path) -> None:
    assert detect(hetrec(tmp_path / "hetrec")) == "hetrec"
    assert detect(tables(tmp_path / "tables")) == "tables"
    assert detect(tmp_path / "tables" / "listens.csv") == "tables"


def test_auto_reads_what_it_recognises(tmp_path: Path) -> None:
    folder = hetrec(tmp_path)
    assert_equal_frames(read_source(folder), read_source(folder, "hetrec"))


def test_another_data_set(tmp_path: Path) -> None:
    for name in ("ratings.csv", "movies.csv"):
        (tmp_path / name).write_text("x\n")
    expected = r"looked for user_artists\.dat \(hetrec\), listens\.csv.*, found movies\.csv, rat"
    with pytest.raises(InputError, match=expected):
        read_source(tmp_path)


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found no files\. Name a folder that holds one"):
        detect(tmp_path)


def test_many_other_files_are_cut_short(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.csv").touch()
    with pytest.raises(InputError, match="and 2 more"):
        detect(tmp_path)


def test_folder_around_the_data_is_led_further(tmp_path: Path) -> None:
    hetrec(tmp_path / "inner")
    with pytest.raises(InputError, match=r"Try .*inner\."):
        detect(tmp_path)


def test_incomplete_hetrec_folder_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lacks user_artists\.dat"):
        read_source(hetrec(tmp_path, user_artists_dat=None))


def test_both_formats_in_a_folder(tmp_path: Path) -> None:
    tables(hetrec(tmp_path))
    with pytest.raises(InputError, match="--format"):
        read_source(tmp_path)
    assert len(read_source(tmp_path, "tables").listens) == 3


def test_wrong_path_and_format(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        read_source(tmp_path / "gone")
    with pytest.raises(InputError, match=r"no format json\. Use auto, hetrec, tables"):
        read_source(hetrec(tmp_path), "json")
    with pytest.raises(InputError, match=r"data\.zip can't be read as a zip"):
        (tmp_path / "data.zip").touch()
        read_source(tmp_path / "data.zip")
    with pytest.raises(InputError, match="Is this a HetRec 2011"):
        read_source(tmp_path / "data.zip", "hetrec")
