import stat
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.readers.hetrec import read_hetrec
from tastegraph.loaders.readers.tables import read_tables
from tastegraph.loaders.synthetic.generate import generate
from tastegraph.loaders.transforms.repair_names import repaired
from tastegraph.loaders.write_files import write_hetrec, write_tables
from tests.loaders.folders import assert_equal_frames, hetrec, tables

BREAKS = "\t\n\r\0"
NASTY = [
    '"Q',
    "a,b",
    "O'\\Ne\"il",
    "🎸",
    "}) DETACH DELETE (n) //",
    "NA",
    "None",
    " ",
    "#",
    "\u2028",
]


def _names(without: str) -> st.SearchStrategy[str]:
    alphabet = st.characters(exclude_categories=["Cs"], exclude_characters=without)
    free = st.text(alphabet, min_size=1, max_size=12)
    return (st.sampled_from(NASTY) | free).filter(lambda name: repaired(name) == name)


def _object(values: list[str] | list[None]) -> "pd.Series[str]":
    return pd.Series(values, dtype=object)


@st.composite
def sources(draw: st.DrawFn, tag_is_name: bool, breaks: str) -> GraphFrames:
    """Return valid frames with names of all kinds."""
    numbers = st.sets(st.integers(-5, 2**40), min_size=1, max_size=5).map(sorted)
    users, artists = draw(numbers), draw(numbers)
    pairs = st.sampled_from([(user, artist) for user in users for artist in artists])
    heard = sorted(draw(st.sets(pairs)) | {(user, artists[0]) for user in users})
    plays = draw(st.lists(st.integers(1, 10**8), min_size=len(heard), max_size=len(heard)))
    names = draw(st.lists(_names(breaks), min_size=len(artists), max_size=len(artists)))
    # Where a tag's name is its id, outer blanks and decomposed letters are no part of it.
    tag_name = _names(breaks).map(bare if tag_is_name else str).filter(bool)
    tag_names = sorted(draw(st.sets(tag_name, min_size=1, max_size=3)))
    tags = tag_names if tag_is_name else list(range(1, len(tag_names) + 1))
    spare = draw(st.lists(st.tuples(pairs, st.sampled_from(["2009-04-01", "1956-12-31", ""]))))
    given_tags = dict(spare) or {(users[0], artists[0]): ""}
    taggings = [(*pair, tag, day) for pair, day in sorted(given_tags.items()) for tag in tags]
    friends = [pair for pair in pairwise(users) if draw(st.booleans())]
    return GraphFrames(
        users=pd.DataFrame({"user": users}),
        artists=pd.DataFrame(
            {
                "artist": artists,
                "name": _object(names),
                "raw_name": _object([None] * len(artists)),
                "url": _object(["http://x"] * len(artists)),
                "picture_url": _object([None] * len(artists)),
            }
        ),
        tags=pd.DataFrame(
            {"tag": pd.Series(tags, dtype=None if not tag_is_name else object)}
        ).assign(name=_object(tag_names)),
        listens=pd.DataFrame(heard, columns=["user", "artist"]).assign(plays=plays),
        friendships=pd.DataFrame(friends, columns=["user", "friend"], dtype="int64"),
        taggings=_tagging_frame(taggings, tag_is_name),
        report=[],
    )


def _tagging_frame(rows: list[tuple[int, int, object, str]], tag_is_name: bool) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["user", "artist", "tag", "date"])
    return frame.astype({"date": object, "tag": object if tag_is_name else "int64"})


@settings(max_examples=40)
@given(sources(tag_is_name=False, breaks=BREAKS))
def test_hetrec_reads_back_equal(frames: GraphFrames) -> None:
    with TemporaryDirectory() as folder:
        write_hetrec(frames, Path(folder) / "out")
        assert_equal_frames(read_hetrec(Path(folder) / "out"), frames)


@settings(max_examples=40)
@given(sources(tag_is_name=True, breaks="\0"))
def test_tables_read_back_equal(frames: GraphFrames) -> None:
    with TemporaryDirectory() as folder:
        write_tables(frames, Path(folder) / "out")
        assert_equal_frames(read_tables(Path(folder) / "out"), frames)


