"""-o writes what was recommended as a playlist, each artist with its reasons."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError
from tastegraph.graph.store.settings import Settings
from tests.commands.running import Ask

XSPF = "{http://xspf.org/ns/0/}"


def xspf(file: str) -> list[dict[str, str | None]]:
    tracks = ElementTree.parse(file).getroot().iterfind(f"{XSPF}trackList/{XSPF}track")
    return [{field.tag.removeprefix(XSPF): field.text for field in track} for track in tracks]


def jspf(file: str) -> dict:
    return json.loads(Path(file).read_text(encoding="utf-8"))["playlist"]


def test_a_playlist_has_the_artists_and_the_reasons(ask: Ask) -> None:
    result = ask("recommend", 2, "-k", 4, "-o", "list.xspf")
    assert (result.stdout, result.stderr) == ("", "Note: list.xspf has 4 artists\n")
    rows = ask.rows("recommend", 2, "-k", 4, "--why")
    tracks = xspf("list.xspf")
    assert [track["creator"] for track in tracks] == [row["name"] for row in rows]
    told = ask("recommend", 2, "-k", 4, "--why").stdout
    assert all(track["annotation"] and track["annotation"] in told for track in tracks)
    ask("recommend", 2, "-k", 4, "-o", "list.jspf")
    assert jspf("list.jspf") == {"title": "Recommended to 2", "track": tracks}
    ask("recommend", 2, "-k", 4, "-o", "LIST.M3U")
    lines = Path("LIST.M3U").read_text(encoding="utf-8").splitlines()
    assert lines[2] == "#PLAYLIST:Recommended to 2"
    assert [line for line in lines if line.startswith("#EXTINF")] == [
        f"#EXTINF:-1,{row['name']}" for row in rows
    ]


def test_a_groups_playlist_says_why_for_each(ask: Ask) -> None:
    ask("recommend", 2, 10, "--group", "mean", "-k", 2, "-o", "list.jspf")
    playlist = jspf("list.jspf")
    assert playlist["title"] == "Recommended to 2, 10"
    for track in playlist["track"]:
        assert [line.split(": ")[0] for line in track["annotation"].split("\n")] == ["2", "10"]


def test_a_newcomers_playlist(ask: Ask) -> None:
    ask("new-listener", "--like", 1, "-k", 2, "--no-why", "-o", "list.jspf")
    assert [bool(track["annotation"]) for track in jspf("list.jspf")["track"]] == [True, True]


def test_an_address_is_where_the_graph_has_one(change: Ask) -> None:
    artist = change.rows("recommend", 2, "-k", 1)[0]["artist"]
    with Graph(Settings.of(str(change.place)), quiet=True) as graph:
        set_url = "MATCH (a:Artist {id: $artist}) SET a.url = $url"
        graph.store.write(set_url, {"artist": artist, "url": "http://example.org/ä b"})
        rows = graph.recommend(2, k=2, why=True)
        assert graph.write_playlist(rows, "list.xspf", title="Mine") == Path("list.xspf")
        graph.store.write("MATCH (a:Artist {id: $artist}) SET a.url = null", {"artist": artist})
    assert ElementTree.parse("list.xspf").getroot().findtext(f"{XSPF}title") == "Mine"
    assert [track.get("info") for track in xspf("list.xspf")] == [
        "http://example.org/%C3%A4%20b",
        None,
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((2, 10), "A playlist is one list: give one USER_ID, or --group"),
        (("--all",), "A playlist is one list: give one USER_ID, or --group"),
        ((2, "--why-not", 7), "A playlist is of recommendations, not of --why-not"),
    ],
    ids=str,
)
def test_what_is_not_one_list_is_wrong_usage(
    ask: Ask, words: tuple[object, ...], message: str
) -> None:
    assert message in ask("recommend", *words, "-o", "list.xspf", code=2).stderr
    assert not Path("list.xspf").exists()


def test_only_recommendations_are_playlists(ask: Ask) -> None:
    error = ask("similar-artists", 7, "-o", "list.xspf", code=2).stderr
    assert "list.xspf ends in no format that I write" in error
    assert ".parquet, .xspf, .jspf" in ask("recommend", 2, "-o", "list.pls", code=2).stderr
    assert "no folder none" in ask("recommend", 2, "-o", "none/list.m3u", code=1).stderr


def test_from_python_one_list_with_reasons(ask: Ask) -> None:
    with Graph(Settings.of(str(ask.place)), quiet=True) as graph:
        for rows, message in (
            (graph.recommend(2, k=2), "why=True"),
            (graph.recommend([2, 10], k=2, why=True), "several people's"),
        ):
            with pytest.raises(InputError, match=message):
                graph.write_playlist(rows, "list.xspf")
        with pytest.raises(InputError, match=r"list\.csv is no playlist"):
            graph.write_playlist(rows, "list.csv")
        nothing = graph.recommend(2, where=["listeners<0"], why=True)
        graph.write_playlist(nothing, "list.xspf")
    assert xspf("list.xspf") == []
    assert not Path("list.csv").exists()
