"""Spotify's account data and extended history, zips of histories, and histories that are none."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.source import ReadOptions, detect, read_source
from tastegraph.loaders.transforms.known import Known
from tastegraph.loaders.transforms.matching import FIRST_NUMBER
from tests.loaders.folders import row
from tests.loaders.histories import (
    MINUTE,
    account_play,
    extended_play,
    listens_of,
    write_json,
    write_zip,
)


class TestSpotify:
    def test_account_data(self, tmp_path: Path) -> None:
        plays = [
            account_play("Air", MINUTE),
            account_play("Air", MINUTE, "2024-01-02 10:00"),
            account_play("Air", MINUTE, "2024-01-02 10:00"),
            account_play("Beck", 29_999),
            account_play("Beck", 30_000),
        ]
        write_json(tmp_path / "data", "StreamingHistory_music_0.json", plays)
        podcast = {"endTime": "2024-01-01 10:00", "podcastName": "P", "msPlayed": MINUTE}
        write_json(tmp_path / "data", "StreamingHistory_podcast_0.json", [podcast])
        write_json(tmp_path / "data", "Playlist1.json", {"playlists": []})
        assert detect(tmp_path / "data") == "spotify"
        frames = read_source(tmp_path / "data", options=ReadOptions(user="me"))
        assert listens_of(frames) == [["me", "Air", 2], ["me", "Beck", 1]]
        listens = row(frames, "listens")
        assert (listens.read, listens.loaded, listens.dropped) == (6, 2, 3)
        for reason in ("shorter than 30 s: 1", "the same play again: 1", "podcasts and audio"):
            assert reason in listens.reason
        less = read_source(tmp_path / "data", options=ReadOptions(min_seconds=10, user="me"))
        assert listens_of(less)[1] == ["me", "Beck", 1 + 1]

    def test_the_extended_history_as_it_is_downloaded(self, tmp_path: Path) -> None:
        audio = [
            extended_play("Air", MINUTE, "2020-01-01T10:00:00Z"),
            extended_play(None, MINUTE, "2020-01-01T11:00:00Z", episode_name="E"),
            extended_play(None, MINUTE, "2020-01-01T12:00:00Z"),
        ]
        path = write_zip(
            tmp_path / "my_spotify_data.zip",
            {
                "History/ReadMe.pdf": b"%PDF",
                "History/Streaming_History_Audio_2020_0.json": json.dumps(audio),
                "History/Streaming_History_Video_2020.json": "[]",
                "StreamingHistory0.json": json.dumps([account_play("Air", MINUTE)]),
                "__MACOSX/._Streaming_History_Audio_2020_0.json": b"\0\1",
            },
        )
        frames = read_source(path)
        assert listens_of(frames) == [["my_spotify_data", "Air", 1]]
        assert row(frames, "listens").dropped == 2
        assert any("1 files of the account data were not read" in note for note in frames.notes)

    def test_the_account_s_name_is_the_user(self, tmp_path: Path) -> None:
        play = extended_play("Air", MINUTE, "2016-01-01T10:00:00Z", username="ana")
        path = write_json(tmp_path, "endsong_0.json", [play])
        assert listens_of(read_source(path)) == [["ana", "Air", 1]]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ('[{"endTime": "2024', r"line 1: .* cut off"),
            ('[\n{"a": 1},\n{"a": ', r"line 3: .* cut off"),
            ("[" * 100_000, "nested without end"),
            (f'[{{"msPlayed": {"9" * 5_000}}}]', "4300 digits"),
            ('{"a": {"b": 1}}', "ms_played is None"),
            ("[1]", "no list of plays"),
            ('[{"artistName": "Air", "msPlayed": "long"}]', "entry 1: ms_played is 'long'"),
        ],
    )
    def test_what_is_no_history_is_refused(self, tmp_path: Path, content: str, said: str) -> None:
        path = tmp_path / "StreamingHistory0.json"
        path.write_text(content)
        with pytest.raises(InputError, match=said):
            read_source(path)


class TestZips:
    def test_nowrite_zip(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        path.write_bytes(b"PK\x03\x04 cut off")
        with pytest.raises(InputError, match="can't be read as a zip"):
            read_source(path)

    @pytest.mark.parametrize("name", ["../out.json", "/etc/x.json", "a/../../x", "C:\\x.json"])
    def test_paths_that_leave(self, tmp_path: Path, name: str) -> None:
        path = write_zip(tmp_path / "a.zip", {name: "[]"})
        with pytest.raises(InputError, match="leads out of it"):
            read_source(path)

    def test_a_bomb(self, tmp_path: Path) -> None:
        path = write_zip(tmp_path / "a.zip", {"StreamingHistory0.json": b"0" * (110 * 2**20)})
        with pytest.raises(InputError, match="would unpack to"):
            read_source(path)

    def test_a_damagedwrite_zip(self, tmp_path: Path) -> None:
        content = json.dumps([account_play("Air", number) for number in range(1000)])
        path = write_zip(tmp_path / "a.zip", {"StreamingHistory0.json": content})
        data = bytearray(path.read_bytes())
        data[200:260] = bytes(60)
        path.write_bytes(bytes(data))
        with pytest.raises(InputError, match=r"StreamingHistory0\.json in a\.zip can't be read"):
            read_source(path)

    def test_two_formats_in_one_folder(self, tmp_path: Path) -> None:
        write_json(tmp_path, "StreamingHistory0.json", [account_play("Air", MINUTE)])
        (tmp_path / "scrobbles.csv").write_text("Air,,T,01 Feb 2021 00:01\n")
        with pytest.raises(InputError, match="holds spotify and scrobbles"):
            read_source(tmp_path)


def test_a_history_meets_the_artists_of_the_graph(tmp_path: Path) -> None:
    names = ["bjork", "THE BEATLES", "311", "Unheard"]
    plays = [account_play(name, MINUTE, f"2024-01-0{day}") for day, name in enumerate(names, 1)]
    path = write_json(tmp_path, "StreamingHistory0.json", plays)
    known = Known(frozenset([2]), {7: ("Björk", 3), 8: ("The Beatles", 9), 311: ("Other", 1)}, {})
    frames = read_source(path, known=known, options=ReadOptions(user="me"))
    new = FIRST_NUMBER, FIRST_NUMBER + 1
    assert sorted(frames.listens["artist"]) == [7, 8, *new]
    called = dict(zip(frames.artists["artist"], frames.artists["name"], strict=True))
    assert [called[id_] for id_ in new] == ["311", "Unheard"]
    assert not frames.named

    text = replace(known, artists={str(id_): of for id_, of in known.artists.items()})
    frames = read_source(path, known=text, options=ReadOptions(user="me"))
    assert sorted(frames.listens["artist"]) == ["7", "8", "Unheard", "name:311"]


def test_an_empty_history_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"StreamingHistory0.json": "[]"})
    with pytest.raises(InputError, match="holds no plays"):
        read_source(path)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_that_is_nowrite_zip(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"StreamingHistory0.json{suffix}"
    content = b"[" + b" " * (110 * 2**20)
    packed = gzip.compress(content) if suffix == ".gz" else pa.compress(content, "zstd", True)
    path.write_bytes(packed)
    with pytest.raises(InputError, match="unpack to more than"):
        read_source(path)
