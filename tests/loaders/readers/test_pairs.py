"""The two sides of a split, from files."""

from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.readers.pairs import read_test, read_train


def test_pairs_without_plays_are_no_listens(tmp_path: Path) -> None:
    file = tmp_path / "test.csv"
    file.write_text("user,artist,plays\nu1,c,0\nu2,d,1\nu2,d,2\nu2,b,0.0\n")
    pairs, notes = read_test(file)
    assert pairs.to_numpy().tolist() == [["u2", "d"]]
    assert notes == ["2 test pairs of test.csv have 0 plays: left out"]
    assert read_train(file).to_numpy().tolist() == [["u2", "d", 3]]


def test_plays_are_not_needed(tmp_path: Path) -> None:
    file = tmp_path / "test.tsv"
    file.write_text("userID\tartistID\n 7\tA\n7\tA\n")
    pairs, notes = read_test(file)
    assert (pairs.to_numpy().tolist(), notes) == ([["7", "A"]], [])


def test_nothing_to_be_found_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "test.csv"
    file.write_text("user,artist,plays\nu1,c,0\n")
    with pytest.raises(InputError, match=r"test\.csv holds nothing to be found"):
        read_test(file)
