"""When listens were heard, from every source that says it."""

import json
import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tastegraph.graph.frames import HEARD, LISTENS, GraphFrames
from tastegraph.loaders.readers.scrobbles import _BLOCK
from tastegraph.loaders.source import ReadOptions, read_source

NOON = "2021-01-31T12:00:00Z"
LATER = "2021-02-01T12:00:00Z"
LAST = "2022-05-06T07:08:09Z"


def heard(frames: GraphFrames) -> dict[str, list[str | None]]:
    """First and last time by artist; no times at all are no columns."""
    if list(frames.listens.columns) == list(LISTENS):
        return {}
    assert list(frames.listens.columns) == [*LISTENS, *HEARD]
    rows = frames.listens[["artist", *HEARD]].to_numpy().tolist()
    return {artist: [first, last] for artist, first, last in rows}


@pytest.mark.parametrize(
    "text",
    [
        f"Air,,T,{LATER}\nBeck,,T,\nAir,,T,{NOON}\nAir,,T,{LAST}\n",
        f"{LATER},Air,T\n,Beck,T\n{NOON},Air,T\n{LAST},Air,T\n",
        "artist,track,uts,date\nAir,T,1612180800,x\nBeck,T,,x\nAir,T,1612094400,x\n"
        "Air,T,1651820889,x\n",
        "Artist;Album;Track;Date#ana\nAir;;T;1612180800000\nBeck;;T;\nAir;;T;1612094400000\n"
        "Air;;T;1651820889000\n",
    ],
    ids=["time last", "time first", "the exact one of two", "milliseconds"],
)
def test_scrobbles(tmp_path: Path, text: str) -> None:
    (tmp_path / "ana.csv").write_text(text)
    frames = read_source(tmp_path / "ana.csv")
    assert heard(frames) == {"Air": [NOON, LAST], "Beck": [None, None]}
    assert not any("no time" in note for note in frames.notes)


def test_scrobbles_at_times_that_are_none_are_said(tmp_path: Path) -> None:
    rows = [f"Air,,T,{NOON}\n"] * 3 + ["Air,,T,01 Jan 1970 00:00\n", "Air,,T,2021-02-30 10:00\n"]
    (tmp_path / "ana.csv").write_text("".join(rows))
    frames = read_source(tmp_path / "ana.csv")
    assert heard(frames) == {"Air": [NOON, NOON]}
    assert frames.listens["plays"].tolist() == [5]
    assert "ana.csv: 2 plays are at no time that can have been: left without one" in frames.notes


