"""Users and tags that differ in case alone stay apart, and it is said."""

from pathlib import Path

from tastegraph.loaders.readers.tables import read_tables
from tastegraph.loaders.transforms.kept_apart import kept_apart_note
from tastegraph.loaders.transforms.known import Known


def test_groups_are_named_in_order() -> None:
    names = ["me", "Me", "ME", "you", "Straße", "STRASSE", "a  b", "a b", "z", "Z"]
    (note,) = kept_apart_note("users", names)
    assert note.startswith(
        "users that differ in case or blanks alone were kept apart: 'ME' and 'Me' and 'me', "
        "'STRASSE' and 'Straße', 'Z' and 'z' and 1 more. "
    )
    assert kept_apart_note("users", ["me", "you", "mé"]) == []


def test_what_the_graph_knows_is_compared_too_but_is_no_news() -> None:
    (note,) = kept_apart_note("tags", ["Rock"], ["rock", "pop"])
    assert "'Rock' and 'rock'" in note
    assert kept_apart_note("tags", ["Rock"], ["rock", "Rock"]) == []


def test_a_load_says_it(tmp_path: Path) -> None:
    (tmp_path / "listens.csv").write_text("user,artist,plays\nme,1,3\nMe,1,2\nyou,1,1\n")
    (tmp_path / "tags.csv").write_text("user,artist,tag\nme,1,Rock\nme,1,rock\n")
    frames = read_tables(tmp_path, known=Known(users=frozenset(["YOU"])))
    assert frames.users["user"].tolist() == ["Me", "me", "you"]
    users, tags = (note for note in frames.notes if "kept apart" in note)
    assert "'Me' and 'me', 'YOU' and 'you'." in users
    assert "'Rock' and 'rock'." in tags


def test_numbers_have_one_spelling(tmp_path: Path) -> None:
    (tmp_path / "listens.csv").write_text("user,artist,plays\n1,1,3\n2,1,2\n")
    assert read_tables(tmp_path, known=Known(users=frozenset([1, 2]))).notes == []
