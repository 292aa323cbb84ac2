from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tastegraph.errors import InputError
from tastegraph.graph.frames import ReportRow
from tastegraph.loaders.readers.hetrec import read_hetrec
from tastegraph.runtime.progress import Advance
from tests.loaders.folders import HETREC, assert_equal_frames, hetrec, row

LISTENS = "userID\tartistID\tweight\n"
TAGGED = "userID\tartistID\ttagID\tday\tmonth\tyear\n"


def test_small_folder(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path))
    assert frames.users.to_dict("list") == {"user": [2, 7]}
    assert frames.artists.to_dict("list") == {
        "artist": [1, 5],
        "name": ["Aba", "Be Ka"],
        "raw_name": [None, None],
        "url": ["http://a", "http://b"],
        "picture_url": ["http://p", None],
    }
    assert frames.listens.to_numpy().tolist() == [[2, 1, 10], [2, 5, 20], [7, 5, 30]]
    assert frames.friendships.to_numpy().tolist() == [[2, 7]]
    assert frames.taggings.to_numpy().tolist() == [[2, 1, 1, "2009-04-01"], [7, 5, 3, "1956-06-01"]]
    assert frames.notes == []


@pytest.mark.parametrize("name", HETREC)
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    hetrec(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=rf"lacks {name}.*it holds .*Is this a HetRec 2011"):
        read_hetrec(tmp_path)


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("user_artists.dat", "x\t1\t4", 'userID is "x", not a whole number'),
        ("user_artists.dat", "02\t1\t4", 'userID is "02", not a whole number'),
        ("user_artists.dat", "2\t\t4", 'artistID is "", not a whole number'),
        ("user_artists.dat", "2\t99999999999999999999\t4", "artistID is"),
        ("user_artists.dat", "2\t٣\t4", "artistID is"),
        (
            "user_artists.dat",
            "2\t1\t-4",
            'weight is "-4", not a whole number from 0 to 100,000,000',
        ),
        ("user_artists.dat", "2\t1\t4.5", 'weight is "4.5"'),
        ("user_artists.dat", "2\t1\tnan", 'weight is "nan"'),
        ("user_artists.dat", "2\t1\tinf", 'weight is "inf"'),
        ("user_artists.dat", "2\t1\tmany", 'weight is "many"'),
        ("user_artists.dat", "2\t1\t", 'weight is ""'),
        ("user_artists.dat", "2\t1\t100000001", 'weight is "100000001"'),
        ("artists.dat", "9\t\t\t", "name is empty"),
        ("artists.dat", "1.0\tCe\t\t", 'id is "1.0", not a whole number'),
        ("tags.dat", "4\t", "tagValue is empty"),
        ("tags.dat", "rock\t4", 'tagID is "rock"'),
        ("user_friends.dat", "2\tx", 'friendID is "x"'),
        ("user_taggedartists.dat", "2\t1\t3\t1\t13\t2009", "year month day is .*month 1-12"),
        ("user_taggedartists.dat", "2\t1\t3\tone\t1\t2009", "year month day is"),
        ("user_taggedartists.dat", "2\t1\t3\t1\t1\t", "year month day is"),
    ],
)
def test_bad_cell_is_named_with_its_line(
    tmp_path: Path, name: str, line: str, message: str
) -> None:
    text = HETREC[name]
    number = text.count("\n") + 1
    hetrec(tmp_path, **{name.replace(".", "_"): f"{text}{line}\n{text.splitlines()[1]}\n"})
    with pytest.raises(InputError, match=rf"^{name}, line {number}: {message}.*load again"):
        read_hetrec(tmp_path)


@pytest.mark.parametrize(
    ("name", "what"), [("user_artists.dat", "listens"), ("artists.dat", "art")]
)
def test_header_alone_is_refused_where_rows_are_needed(
    tmp_path: Path, name: str, what: str
) -> None:
    header = HETREC[name].splitlines()[0]
    hetrec(tmp_path, **{name.replace(".", "_"): header})
    with pytest.raises(InputError, match=rf"{name} holds no {what}"):
        read_hetrec(tmp_path)


