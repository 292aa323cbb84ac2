"""What an export writes, a load reads as the same graph; and where it writes it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from tastegraph.errors import InputError
from tastegraph.graph.content import GraphContent
from tastegraph.graph.frames import GraphFrames, OwnProperty
from tastegraph.loaders.files.manifest import MANIFEST
from tastegraph.loaders.ingest.target import target_content
from tastegraph.loaders.source import read_source
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.write_graph import graph_tables, kinds_of_ids, write_graph
from tests.contract.frames import frames
from tests.loaders.graphs import AWKWARD, NUMERALS, graphs


def content_of(source: GraphFrames) -> GraphContent:
    return target_content(GraphContent(), source, replace=True)


def write(source: GraphFrames, folder: Path, csv: bool = False, force: bool = False) -> None:
    content = content_of(source)
    tables = graph_tables(content, source.hidden, source.properties)
    write_graph(tables, kinds_of_ids(content), folder, csv=csv, force=force)


def check_same(source: GraphFrames, folder: Path, csv: bool) -> None:
    write(source, folder, csv)
    again = read_source(folder)
    assert content_of(again) == content_of(source)
    assert again.hidden == source.hidden
    assert repr(again.properties) == repr(source.properties)
    assert not again.notes
    assert all(not row.dropped for row in again.report)


@settings(max_examples=20)
@given(graphs())
def test_what_was_written_reads_back(source: GraphFrames) -> None:
    with TemporaryDirectory() as folder:
        check_same(source, Path(folder) / "parquet", csv=False)
        check_same(source, Path(folder) / "csv", csv=True)


@pytest.mark.parametrize("csv", [False, True], ids=["parquet", "csv"])
def test_names_that_files_are_known_to_change(tmp_path: Path, csv: bool) -> None:
    names = [*AWKWARD, *NUMERALS]
    source = frames(
        users=sorted(NUMERALS),
        artists=list(enumerate(names, 1)),
        tags=[("1", "rock"), ("2", "rock")],
        listens=sorted((user, 1, 3) for user in NUMERALS),
        taggings=[("1", 1, "1", "2010-01-01"), ("1", 1, "2", "")],
    )
    check_same(source, tmp_path / "export", csv)


@pytest.mark.parametrize("csv", [False, True], ids=["parquet", "csv"])
def test_a_whole_data_set(tmp_path: Path, csv: bool) -> None:
    check_same(generate(60, 300, 7), tmp_path / "export", csv)


def test_parquet_has_numbers_as_numbers(tmp_path: Path) -> None:
    write(frames([1], [("a", "Air")], listens=[(1, "a", 3)]), tmp_path / "x")
    listens = pq.read_table(tmp_path / "x" / "listens.parquet")
    assert [str(field.type) for field in listens.schema] == ["int64", "string", "int64"]
    assert listens.to_pylist() == [{"user": 1, "artist": "a", "plays": 3}]


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(generate(20, 50, 1), tmp_path / name)
    one, two = tmp_path / "one", tmp_path / "two"
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    for force in (False, True):
        with pytest.raises(InputError, match="holds something else than an export"):
            write(generate(20, 50, 1), tmp_path / "mine", force=force)
    with pytest.raises(InputError, match="is a file"):
        write(generate(20, 50, 1), tmp_path / "mine" / "letter.txt")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "letter.txt"]


def test_an_export_is_replaced_by_force_alone(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    write(generate(20, 50, 1), folder)
    with pytest.raises(InputError, match="--force replaces it"):
        write(generate(20, 50, 2), folder, csv=True)
    assert content_of(read_source(folder)) == content_of(generate(20, 50, 1))
    write(generate(20, 50, 2), folder, csv=True, force=True)
    assert content_of(read_source(folder)) == content_of(generate(20, 50, 2))
    assert not list(folder.glob("*.parquet"))
    (folder / "notes.md").write_text("x")
    with pytest.raises(InputError, match="also holds notes"):
        write(generate(20, 50, 2), folder, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_what_breaks_off_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    source = frames([1], [(1, "a\0b")], listens=[(1, 1, 3)])
    with pytest.raises(InputError, match="Leave out --csv"):
        write(source, tmp_path / "x", csv=True)
    assert not list(tmp_path.iterdir())
    write(generate(20, 50, 1), tmp_path / "x")
    with pytest.raises(InputError, match="Leave out --csv"):
        write(source, tmp_path / "x", csv=True, force=True)
    assert content_of(read_source(tmp_path / "x")) == content_of(generate(20, 50, 1))
    check_same(source, tmp_path / "y", csv=False)


def test_half_an_export_is_refused(tmp_path: Path) -> None:
    write(generate(20, 50, 1), tmp_path / "x")
    (tmp_path / "x" / "friends.parquet").unlink()
    with pytest.raises(InputError, match="half an export: the table friends is not there"):
        read_source(tmp_path / "x")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("[]", "no manifest of an export"),
        ("{", "no manifest of an export"),
        ('{"form": "tastegraph export", "version": 1, "tables": 3}', "no manifest"),
        ('{"form": "tastegraph export", "version": 2}', "of version 2, which is not known"),
    ],
)
def test_a_manifest_that_is_none(tmp_path: Path, content: str, error: str) -> None:
    write(generate(20, 50, 1), tmp_path / "x")
    (tmp_path / "x" / MANIFEST).write_text(content)
    with pytest.raises(InputError, match=error):
        read_source(tmp_path / "x")


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("artist,1,listeners,3", "line 2: property is 'listeners', which a load may not set"),
        ("artist,1,embedding,[1]", "which a load may not set"),
        ("artist,1,id,3", "which a load may not set"),
        ("band,1,country,3", "kind is 'band', not one of user, artist, tag"),
        ("artist,1,country,IS", "value is IS, not JSON"),
        ("artist,1,country,{}", "not JSON of a value or a list"),
        ("artist,1,country,null", "not JSON of a value or a list"),
    ],
)
def test_properties_that_a_load_may_not_set(tmp_path: Path, row: str, error: str) -> None:
    write(frames([1], [(1, "Air")], listens=[(1, 1, 3)]), tmp_path / "x", csv=True)
    (tmp_path / "x" / "properties.csv").write_text(f"kind,id,property,value\n{row}\n")
    with pytest.raises(InputError, match=error):
        read_source(tmp_path / "x")


def test_what_speaks_of_nobody_is_counted(tmp_path: Path) -> None:
    source = frames([1], [(1, "Air"), (2, "Beck")], listens=[(1, 1, 3)])
    source.hidden.append((1, 2))
    source.features.append((2, 1))
    source.properties.append(OwnProperty("Artist", 2, "country", "FR"))
    write(source, tmp_path / "x", csv=True)
    (tmp_path / "x" / "artists.csv").write_text("artist,name\n1,Air\n")
    again = read_source(tmp_path / "x")
    assert (again.hidden, again.features, again.properties) == ([], [], [])
    report = {row.kind: (row.read, row.loaded, row.dropped) for row in again.report}
    assert report["hidden"] == report["features"] == report["properties"] == (1, 0, 1)


def test_the_manifest_says_which_ids_are_text(tmp_path: Path) -> None:
    write(frames(["7"], [(7, "Air")], listens=[("7", 7, 3)]), tmp_path / "x")
    said = json.loads((tmp_path / "x" / MANIFEST).read_text())
    assert said["ids"] == {"user": "text", "artist": "whole numbers", "tag": "whole numbers"}
