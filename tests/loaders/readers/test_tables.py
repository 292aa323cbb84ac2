from pathlib import Path

import pandas as pd
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.frames import ReportRow
from tastegraph.loaders.readers.tables import read_tables
from tastegraph.loaders.transforms.known import Known
from tests.loaders.folders import assert_equal_frames, row, tables


def test_small_folder(tmp_path: Path) -> None:
    frames = read_tables(tables(tmp_path))
    assert frames.users.to_dict("list") == {"user": [2, 7]}
    assert frames.artists.to_dict("list") == {
        "artist": [1, 5],
        "name": ["Aba", "Be Ka"],
        "raw_name": [None, None],
        "url": ["http://a", None],
        "picture_url": [None, None],
    }
    assert frames.tags.to_dict("list") == {"tag": ["pop", "rock"], "name": ["pop", "rock"]}
    assert frames.listens.to_numpy().tolist() == [[2, 1, 10], [2, 5, 20], [7, 5, 30]]
    assert frames.friendships.to_numpy().tolist() == [[2, 7]]
    assert frames.taggings.to_numpy().tolist() == [[2, 1, "rock", "2009-04-01"], [7, 5, "pop", ""]]
    assert frames.notes == []


@pytest.mark.parametrize("suffix", [".tsv", ".parquet"])
def test_other_formats_say_the_same(tmp_path: Path, suffix: str) -> None:
    folder = tables(tmp_path / "csv")
    other = tmp_path / "other"
    other.mkdir()
    for path in folder.iterdir():
        frame = pd.read_csv(path)
        target = other / f"{path.stem}{suffix}"
        if suffix == ".tsv":
            frame.to_csv(target, sep="\t", index=False)
        else:
            frame.to_parquet(target)
    assert_equal_frames(read_tables(other), read_tables(folder))


def test_listens_alone_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plays.csv"
    path.write_text("user,artist,plays\nana,The Foos,3\nbo,Bär,5.0\n")
    frames = read_tables(path)
    assert frames.users["user"].tolist() == ["ana", "bo"]
    assert frames.artists["artist"].tolist() == ["Bär", "The Foos"]
    assert frames.artists["name"].tolist() == ["Bär", "The Foos"]
    assert frames.artists["raw_name"].tolist() == [None, None]
    assert frames.listens["plays"].tolist() == [3, 5]
    assert [len(frames.friendships), len(frames.tags), len(frames.taggings)] == [0, 0, 0]
    assert [report.kind for report in frames.report] == [
        "users",
        "artists",
        "tags",
        "listens",
        "friendships",
        "tag_assignments",
    ]


@pytest.mark.parametrize("odd", ["x", "007", "1.5", "99999999999999999999", "-0"])
def test_one_odd_id_makes_all_of_a_kind_text(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "listens.csv"
    path.write_text(f"user,artist,plays\n12,1,3\n{odd},1,3\n9,2,1\n")
    frames = read_tables(path)
    assert set(frames.users["user"]) == {"12", "9", odd}
    assert frames.users["user"].tolist() == sorted(["12", "9", odd])
    assert frames.artists["artist"].tolist() == [1, 2]


def test_friendships_are_ordered_as_numbers(tmp_path: Path) -> None:
    listens = "user,artist,plays\n9,1,3\n10,1,3\n"
    folder = tables(tmp_path, listens_csv=listens, friends_csv="user,friend\n10,9\n")
    assert read_tables(folder).friendships.to_numpy().tolist() == [[9, 10]]


def test_each_row_counts_one_where_no_column_can_have_plays(tmp_path: Path) -> None:
    listens = "user,artist\n2,1\n2,5\n2,1\n"
    frames = read_tables(tables(tmp_path, listens_csv=listens))
    assert frames.listens.to_numpy().tolist() == [[2, 1, 2], [2, 5, 1]]
    assert "listens.csv: no column weight or plays, so each row counts one." in frames.notes


def test_a_column_that_may_have_the_plays_is_asked_about(tmp_path: Path) -> None:
    listens = "user,artist,count\n2,1,40\n"
    with pytest.raises(InputError, match="the other columns are count"):
        read_tables(tables(tmp_path, listens_csv=listens))


def test_rows_that_point_nowhere_are_counted(tmp_path: Path) -> None:
    folder = tables(
        tmp_path,
        friends_csv="user,friend\n2,7\n2,zoe\n",
        tags_csv="user,artist,tag\n2,1,rock\n2,no,rock\n",
    )
    frames = read_tables(folder)
    assert row(frames, "friendships") == ReportRow(
        "friendships", 2, 1, 1, "friend not in listens.csv: 1"
    )
    assert row(frames, "tag_assignments") == ReportRow(
        "tag_assignments", 2, 1, 1, "artist not in artists.csv: 1"
    )


def test_tag_that_is_a_number_stays_a_name(tmp_path: Path) -> None:
    frames = read_tables(tables(tmp_path, tags_csv="user,artist,tag\n2,1,80\n7,5,90\n"))
    assert frames.tags["tag"].tolist() == ["80", "90"]
    assert frames.taggings["tag"].tolist() == ["80", "90"]


def test_time_of_day_is_left_out(tmp_path: Path) -> None:
    tags = "user,artist,tag,date\n2,1,a,2009-04-01T10:00:00\n2,1,b,1956-06-01 00:00:00.000\n"
    frames = read_tables(tables(tmp_path, tags_csv=tags))
    assert frames.taggings["date"].tolist() == ["2009-04-01", "1956-06-01"]


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("listens", "2,1,-1", 'plays is "-1", not a whole number from 0 to 100,000,000'),
        ("listens", "2,1,", 'plays is ""'),
        ("listens", "2,1,NaN", 'plays is "NaN"'),
        ("artists", "9,,", "name is empty"),
        ("artists", "5,Other,", "artist 5 is there a second time with another name"),
        ("tags", "2,1,rock,1.4.2009", 'date is "1.4.2009", not a date YYYY-MM-DD'),
        ("tags", "2,1,rock,2009-13-01", 'date is "2009-13-01"'),
    ],
)
def test_bad_cell_is_named_with_its_line(
    tmp_path: Path, name: str, line: str, message: str
) -> None:
    folder = tables(tmp_path)
    with (folder / f"{name}.csv").open("a") as file:
        file.write(f"{line}\n")
    number = (folder / f"{name}.csv").read_text().count("\n")
    with pytest.raises(InputError, match=rf"^{name}\.csv, line {number}: {message}.*load again"):
        read_tables(folder)


