"""What becomes of rows that repeat, contradict or point nowhere."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tastegraph.errors import InputError
from tastegraph.graph.frames import ReportRow
from tastegraph.loaders.readers.hetrec import read_hetrec
from tests.loaders.folders import HETREC, hetrec, row


def _with(name: str, *lines: str) -> dict[str, str]:
    """Return the change that adds lines to a file."""
    return {name.replace(".", "_"): HETREC[name] + "".join(f"{line}\n" for line in lines)}


def test_repeated_listens_are_summed(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path, **_with("user_artists.dat", "2\t1\t5", "2\t1\t1")))
    assert frames.listens.to_numpy().tolist()[0] == [2, 1, 16]
    assert row(frames, "listens") == ReportRow(
        "listens", 5, 3, 0, "the same user and artist again, plays summed: 2"
    )


def test_no_plays_are_dropped_but_the_user_stays(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path, **_with("user_artists.dat", "9\t1\t0", "2\t1\t0")))
    assert row(frames, "listens") == ReportRow("listens", 5, 3, 2, "0 plays: 2")
    assert frames.users["user"].tolist() == [2, 7, 9]


def test_listen_to_an_unknown_artist(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path, **_with("user_artists.dat", "2\t99\t5")))
    assert row(frames, "listens") == ReportRow("listens", 4, 3, 1, "artist not in artists.dat: 1")


def test_friends_that_are_unknown_or_oneself(tmp_path: Path) -> None:
    lines = ("2\t2", "2\t99", "98\t2", "2\t7")
    frames = read_hetrec(hetrec(tmp_path, **_with("user_friends.dat", *lines)))
    assert frames.friendships.to_numpy().tolist() == [[2, 7]]
    assert row(frames, "friendships") == ReportRow(
        "friendships",
        6,
        1,
        3,
        "user not in user_artists.dat: 1; friend not in user_artists.dat: 1; "
        "a user as their own friend: 1; the same row again: 1; "
        "both directions are one friendship: 1",
    )


def test_a_friendship_in_the_larger_direction_only(tmp_path: Path) -> None:
    frames = read_hetrec(hetrec(tmp_path, user_friends_dat="userID\tfriendID\n7\t2\n"))
    assert frames.friendships.to_numpy().tolist() == [[2, 7]]
    assert row(frames, "friendships") == ReportRow("friendships", 1, 1, 0, "")


def test_tag_assignments_that_point_nowhere_or_repeat(tmp_path: Path) -> None:
    lines = ("99\t1\t1", "2\t99\t1", "2\t1\t99", "2\t1\t1")
    dated = [f"{line}\t1\t1\t2011" for line in lines]
    frames = read_hetrec(hetrec(tmp_path, **_with("user_taggedartists.dat", *dated)))
    assert frames.taggings.to_numpy().tolist()[0] == [2, 1, 1, "2009-04-01"]
    assert row(frames, "tag_assignments") == ReportRow(
        "tag_assignments",
        6,
        2,
        3,
        "user not in user_artists.dat: 1; artist not in artists.dat: 1; tag not in tags.dat: 1; "
        "the same user, artist and tag again, first kept: 1",
    )


def test_same_artist_and_tag_again(tmp_path: Path) -> None:
    changes = {**_with("artists.dat", "5\tBe Ka\thttp://b\t"), **_with("tags.dat", "1\trock")}
    frames = read_hetrec(hetrec(tmp_path, **changes))
    assert row(frames, "artists") == ReportRow("artists", 3, 2, 0, "the same row again: 1")
    assert row(frames, "tags") == ReportRow("tags", 3, 2, 0, "the same row again: 1")


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("artists.dat", "1\tOther\t\t", 'another name: "Other", but "Aba" in line 2'),
        ("artists.dat", "1\tAba\thttp://x\thttp://p", 'another url: "http://x", but "http://a"'),
        ("tags.dat", "3\tfolk", 'another name: "folk", but "pop" in line 3'),
    ],
)
def test_contradiction_is_refused(tmp_path: Path, name: str, line: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"{name}, line 4: .* a second time with {message}"):
        read_hetrec(hetrec(tmp_path, **_with(name, line)))


listens = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([1, 5, 99]), st.integers(0, 3)), min_size=1
)


@settings(max_examples=40)
@given(listens)
def test_listens_are_what_was_played(rows: list[tuple[int, int, int]]) -> None:
    text = "".join(f"{user}\t{artist}\t{plays}\n" for user, artist, plays in rows)
    with TemporaryDirectory() as folder:
        frames = read_hetrec(
            hetrec(Path(folder), user_artists_dat=f"userID\tartistID\tweight\n{text}")
        )
    played: Counter[tuple[int, int]] = Counter()
    for user, artist, plays in rows:
        if artist != 99 and plays:
            played[user, artist] += plays
    assert frames.listens.to_numpy().tolist() == [[*key, played[key]] for key in sorted(played)]
    report = row(frames, "listens")
    assert (report.read, report.loaded) == (len(rows), len(played))
    assert report.dropped == sum(artist == 99 or not plays for _, artist, plays in rows)
    assert frames.users["user"].tolist() == sorted({user for user, _, _ in rows})
