from pathlib import Path

import pandas as pd
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.frames import ReportRow
from tastegraph.loaders.readers.hetrec import read_hetrec
from tastegraph.loaders.readers.tables import read_tables
from tastegraph.loaders.transforms.held_out import hold_out, leave_out
from tests.loaders.folders import assert_equal_frames, hetrec, row, tables


def test_listens_and_their_tags_go(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path))
    left = hold_out(frames, pd.DataFrame({"user": [2], "artist": [1]}))
    assert left.listens.to_numpy().tolist() == [[2, 5, 20], [7, 5, 30]]
    assert left.taggings["user"].tolist() == [7]
    assert row(left, "listens") == ReportRow("listens", 3, 2, 1, "held out: 1")
    assert row(left, "tag_assignments") == ReportRow("tag_assignments", 2, 1, 1, "held out: 1")
    assert row(left, "friendships") == row(frames, "friendships")


def test_user_and_artist_of_different_pairs_stay(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path))
    left = hold_out(frames, pd.DataFrame({"user": [7], "artist": [1]}))
    assert_equal_frames(left, frames)
    assert left.report == frames.report


def test_no_pairs(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path))
    assert_equal_frames(hold_out(frames, pd.DataFrame(columns=["user", "artist"])), frames)


def test_all_pairs(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path))
    left = hold_out(frames, frames.listens)
    assert (len(left.listens), len(left.taggings), len(left.users)) == (0, 0, 2)
    assert left.listens.dtypes.equals(frames.listens.dtypes)


@pytest.mark.parametrize("source", ["hetrec", "tables", "text"])
def test_file_of_pairs(tmp_path: Path, source: str) -> None:
    if source == "hetrec":
        frames = read_hetrec(hetrec(tmp_path / "data"))
    else:
        listens = "user,artist,plays\n2,1,10\n7,5,30\nana,5,20\n"
        changes = {"listens_csv": listens} if source == "text" else {}
        frames = read_tables(tables(tmp_path / "data", **changes))
    path = tmp_path / "test.tsv"
    path.write_text("userID\tartistID\tweight\n7\t5\tignored\n2\t99\t1\n")
    left = leave_out(frames, path)
    assert row(left, "listens").reason == "held out by test.tsv: 1"
    assert row(left, "tag_assignments").dropped == 1
    assert left.notes[-1] == (
        "test.tsv: 2 pairs to leave out; listens that went: 1, tag assignments: 1, "
        "pairs of unknown users or artists: 1."
    )


def test_file_of_another_data_set(tmp_path: Path) -> None:
    path = tmp_path / "test.csv"
    path.write_text("user,artist\nx,y\n")
    frames = read_hetrec(hetrec(tmp_path / "data"))
    with pytest.raises(InputError, match=r"test\.csv names no pair.*the same data set"):
        leave_out(frames, path)


def test_file_with_a_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "test.csv"
    path.write_text("user,artist\n")
    frames = read_hetrec(hetrec(tmp_path / "data"))
    assert_equal_frames(leave_out(frames, path), frames)


def test_pairs_are_found_however_they_are_spelled(tmp_path: Path) -> None:
    (tmp_path / "listens.csv").write_text("user,artist,plays\n1,Air,3\n1,Björk,2\n2,Air,1\n")
    (tmp_path / "out.csv").write_text("user,artist\n 1,AIR \n1,bj\u00f6rk\n")
    frames = read_tables(tmp_path / "listens.csv", without=tmp_path / "out.csv")
    assert frames.listens.to_numpy().tolist() == [[2, "Air", 1]]