def test_rows_without_an_id_are_dropped_and_counted(tmp_path: Path) -> None:
    folder = tables(
        tmp_path,
        listens_csv="user,artist,plays\n2,1,10\n,5,20\n7,,1\n7,5,30\n",
        friends_csv="user,friend\n2,7\n2,\n",
        tags_csv="user,artist,tag\n2,1,rock\n2,1,\n",
    )
    frames = read_tables(folder)
    assert frames.listens.to_numpy().tolist() == [[2, 1, 10], [7, 5, 30]]
    assert row(frames, "listens").reason == "user is missing: 1; artist is missing: 1"
    assert row(frames, "friendships").reason == "friend is missing: 1"
    assert row(frames, "tag_assignments").reason == "tag is missing: 1"


def test_missing_ids_in_parquet_are_nobody(tmp_path: Path) -> None:
    path = tmp_path / "listens.parquet"
    columns = {"user": [1.0, float("nan"), None], "artist": ["nan", "B", "NA"], "plays": [1, 2, 3]}
    pd.DataFrame(columns).to_parquet(path)
    frames = read_tables(path)
    assert frames.listens.to_numpy().tolist() == [[1, "nan", 1]]
    assert row(frames, "listens").reason == "user is missing: 2"


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_whole_numbers_that_came_through_floats_are_whole_again(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"listens.{suffix}"
    ids = [12345678901.0, 2.0, float(2**53 - 1)]
    frame = pd.DataFrame({"user": ids, "artist": ["A", "B", "A"], "plays": [1, 2, 3]})
    frame.to_csv(path, index=False) if suffix == "csv" else frame.to_parquet(path)
    assert read_tables(path).users["user"].tolist() == [2, 12345678901, 2**53 - 1]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_ids_that_floats_may_have_changed_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"listens.{suffix}"
    frame = pd.DataFrame(
        {"user": [1.0, 76561198000000001.0], "artist": ["A", "B"], "plays": [1, 2]}
    )
    frame.to_csv(path, index=False) if suffix == "csv" else frame.to_parquet(path)
    with pytest.raises(InputError, match=r'(line 3|row 2): user is "7\.6561198e\+16", not a whole'):
        read_tables(path)


def test_names_that_look_like_floats_among_names_stay(tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    path.write_text("user,artist,plays\n1,1e5,3\n1,2.0,3\n1,Air,1\n")
    assert read_tables(path).artists["artist"].tolist() == ["1e5", "2.0", "Air"]


def test_one_artist_in_several_spellings(tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    names = ["Björk", "Bjo\u0308rk", " Björk ", "BJÖRK", "Björk", "Air"]
    lines = "".join(f"u{at},{name},1\n" for at, name in enumerate(names))
    path.write_text(f"user,artist,plays\n{lines}", encoding="utf-8")
    frames = read_tables(path)
    assert frames.artists["name"].tolist() == ["Air", "Björk"]
    assert len(frames.listens) == 6
    assert row(frames, "artists") == ReportRow(
        "artists", 3, 2, 0, "another spelling of the same artist: 1"
    )
    assert [note.split(":")[0] for note in frames.notes] == ["listens.csv", "listens.csv"]
    assert "outer blanks or Unicode forms" in frames.notes[0]


def test_names_meet_the_artists_of_the_graph(tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    path.write_text("user,artist,plays\n1,bjork,3\n1,311,2\n1,Air,1\n", encoding="utf-8")
    known = Known(artists={7: ("Björk", 4), 311: ("Another", 1), 8: ("311", 1)})
    frames = read_tables(path, known=known)
    assert not frames.named
    assert frames.artists[["artist", "name"]].to_numpy().tolist() == [
        ["311", "Another"],
        ["7", "Björk"],
        ["Air", "Air"],
    ]
    assert "taken for artists of the graph: bjork -> Björk" in " ".join(frames.notes)


def test_rows_may_speak_of_what_the_graph_knows(tmp_path: Path) -> None:
    folder = tables(
        tmp_path,
        listens_csv="user,artist,plays\n2,9,10\n",
        friends_csv="user,friend\n2,50\n2,51\n",
        tags_csv="user,artist,tag\n50,1,rock\n",
    )
    known = Known(frozenset([50]), {9: ("Nine", 1)}, {4: "rock"})
    frames = read_tables(folder, known=known)
    assert frames.listens.to_numpy().tolist() == [[2, 9, 10]]
    assert frames.friendships.to_numpy().tolist() == [[2, 50]]
    assert row(frames, "friendships").reason == "friend not in listens.csv nor in the graph: 1"
    assert frames.taggings.to_numpy().tolist() == [[50, 1, 4, ""]]


@pytest.mark.parametrize(
    ("cell", "said"),
    [("x" * 1_001, "user has 1,001 letters, more than the 1,000"), ("1.000", "may be 1 or 1000")],
)
def test_cells_that_nobody_means_are_refused(tmp_path: Path, cell: str, said: str) -> None:
    path = tmp_path / "listens.csv"
    user, plays = (cell, "1") if "x" in cell else ("1", cell)
    path.write_text(f"user,artist,plays\n1,A,1\n{user},B,{plays}\n")
    with pytest.raises(InputError, match=rf"listens\.csv, line 3: .*{said}"):
        read_tables(path)


def test_bad_plays_in_parquet(tmp_path: Path) -> None:
    path = tmp_path / "listens.parquet"
    pd.DataFrame({"user": [1, 2], "artist": [1, 1], "plays": [2.0, 2.5]}).to_parquet(path)
    with pytest.raises(InputError, match=r'listens\.parquet, row 2: plays is "2\.5"'):
        read_tables(path)


def test_one_table_in_two_files(tmp_path: Path) -> None:
    folder = tables(tmp_path)
    (folder / "friends.tsv").write_text("user\tfriend\n")
    with pytest.raises(InputError, match=r"friends\.csv and friends\.tsv, which are one table"):
        read_tables(folder)


def test_no_listens(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no table of listens\. Add one of listens\.csv"):
        read_tables(tables(tmp_path, listens_csv=None))
    with pytest.raises(InputError, match=r"listens\.csv holds no listens, only a header"):
        read_tables(tables(tmp_path, listens_csv="user,artist,plays\n"))


def test_unused_columns_are_noted(tmp_path: Path) -> None:
    frames = read_tables(tables(tmp_path, friends_csv="user,friend,since\n2,7,2009\n"))
    assert frames.notes == ["friends.csv: columns that are not used: since."]


def test_a_split_keeps_all_users_and_artists(tmp_path: Path) -> None:
    folder = tables(tmp_path / "data", artists_csv=None)
    train, test = tmp_path / "train.tsv", tmp_path / "test.csv"
    train.write_text("userID\tartistID\tweight\n2\t1\t10\n")
    test.write_text("user,artist\n7,5\n")
    frames = read_tables(folder, train, test)
    assert frames.users["user"].tolist() == [2, 7]
    assert frames.artists["artist"].tolist() == [1, 5]
    assert frames.listens.to_numpy().tolist() == [[2, 1, 10]]
    assert frames.taggings[["user", "artist"]].to_numpy().tolist() == [[2, 1]]
