"""docs/data.md: its commands run on files as it speaks of them, and what it says comes true."""

import gzip
import json
import re
import shlex
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.neo4j_packages import ROOT

PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line.removeprefix("$ ") for block in BLOCKS for line in block.splitlines()]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TASTEGRAPH_STORE", raising=False)
    Path("tables").mkdir()
    Path("tables/listens.csv").write_text("user,artist,plays\n1,10,5\n2,10,3\n2,11,1\n")
    Path("tables/artists.csv").write_text('artist,name\n10,Björk\n11,"""Weird Al"" Yankovic"\n')
    Path("tables/friends.csv").write_text("user,friend\n1,2\n")
    Path("tables/tags.csv").write_text("user,artist,tag\n1,10,pop\n")
    Path("ana.csv").write_text("Björk,Post,Army of Me,31 Jan 2021 12:34\nAir,,Sexy Boy,\n")
    play = {
        "ts": "2024-01-01T10:00:00Z",
        "ms_played": 60_000,
        "master_metadata_track_name": "T",
        "master_metadata_album_artist_name": "BJÖRK",
    }
    listen = {"listened_at": 1, "track_metadata": {"artist_name": "Air", "track_name": "T"}}
    with zipfile.ZipFile("my_spotify_data.zip", "w") as archive:
        archive.writestr("Streaming_History_Audio_2024_0.json", json.dumps([play]))
    with zipfile.ZipFile("listenbrainz_bo.zip", "w") as archive:
        archive.writestr("user.json", '{"username": "bo"}')
        archive.writestr("listens/2024/1.jsonl", json.dumps(listen) + "\n")
    name = "usersha1-artmbid-artname-plays.tsv"
    Path(name).write_text(f"{'a' * 40}\t\tair\t3\n{'b' * 40}\tmbid\tbeck\t4\n")
    Path("plays.tsv.gz").write_bytes(gzip.compress(b"who\tband\tcount\nbo\tAir\t1,234\n"))
    database = sqlite3.connect("navidrome.db")
    database.executescript(
        "CREATE TABLE user (id, user_name); INSERT INTO user VALUES ('1', 'eve');"
        "CREATE TABLE media_file (id, artist); INSERT INTO media_file VALUES ('s', 'Air');"
        "CREATE TABLE annotation (user_id, item_id, item_type, play_count);"
        "INSERT INTO annotation VALUES ('1', 's', 'media_file', 7);"
    )
    database.commit()
    database.close()
    return tmp_path


def test_every_line_of_the_page(here: Path) -> None:
    for line in LINES:
        words = shlex.split(line)
        result = run(*words[1:])
        assert "added" in result.stderr, line
        again = run(*words[1:])
        assert "Note: 0 nodes and relationships added, 0 changed, 0 removed" in again.stderr, line
    assert (here / "matches.csv").read_text(encoding="utf-8").startswith("name,artist,called,how")
    counts = json.loads(run("info", "--format", "json").stdout)
    listened = {row["kind"]: row["count"] for row in counts}
    assert (listened["User"], listened["LISTENED"]) == (8, 10)


def test_a_conflict_is_settled_as_told(here: Path) -> None:
    run("load", "tables")
    Path("more.csv").write_text("user,artist,plays\n1,10,2\n")
    replaced = run("load", "more.csv")
    assert "1 of 1 listens were there with other plays: replaced" in replaced.stderr
    added = run("load", "more.csv", "--on-conflict", "add")
    assert "added up" in added.stderr
    rows = json.loads(
        run("query", "run", "user-listens", "-p", "userId=1", "--format", "json").stdout
    )
    assert [(row["name"], row["plays"]) for row in rows] == [("Björk", 4)]
    Path("else.csv").write_text("user,artist,plays\n1,11,2\n")
    assert "0 removed" in run("load", "else.csv").stderr
    assert "0 removed" not in run("load", "else.csv", "--replace-user").stderr
    assert "0 removed" in run("load", "else.csv", "--replace-user").stderr


def test_nothing_loaded_is_no_success(here: Path) -> None:
    Path("none.csv").write_text("user,artist,plays\n1,10,0\n,10,3\n")
    refused = run("load", "none.csv", code=1).stderr
    assert "none of the 2 listens can be loaded (user is missing: 1; 0 plays: 1)" in refused
    assert not Path("tastegraph-store").exists()


def test_a_person_decides_who_is_meant(here: Path) -> None:
    run("load", "tables")
    run("load", "ana.csv", "--matches", "matches.csv")
    matches = Path("matches.csv").read_text(encoding="utf-8")
    assert matches == "name,artist,called,how\nAir,,Air,new\nBjörk,10,Björk,exact\n"
    Path("matches.csv").write_text(matches.replace("Air,,", "Air,11,"), encoding="utf-8")
    run("load", "ana.csv", "--replace", "--matches", "gone.csv")
    run("load", "tables")
    refused = run("load", "ana.csv", "--matches", "matches.csv", "--columns", "who", code=2)
    assert "user=who,artist=band" in refused.stderr
