"""``load``, ``generate`` and ``info``."""

import json
import shlex
from pathlib import Path

import pytest

from tests.commands.running import Ask, columns, from_csv, run

REPORT = ["kind", "read", "loaded", "dropped", "reason"]
KINDS = ["User", "Artist", "Tag", "LISTENED", "FRIEND", "TAGGED", "HAS_TAG", "USES_TAG", "FEATURES"]


def write(file: Path, *lines: str) -> Path:
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return file


def counts(ask: Ask) -> dict[str, int]:
    return {row["kind"]: row["count"] for row in ask.rows("info")}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    write(folder / "listens.csv", "user,artist,plays", "ann,x,3", "ann,y,2", "bob,x,1")
    write(folder / "tags.csv", "user,artist,tag", "ann,y,folk", "bob,x,rock")
    return folder


def test_report_and_counts(ask: Ask, small: Path) -> None:
    store = Ask("store")
    result = store("load", small)
    assert columns(result) == REPORT
    assert "added" in result.stderr
    again = store("load", small, "--output-format", "json", "--format", "hetrec")
    assert "0 nodes and relationships added, 0 changed, 0 removed" in again.stderr
    report = {row["kind"]: row["loaded"] for row in json.loads(again.stdout)}
    held = counts(store)
    assert list(held) == [*KINDS, "model"]
    assert (held["User"], held["LISTENED"], held["FRIEND"], held["model"]) == (
        *(report[kind] for kind in ("users", "listens", "friendships")),
        None,
    )


def test_dry_run_makes_no_store(small: Path) -> None:
    result = run("load", small, "--dry-run", "--output-format", "csv")
    assert {row["kind"]: row["loaded"] for row in from_csv(result.stdout)}["users"] == "30"
    assert "not touched" in result.stderr
    assert list(Path().iterdir()) == []


def test_dry_run_leaves_the_store_as_it_is(change: Ask, small: Path) -> None:
    before = counts(change)
    change("load", small, "--dry-run", "--replace")
    assert counts(change) == before


def test_split_takes_listens_and_leaves_out_pairs(tables: Path, tmp_path: Path) -> None:
    train = write(tmp_path / "train.tsv", "userID\tartistID\tweight", "ann\tx\t3", "ann\ty\t2")
    test = write(tmp_path / "test.tsv", "userID\tartistID\tweight", "ann\ty\t2")
    store = Ask("store")
    report = from_csv(
        store("load", tables, "--listens", train, "--without", test, "-o", "report.csv").stdout
        or Path("report.csv").read_text(encoding="utf-8")
    )
    assert list(report[0]) == REPORT
    held = counts(store)
    # Bob's listen is not in the other file; Ann's of y and her tag of it are left out.
    assert held["LISTENED"] == 1
    assert held["TAGGED"] == 1


def test_replace_removes_what_is_gone(tables: Path) -> None:
    store = Ask("store")
    store("load", tables)
    write(tables / "listens.csv", "user,artist,plays", "ann,x,3", "ann,y,2")
    write(tables / "tags.csv", "user,artist,tag", "ann,y,folk")
    store("load", tables)
    assert counts(store)["LISTENED"] == 3
    assert "removed" in store("load", tables, "--replace").stderr
    held = counts(store)
    assert (held["User"], held["LISTENED"], held["Tag"]) == (1, 2, 1)


def test_odd_ids_and_names_come_back_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    users = ['ann "x" \\ {id: 1}', "b\N{PILE OF POO}b", "-5x"]
    lines = [
        f'"{user.replace(chr(34), chr(34) * 2)}",{artist},3' for user in users for artist in "xyz"
    ]
    write(folder / "listens.csv", "user,artist,plays", *lines, "eve,w,2", "eve,x,2")
    run("load", folder)
    run("train", "--dimensions", 4, "--epochs", 2)
    for user in users:
        rows = json.loads(run("recommend", "--format", "json", "--", user).stdout)
        assert [(row["user"], row["artist"]) for row in rows] == [(user, "w")]