def test_scrobbles_of_several_blocks(tmp_path: Path) -> None:
    filler = "x" * 1000
    rows = [f"Air,{filler},T,{1_612_094_400 + at}\n" for at in range(_BLOCK // 1000 + 100)]
    (tmp_path / "ana.csv").write_text("".join(rows[::-1]))
    last = len(rows) - 1
    assert last > 7200
    first, latest = heard(read_source(tmp_path / "ana.csv"))["Air"]
    assert first == NOON
    assert latest == f"2021-01-31T14:{last // 60 - 120:02}:{last % 60:02}Z"


def test_spotify(tmp_path: Path) -> None:
    plays = [
        {"ts": at, "ms_played": length, "master_metadata_album_artist_name": "Air"}
        for at, length in ((LATER, 60_000), (NOON, 60_000), (LAST, 1_000))
    ]
    (tmp_path / "endsong_0.json").write_text(json.dumps(plays))
    # The last was too short to count.
    assert heard(read_source(tmp_path / "endsong_0.json")) == {"Air": [NOON, LATER]}


def test_listenbrainz(tmp_path: Path) -> None:
    listens = [
        {"listened_at": at, "track_metadata": {"artist_name": name, "track_name": "T"}}
        for at, name in ((1_612_180_800, "Air"), (1_612_094_400, "AIR"), (None, "Beck"))
    ]
    (tmp_path / "me.json").write_text(json.dumps(listens))
    # Two spellings are one artist, heard between the times of both.
    (air, beck) = heard(read_source(tmp_path / "me.json")).values()
    assert (air, beck) == ([NOON, LATER], [None, None])


def test_lastfm_1k(tmp_path: Path) -> None:
    line = "user_000001\t{}\t{}\tDeep Dish\t\tT\n"
    rows = [line.format(LATER, "m1"), line.format(NOON, ""), line.format(LAST, "m1")]
    path = tmp_path / "userid-timestamp-artid-artname-traid-traname.tsv"
    path.write_text("".join(rows))
    assert heard(read_source(path)) == {"m1": [NOON, LAST]}


def test_lastfm_360k_has_no_times(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(f"{'a' * 40}\t\tAir\t1\n" * 3)
    assert heard(read_source(path)) == {}


@pytest.mark.parametrize("counted", [True, False], ids=["counts", "scrobbles"])
def test_navidrome(tmp_path: Path, counted: bool) -> None:
    database = sqlite3.connect(tmp_path / "navidrome.db")
    database.executescript(
        "CREATE TABLE user (id, user_name); INSERT INTO user VALUES ('1', 'eve');"
        "CREATE TABLE media_file (id, artist); INSERT INTO media_file VALUES ('s', 'Air');"
        "CREATE TABLE annotation (user_id, item_id, item_type, play_count, play_date);"
        "CREATE TABLE scrobbles (media_file_id, user_id, submission_time);"
    )
    if counted:
        values = f"('1', 's', 'media_file', 7, '{LATER}'), ('1', 's', 'media_file', 2, NULL)"
        database.execute(f"INSERT INTO annotation VALUES {values}")
    else:
        values = "('s', '1', 1612180800), ('s', '1', 1612094400)"
        database.execute(f"INSERT INTO scrobbles VALUES {values}")
    database.commit()
    database.close()
    # What is counted says when a file was played last, and not when it was first.
    expected = [None, LATER] if counted else [NOON, LATER]
    assert heard(read_source(tmp_path / "navidrome.db")) == {"Air": expected}


def test_a_table_with_times(tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    path.write_text(
        f"user,artist,plays,time\n1,10,3,{LATER}\n1,10,2,{NOON}\n1,11,1,\n1,12,0,{NOON}\n"
        "2,10,1,soon\n"
    )
    frames = read_source(path)
    assert frames.listens["plays"].tolist() == [5, 1, 1]
    assert frames.listens["first_heard"].tolist() == [NOON, None, None]
    assert frames.listens["last_heard"].tolist() == [LATER, None, None]
    assert any("1 cells of time are no time" in note for note in frames.notes)
    assert any("'soon' in line 6" in note for note in frames.notes)


def test_a_table_with_both_times(tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    path.write_text(f"user,artist,plays,first_heard,last_heard\n1,10,3,{NOON},{LAST}\n")
    assert heard(read_source(path)) == {10: [NOON, LAST]}
    path.write_text(f"user,artist,plays,last_heard\n1,10,3,{LAST}\n")
    frames = read_source(path)
    assert list(frames.listens.columns) == [*LISTENS, "last_heard"]


def test_a_column_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"who,band,at\nann,Air,{LATER}\nann,Air,{NOON}\n")
    options = ReadOptions({"user": "who", "artist": "band", "time": "at"})
    assert heard(read_source(path, options=options)) == {"Air": [NOON, LATER]}


def test_timestamps_of_parquet(tmp_path: Path) -> None:
    times = pa.array([1_612_094_400, None], pa.timestamp("s"))
    table = pa.table({"user": [1, 1], "artist": [10, 11], "plays": [1, 1], "time": times})
    pq.write_table(table, tmp_path / "listens.parquet")
    assert heard(read_source(tmp_path / "listens.parquet")) == {10: [NOON, NOON], 11: [None, None]}
