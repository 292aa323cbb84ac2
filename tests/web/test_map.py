"""The map for browsers and programs: one small file, names in blocks, the same as a table."""

import re
import struct
from hashlib import sha256
from html import unescape
from importlib import resources

import httpx
import numpy as np
import pytest

from tastegraph.api.graph import Graph
from tests.web.conftest import ODD

# Files of others, which are as they were published.
FOLDER = resources.files("tastegraph.web.static") / "vendored"
VENDORED = {
    "cytoscape-3.34.4.txt": "eb319c6e6f233607f71e8e2f450391751883cfc0eeb3ca7ef574c13d1d9c2203",
    "cytoscape-3.34.4.min.js": "081591ab735b2b6a3b31a3c60f8f3a3e2fee8c92939e0c7820ad1208571b6cd8",
    "kdbush-4.1.0.min.js": "9f71424fbe81197949819f6e9fc941f0fe24115d80a3e47675ee8551ef0cdb94",
    "kdbush-4.1.0.txt": "0aba693a2c2e5b1b1465f9e06d29c21769450add9dbb7dc915b41a60e900196f",
}


@pytest.mark.parametrize("name", VENDORED)
def test_what_others_have_written_is_as_they_published_it(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    assert sha256(content).hexdigest() == VENDORED[name]


def test_every_file_of_others_has_a_licence_and_a_checksum() -> None:
    there = {file.name for file in FOLDER.iterdir()}
    assert there == set(VENDORED)
    for name in there:
        assert name.replace(".min.js", ".txt") in there


def test_the_file_of_the_map_holds_every_place(ask: httpx.Client, graph: Graph) -> None:
    content = ask.get("/api/map.bin").content
    frame = graph.artist_map()
    count = len(frame)
    assert content[:4] == b"TGM1"
    assert struct.unpack("<I", content[4:8]) == (count,)
    assert len(content) == 8 + count * 13
    listeners = np.frombuffer(content, "<u4", count, 8)
    x, y = (np.frombuffer(content, "<f4", count, 8 + 4 * count * at) for at in (1, 2))
    np.testing.assert_array_equal(listeners, frame["listeners"])
    np.testing.assert_allclose(x, frame["x"], atol=1e-4)
    np.testing.assert_allclose(y, frame["y"], atol=1e-4)
    assert (np.diff(listeners.astype(int)) <= 0).all()


def test_colours_are_those_of_the_main_tags(ask: httpx.Client, graph: Graph) -> None:
    frame = graph.artist_map()
    content = ask.get("/api/map.bin").content
    colours = np.frombuffer(content, "u1", len(frame), len(content) - len(frame))
    tags = ask.get("/api/map").json()["tags"]
    assert [tag["artists"] for tag in tags] == sorted((t["artists"] for t in tags), reverse=True)
    for tag, colour in zip(frame["tag"], colours, strict=True):
        places = [at for at, each in enumerate(tags) if each["tag"] == tag]
        assert colour == (places[0] if places else 7 if tag is not None else 8)


def test_the_file_is_kept_while_the_map_is_the_same(ask: httpx.Client) -> None:
    first = ask.get("/api/map.bin")
    again = ask.get("/api/map.bin", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    other = ask.get("/api/map.bin", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_names_come_in_blocks_in_the_order_of_the_file(ask: httpx.Client, graph: Graph) -> None:
    first = ask.get("/api/map/names").json()
    frame = graph.artist_map()
    assert first["artists"] == frame["artist"].tolist()
    assert set(ODD) & set(first["names"])
    assert ask.get("/api/map/names?block=1").json()["artists"] == []


def test_an_artist_is_found_on_the_map(ask: httpx.Client, graph: Graph) -> None:
    place = ask.get("/api/map/artists/7").json()
    row = graph.artist_map().iloc[place["row"]]
    assert (row["artist"], row["x"], row["y"]) == (7, place["x"], place["y"])
    assert ask.get("/api/map/artists/none").status_code == 404


def test_what_a_person_plays_is_laid_over(ask: httpx.Client, graph: Graph) -> None:
    laid = ask.get("/api/map/users/2").json()
    order = graph.artist_map()["artist"].tolist()
    for row in (*laid["plays"], *laid["might_like"]):
        assert order[row["row"]] == row["artist"]
    assert not {row["artist"] for row in laid["plays"]} & {
        row["artist"] for row in laid["might_like"]
    }
    html = ask.get("/map?user=2").text
    rows = re.findall(r'data-layer="(\w+)" data-row="(\d+)"', html)
    assert rows == [
        *(("plays", str(row["row"])) for row in laid["plays"]),
        *(("likes", str(row["row"])) for row in laid["might_like"]),
    ]
    assert "nobody" in ask.get("/map?user=nobody").text


def test_the_page_says_the_same_as_a_table(ask: httpx.Client) -> None:
    html = unescape(ask.get("/map").text)
    for tag in ask.get("/api/map").json()["tags"]:
        assert f'href="/tags/{tag["tag"]}"' in html
        for artist in tag["best_known"]:
            assert f'<a href="/artists/{artist["artist"]}"><bdi>{artist["name"]}</bdi></a>' in html


def test_a_rough_map_says_so(ask: httpx.Client) -> None:
    assert "tastegraph map" in " ".join(ask.get("/api/map").json()["notes"])
    assert "tastegraph map" in ask.get("/map").text