@pytest.mark.parametrize("formats", [("hetrec", "tables"), ("csv", "json")])
def test_two_formats_of_one_kind_are_wrong_usage(small: Path, formats: tuple[str, str]) -> None:
    words = [word for name in formats for word in ("--format", name)]
    assert "can't be both" in run("load", small, *words, code=2).stderr


def test_what_is_no_data_is_said_and_no_store_is_made(tmp_path: Path) -> None:
    assert "no file or folder" in run("load", tmp_path / "none", code=1).stderr
    assert "is no data" in run("load", tmp_path, code=1).stderr
    bad = write(tmp_path / "listens.csv", "user,artist,plays", "1,2,-3")
    assert "line 2" in run("load", bad, code=1).stderr
    assert [path.name for path in tmp_path.iterdir()] == ["listens.csv"]


@pytest.mark.parametrize("format_", ["hetrec", "tables"])
def test_generated_data_loads_and_depends_on_the_seed(format_: str) -> None:
    words = ("--users", 20, "--artists", 40, "--format", format_)
    folders = [Path(name) for name in ("one", "same", "other")]
    for folder, seed in zip(folders, (1, 1, 2), strict=True):
        run("generate", folder, *words, "--seed", seed)
    one, same, other = (
        {file.name: file.read_bytes() for file in folder.iterdir()} for folder in folders
    )
    assert one == same
    assert one.keys() == other.keys()
    assert one != other
    report = from_csv(run("load", "one", "--dry-run", "--output-format", "csv").stdout)
    assert [row["loaded"] for row in report[:2]] == ["20", "40"]


def test_generate_says_how_to_load(small: Path) -> None:
    note = run("--store", "my store", "generate", "my data", "--users", 5, "--artists", 9).stderr
    command = note.split("load it with: ")[1]
    words = shlex.split(command)
    assert words == ["tastegraph", "--store", "my store", "load", "my data"]
    run(*words[1:], "--dry-run")


def test_generate_refuses_a_folder_with_something_in_it(small: Path) -> None:
    before = {file.name: file.read_bytes() for file in small.iterdir()}
    # So many would take minutes: it is said before anything is invented.
    many = ("--users", 1_000_000, "--artists", 1_000_000)
    assert "is not empty" in run("generate", small, *many, code=1).stderr
    assert "can't be written" in run("generate", small / "artists.dat", *many, code=1).stderr
    assert {file.name: file.read_bytes() for file in small.iterdir()} == before


@pytest.mark.parametrize(
    "words", [("--users", 0), ("--artists", 0), ("--seed", -1), ("--users", "x")]
)
def test_generate_wrong_usage(words: tuple[object, ...]) -> None:
    run("generate", "out", *words, code=2)
    assert not Path("out").exists()


def test_generate_of_one_user_and_one_artist() -> None:
    run("generate", "out", "--users", 1, "--artists", 1)
    run("load", "out", "--dry-run")


def test_collaborations_are_linked_and_rare_tags_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    write(folder / "listens.csv", "user,artist,plays", "ann,x,3", "bob,x,1", "ann,y,2", "ann,z,1")
    write(folder / "artists.csv", "artist,name", "x,Kylie", "y,Nick", "z,Nick feat. Kylie")
    write(folder / "tags.csv", "user,artist,tag", "ann,x,pop", "bob,y,pop", "bob,x,mine")
    store = Ask("store")
    options = ("--link-collaborations", "--prune-tags", "2,2")
    rows = json.loads(store("load", folder, *options, "--json").stdout)
    report = {row["kind"]: (row["read"], row["loaded"], row["dropped"]) for row in rows}
    assert report["collaborations"] == (1, 1, 0)
    assert report["tags"] == (2, 1, 1)
    held = counts(store)
    assert (held["FEATURES"], held["Tag"], held["HAS_TAG"]) == (2, 1, 2)
    store("load", folder)
    assert counts(store)["FEATURES"] == 2
    store("load", folder, "--replace")
    assert counts(store)["FEATURES"] == 0
    store("load", folder, "--prune-tags", "2", code=2)