def test_no_friends_and_no_tags(tmp_path: Path) -> None:
    folder = hetrec(
        tmp_path,
        tags_dat="tagID\ttagValue\n",
        user_friends_dat="userID\tfriendID\n",
        user_taggedartists_dat=TAGGED,
    )
    frames = read_hetrec(folder)
    assert [len(frames.tags), len(frames.friendships), len(frames.taggings)] == [0, 0, 0]
    assert frames.friendships.dtypes.astype(str).tolist() == ["int64", "int64"]


def test_mojibake_is_repaired_and_noted(tmp_path: Path) -> None:
    artists = "id\tname\n1\tBallakÃ© Sissoko\n5\tBallaké\n"
    frames = read_hetrec(hetrec(tmp_path, artists_dat=artists))
    assert frames.artists["name"].tolist() == ["Ballaké Sissoko", "Ballaké"]
    assert frames.artists["raw_name"].tolist() == ["BallakÃ© Sissoko", None]
    assert frames.notes == [
        "artists.dat: 1 name was repaired (UTF-8 once read as Latin-1): "
        "BallakÃ© Sissoko -> Ballaké Sissoko."
    ]


def test_strange_names_come_through(tmp_path: Path) -> None:
    names = ['"Q', "O'\\Ne'\"il", "🎸🎶", "}) DETACH DELETE (n) //", "${x} $1 {y}", "NA"]
    lines = "".join(f"{number}\t{name}\n" for number, name in enumerate(names, start=1))
    frames = read_hetrec(hetrec(tmp_path, artists_dat=f"id\tname\n{lines}"))
    assert frames.artists["name"].tolist() == names


def test_timestamps_alone(tmp_path: Path) -> None:
    folder = hetrec(tmp_path, user_taggedartists_dat=None)
    (folder / "user_taggedartists-timestamps.dat").write_text(
        "userID\tartistID\ttagID\ttimestamp\n2\t1\t1\t1238536800000\n7\t5\t3\t-428720400000\n"
    )
    assert_equal_frames(read_hetrec(folder), read_hetrec(hetrec(tmp_path / "dates")))


def test_both_tag_files_are_not_both_counted(tmp_path: Path) -> None:
    folder = hetrec(tmp_path)
    (folder / "user_taggedartists-timestamps.dat").write_text("anything")
    frames = read_hetrec(folder)
    assert row(frames, "tag_assignments").read == 2
    assert frames.notes == [
        "user_taggedartists-timestamps.dat was not read, as it holds the same rows as "
        "user_taggedartists.dat."
    ]


@pytest.mark.parametrize("stamp", ["soon", "12.5", "9" * 15])
def test_bad_timestamp(tmp_path: Path, stamp: str) -> None:
    folder = hetrec(tmp_path, user_taggedartists_dat=None)
    name = "user_taggedartists-timestamps.dat"
    (folder / name).write_text(f"userID\tartistID\ttagID\ttimestamp\n2\t1\t1\t{stamp}\n")
    with pytest.raises(InputError, match=rf"{name}, line 2: timestamp is"):
        read_hetrec(folder)


def test_unknown_date_is_empty(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path, user_taggedartists_dat=f"{TAGGED}2\t1\t1\t\t\t\n"))
    assert frames.taggings["date"].tolist() == [""]


def test_listens_from_another_file_keep_the_users(tmp_path: Path) -> None:
    listens = tmp_path / "train.tsv"
    listens.write_text(f"{LISTENS}7\t5\t30.0\n8\t1\t1\n8\t77\t1\n")
    frames = read_hetrec(hetrec(tmp_path / "data"), listens=listens)
    assert frames.users["user"].tolist() == [2, 7, 8]
    assert frames.listens.to_numpy().tolist() == [[7, 5, 30], [8, 1, 1]]
    assert row(frames, "listens") == ReportRow("listens", 3, 2, 1, "artist not in artists.dat: 1")


def test_progress_covers_all_steps(tmp_path: Path) -> None:
    seen: list[int] = []

    @contextmanager
    def watch(label: str, total: int) -> Iterator[Advance]:
        seen.append(total)
        yield lambda steps: seen.append(-steps)

    read_hetrec(hetrec(tmp_path), progress=watch)
    assert sum(seen) == 0
