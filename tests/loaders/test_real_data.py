"""The known figures of HetRec 2011 Last.fm."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tastegraph.graph.frames import GraphFrames, ReportRow
from tastegraph.loaders.readers.hetrec import read_hetrec
from tastegraph.loaders.source import detect
from tastegraph.loaders.transforms.repair_names import repaired
from tests.loaders.folders import assert_equal_frames, row


def test_counts(real: GraphFrames) -> None:
    assert real.report == [
        ReportRow("users", 1892, 1892, 0, ""),
        ReportRow("artists", 17632, 17632, 0, ""),
        ReportRow("tags", 11946, 11946, 0, ""),
        ReportRow("listens", 92834, 92834, 0, ""),
        ReportRow("friendships", 25434, 12717, 0, "both directions are one friendship: 12,717"),
        ReportRow("tag_assignments", 186479, 184941, 1538, "artist not in artists.dat: 1,538"),
    ]
    sizes = [len(frame) for frame in (real.users, real.artists, real.tags, real.listens)]
    assert sizes == [1892, 17632, 11946, 92834]
    assert [len(real.friendships), len(real.taggings)] == [12717, 184941]


def test_original_ids_are_kept(real: GraphFrames) -> None:
    assert real.users["user"].min() == 2
    assert real.artists["artist"].max() == 18745
    assert real.listens.to_numpy()[0].tolist() == [2, 51, 13883]


def _named(real: GraphFrames, per_artist: "pd.Series[int]", count: int) -> dict[str, int]:
    names = real.artists.set_index("artist")["name"]
    top = per_artist.sort_values(ascending=False).head(count)
    return {names[artist]: int(value) for artist, value in top.items()}


def test_most_listeners(real: GraphFrames) -> None:
    assert _named(real, real.listens.groupby("artist").size(), 5) == {
        "Lady Gaga": 611,
        "Britney Spears": 522,
        "Rihanna": 484,
        "The Beatles": 480,
        "Katy Perry": 473,
    }


def test_most_plays(real: GraphFrames) -> None:
    assert _named(real, real.listens.groupby("artist")["plays"].sum(), 3) == {
        "Britney Spears": 2393140,
        "Depeche Mode": 1301308,
        "Lady Gaga": 1291387,
    }


def test_distribution_of_plays(real: GraphFrames) -> None:
    plays = real.listens["plays"]
    assert round(plays.mean(), 2) == 745.24
    assert plays.quantile([0.25, 0.5, 0.75]).tolist() == [107, 260, 614]
    assert plays.max() == 352698
    usual = real.listens[plays <= plays.quantile(0.99)]
    assert len(real.listens) - len(usual) == 929
    assert (usual["user"].nunique(), usual["artist"].nunique()) == (1891, 17608)


def test_sparsity_and_long_tail(real: GraphFrames) -> None:
    pairs = len(real.users) * len(real.artists)
    assert round(100 * (1 - len(real.listens) / pairs), 4) == 99.7217
    share = real.listens.groupby("artist").size() / len(real.users)
    at_most = [int((share <= percent / 100).sum()) for percent in (1, 2, 3, 4, 5)]
    assert at_most == [16794, 17200, 17350, 17430, 17497]


def test_top_tags_after_the_drop(real: GraphFrames) -> None:
    names = real.taggings.merge(real.tags, on="tag")["name"].value_counts().head(5)
    assert names.to_dict() == {
        "rock": 7459,
        "pop": 5401,
        "alternative": 5223,
        "electronic": 4616,
        "indie": 4422,
    }


def test_most_tagged_pairs_have_no_listen(real: GraphFrames) -> None:
    tagged = real.taggings[["user", "artist"]].drop_duplicates()
    heard = tagged.merge(real.listens, on=["user", "artist"])
    assert (len(tagged), len(tagged) - len(heard)) == (70297, 49632)


def test_missing_pictures_are_none(real: GraphFrames) -> None:
    missing = [url for url in real.artists["picture_url"] if url is None]
    assert len(missing) == 444
    assert all(url is None or url.startswith("http") for url in real.artists["picture_url"])


def test_only_mojibake_is_repaired(real: GraphFrames) -> None:
    changed = real.artists[[raw is not None for raw in real.artists["raw_name"]]]
    assert changed[["name", "raw_name"]].to_numpy().tolist() == [
        ["Ballaké Sissoko", "BallakÃ© Sissoko"]
    ]
    assert any("BallakÃ© Sissoko -> Ballaké Sissoko" in note for note in real.notes)


@pytest.mark.parametrize(
    ("artist", "name"),
    [
        (1686, '"Weird Al" Yankovic'),
        (2119, "ＭＡＮＮＥＱＵＩＮ"),
        (7867, "소녀시대 ＆ 2PM"),
        (9378, "Rihanna\u0300"),
        (14059, "Fredrik Thordendal’s Special Defects"),
        (15080, "三船\u3000浩／キング男声合唱団"),
        (18093, "“V–е"),
    ],
)
def test_unusual_names_stay(real: GraphFrames, artist: int, name: str) -> None:
    assert real.artists.set_index("artist")["name"][artist] == name
    assert repaired(name) == name


def test_latin_1_tags_are_read_and_noted(real: GraphFrames) -> None:
    names = real.tags.set_index("tag")["name"]
    accented = [name for name in names if not name.isascii()]
    assert len(accented) == 8
    assert names[2863] == "tropicália"
    assert names[10386] == "none"
    note = next(note for note in real.notes if note.startswith("tags.dat"))
    assert "Latin-1" in note
    assert "accented letters: 8;" in note


def test_old_dates_are_kept(real: GraphFrames) -> None:
    dates = real.taggings["date"]
    assert dates[0] == "2009-04-01"
    assert sorted(dates[dates < "2005"]) == [
        "1956-06-01",
        "1956-09-01",
        "1956-09-01",
        "1957-03-01",
        "1979-05-01",
    ]


def test_listens_are_capped_at_fifty(real: GraphFrames) -> None:
    assert real.listens.groupby("user").size().max() == 50


def test_frames_are_valid(real: GraphFrames) -> None:
    assert (real.friendships["user"] < real.friendships["friend"]).all()
    assert not real.listens.duplicated(["user", "artist"]).any()
    assert real.taggings["artist"].isin(real.artists["artist"]).all()
    assert real.listens.equals(real.listens.sort_values(["user", "artist"], ignore_index=True))


def test_public_split_takes_the_tags_of_its_test_pairs(
    hetrec_folder: Path, split_folder: Path
) -> None:
    frames = read_hetrec(
        hetrec_folder, split_folder / "train.tsv", without=split_folder / "test.tsv"
    )
    assert row(frames, "tag_assignments") == ReportRow(
        "tag_assignments",
        186479,
        169939,
        16540,
        "artist not in artists.dat: 1,538; held out by test.tsv: 15,002",
    )
    assert row(frames, "listens") == ReportRow("listens", 74267, 74267, 0, "")
    assert row(frames, "users").loaded == 1892
    test = pd.read_csv(split_folder / "test.tsv", sep="\t")
    left = frames.taggings.merge(test, left_on=["user", "artist"], right_on=["userID", "artistID"])
    assert left.empty


def test_test_pairs_that_carry_a_tag(real: GraphFrames, split_folder: Path) -> None:
    test = pd.read_csv(split_folder / "test.tsv", sep="\t")
    tagged = real.taggings[["user", "artist"]].drop_duplicates()
    both = test.merge(tagged, left_on=["userID", "artistID"], right_on=["user", "artist"])
    assert (len(test), len(both)) == (18567, 4144)


def test_leaving_out_test_gives_train(
    hetrec_folder: Path, split_folder: Path, real: GraphFrames
) -> None:
    left = read_hetrec(hetrec_folder, without=split_folder / "test.tsv")
    train = read_hetrec(
        hetrec_folder, split_folder / "train.tsv", without=split_folder / "test.tsv"
    )
    assert_equal_frames(left, train)
    assert row(left, "listens").dropped == 18567


def test_timestamps_say_the_same_as_dates(
    hetrec_folder: Path, real: GraphFrames, tmp_path: Path
) -> None:
    """The published stamps are midnight in Madrid; 2 52 13 is stamped 1238536800000."""
    for name in ("artists.dat", "tags.dat", "user_artists.dat", "user_friends.dat"):
        (tmp_path / name).symlink_to(hetrec_folder / name)
    rows = pd.read_csv(hetrec_folder / "user_taggedartists.dat", sep="\t")
    days = rows[["year", "month", "day"]].drop_duplicates()
    stamps = {
        key: int(pd.Timestamp(date(*key), tz="Europe/Madrid").timestamp() * 1000)
        for key in days.itertuples(index=False, name=None)
    }
    keys = rows[["year", "month", "day"]].itertuples(index=False, name=None)
    rows["timestamp"] = [stamps[key] for key in keys]
    assert rows["timestamp"][0] == 1238536800000
    stamped = tmp_path / "user_taggedartists-timestamps.dat"
    columns = ["userID", "artistID", "tagID", "timestamp"]
    rows.to_csv(stamped, sep="\t", index=False, columns=columns)
    assert_equal_frames(read_hetrec(tmp_path), real)


def test_is_recognised(hetrec_folder: Path) -> None:
    assert detect(hetrec_folder) == "hetrec"