@pytest.mark.parametrize(("users", "artists"), [(1, 1), (30, 60)])
def test_generated_data_reads_back_equal(tmp_path: Path, users: int, artists: int) -> None:
    frames = generate(users, artists, seed=3)
    write_hetrec(frames, tmp_path / "hetrec")
    assert_equal_frames(read_hetrec(tmp_path / "hetrec"), frames)
    write_tables(frames, tmp_path / "tables")
    back = read_tables(tmp_path / "tables")
    assert back.listens.equals(frames.listens)
    assert back.friendships.equals(frames.friendships)
    names = frames.taggings["tag"].map(frames.tags.set_index("tag")["name"])
    assert sorted(back.taggings["tag"]) == sorted(names)


def test_real_data_reads_back_equal(real: GraphFrames, tmp_path: Path) -> None:
    write_hetrec(real, tmp_path / "out")
    assert_equal_frames(read_hetrec(tmp_path / "out"), real)


def test_repaired_name_survives_both_forms(tmp_path: Path) -> None:
    artists = "id\tname\n1\tBallakÃ© Sissoko\n5\tBe\n"
    frames = read_hetrec(hetrec(tmp_path / "data", artists_dat=artists))
    write_hetrec(frames, tmp_path / "hetrec")
    write_tables(frames, tmp_path / "tables")
    for back in (read_hetrec(tmp_path / "hetrec"), read_tables(tmp_path / "tables")):
        pd.testing.assert_frame_equal(back.artists, frames.artists)


@pytest.mark.parametrize("write", [write_hetrec, write_tables])
class TestTarget:
    def test_full_folder_is_kept(self, tmp_path: Path, write: type) -> None:
        (tmp_path / "mine.txt").write_text("keep")
        with pytest.raises(InputError, match=r"is not empty\. Name a new folder"):
            write(generate(1, 1, 0), tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_file_in_the_way(self, tmp_path: Path, write: type) -> None:
        (tmp_path / "out").write_text("keep")
        with pytest.raises(InputError, match="out can't be written"):
            write(generate(1, 1, 0), tmp_path / "out")
        assert (tmp_path / "out").read_text() == "keep"

    def test_empty_folder_and_missing_parents_are_fine(self, tmp_path: Path, write: type) -> None:
        (tmp_path / "empty").mkdir()
        for out in (tmp_path / "empty", tmp_path / "a" / "b"):
            write(generate(1, 1, 0), out)
            assert len(list(out.iterdir())) >= 4

    def test_failure_leaves_nothing(
        self, tmp_path: Path, write: type, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(self: Path, mode: str) -> IO[bytes]:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(InputError, match="No space left on device"):
            write(generate(1, 1, 0), tmp_path / "out")
        assert list(tmp_path.iterdir()) == []

    def test_user_without_listens_is_not_lost(self, tmp_path: Path, write: type) -> None:
        frames = generate(3, 3, 0)
        fewer = replace(frames, listens=frames.listens[frames.listens["user"] != 2])
        with pytest.raises(InputError, match=r"Users without listens: 1 \(the first is 2\)"):
            write(fewer, tmp_path / "out")


def test_hetrec_form_needs_whole_numbers(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"tag ids are no whole numbers\. Write tables instead"):
        write_hetrec(read_tables(tables(tmp_path / "data")), tmp_path / "out")


@pytest.mark.parametrize("at", ["\t", "\n", "\r"])
def test_hetrec_form_has_no_breaks_in_names(tmp_path: Path, at: str) -> None:
    frames = generate(1, 1, 0)
    broken = replace(frames, artists=frames.artists.assign(name=f"A{at}B"))
    with pytest.raises(InputError, match=r"a tab or a line break, which artists\.dat can't hold"):
        write_hetrec(broken, tmp_path / "out")


def test_nul_character_is_refused(tmp_path: Path) -> None:
    frames = generate(1, 1, 0)
    broken = replace(frames, artists=frames.artists.assign(name="A\0B"))
    with pytest.raises(InputError, match=r"artists\.csv can't hold a NUL character"):
        write_tables(broken, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_tables_need_distinct_tag_names(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path / "data", tags_dat="tagID\ttagValue\n1\tpop\n3\tpop\n"))
    with pytest.raises(InputError, match='Two tags are called "pop"'):
        write_tables(frames, tmp_path / "out")


def test_an_empty_folder_is_filled_behind_a_link_and_stays_private(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("folder")
    write_tables(generate(users=3, artists=4, seed=1), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "listens.csv").is_file()
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700
