"""Histories as people have them, each from a file made by its published description."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.frames import HEARD, LISTENS, GraphFrames
from tastegraph.loaders.source import ReadOptions, detect, read_source
from tastegraph.loaders.transforms.known import Known
from tests.loaders.folders import row

MINUTE = 60_000


def _listens(frames: GraphFrames) -> list[list[Any]]:
    return frames.listens[list(LISTENS)].to_numpy().tolist()


def _heard(frames: GraphFrames) -> dict[str, list[str | None]]:
    """First and last time by artist."""
    assert list(frames.listens.columns) == [*LISTENS, *HEARD]
    rows = frames.listens[["artist", *HEARD]].to_numpy().tolist()
    return {artist: [first, last] for artist, first, last in rows}


def _json(folder: Path, name: str, content: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def _zip(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _account(artist: str, milliseconds: int, time: str = "2024-01-01 10:00") -> dict[str, object]:
    return {"endTime": time, "artistName": artist, "trackName": "T", "msPlayed": milliseconds}


def _extended(
    artist: str | None, milliseconds: int, time: str, **more: object
) -> dict[str, object]:
    return {
        "ts": time,
        "ms_played": milliseconds,
        "master_metadata_album_artist_name": artist,
        "master_metadata_track_name": "T" if artist else None,
        "episode_name": None,
        **more,
    }


class TestScrobbles:
    HEADERLESS = (
        'Björk,Post,"Army of Me, Live",31 Jan 2021 12:34\n'
        '"""Weird Al"" Yankovic",,Eat It,01 Feb 2021 00:01\n'
        "Björk,,Hyperballad,\n"
    )

    @pytest.mark.parametrize(
        "text",
        [
            HEADERLESS,
            "\ufeff" + HEADERLESS.replace("\n", "\r\n"),
            "artist,album,name,date\n" + HEADERLESS,
            "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
            '"1612096440","31 Jan 2021, 12:34","Björk","","Post","","Army of Me",""\n'
            '"1612137660","01 Feb 2021, 00:01","""Weird Al"" Yankovic","","","","Eat It",""\n'
            '"","","Björk","","","","Hyperballad",""\n',
            'Artist;Album;AlbumId;Track;Date#ana\n"Björk";"Post";"";"Army";"1612096440000"\n'
            '"""Weird Al"" Yankovic";"";"";"Eat It";"1612137660000"\nBjörk;;;Hyperballad;\n',
            "2021-01-31T12:34:00Z\tBjörk\tArmy of Me\n"
            '2021-02-01T12:34:00Z\t"""Weird Al"" Yankovic"\tEat It\n'
            "2021-02-01T12:34:00Z\tBjörk\tHyperballad\n",
        ],
        ids=["lastfm-to-csv", "windows", "header", "ghan", "lastfmstats", "time first"],
    )
    def test_orders_of_the_common_exporters(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "ana.csv"
        path.write_text(text, encoding="utf-8", newline="")
        assert detect(path) == "scrobbles"
        frames = read_source(path)
        assert _listens(frames) == [["ana", '"Weird Al" Yankovic', 1], ["ana", "Björk", 2]]
        assert row(frames, "listens").read == 3
        assert "Last.fm scrobbles" in frames.notes[0]

    def test_names_that_look_like_nothing_are_bands(self, tmp_path: Path) -> None:
        path = tmp_path / "me.csv"
        names = ["NA", "null", "None", "nan", "True", "311", "007"]
        path.write_text("".join(f"{name},,T,01 Feb 2021 00:01\n" for name in names))
        assert read_source(path).artists["artist"].tolist() == sorted(names)

    def test_spellings_rows_without_artist_and_one_user(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("artist,track,uts\nAir,T,1612096440\nAIR ,T,1612096441\nAir,T,\n,T,\n")
        frames = read_source(path, options=ReadOptions(user="me"))
        assert _listens(frames) == [["me", "Air", 3]]
        assert row(frames, "listens").reason.startswith("no artist: 1")
        assert row(frames, "artists").reason == "another spelling of the same artist: 1"

    def test_a_column_of_users_is_theirs(self, tmp_path: Path) -> None:
        path = tmp_path / "all.csv"
        path.write_text("user,artist,track,uts\nann,Air,T,1612096440\nbo,Air,T,1612096440\n")
        assert _listens(read_source(path)) == [["ann", "Air", 1], ["bo", "Air", 1]]

    @pytest.mark.parametrize("suffix", ["gz", "zst", "zip"])
    def test_packed_files(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"ana.csv.{suffix}"
        data = self.HEADERLESS.encode()
        if suffix == "gz":
            path.write_bytes(gzip.compress(data))
        elif suffix == "zst":
            path.write_bytes(pa.compress(data, "zstd", asbytes=True))
        else:
            _zip(path, {"ana.csv": data})
        assert _listens(read_source(path)) == [
            ["ana", '"Weird Al" Yankovic', 1],
            ["ana", "Björk", 2],
        ]

    def test_a_stray_quotation_mark_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "ana.csv"
        rows = [f"Air,,T{number},01 Feb 2021 00:01\n" for number in range(60)]
        rows[55], rows[57] = 'Air,,"Open,01 Feb 2021 00:01\n', 'Air,,12",01 Feb 2021 00:01\n'
        path.write_text("".join(rows))
        with pytest.raises(InputError, match=r"ana\.csv, line 56: a quotation mark opens here"):
            read_source(path)

    def test_a_row_of_another_width_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "ana.csv"
        rows = ["Air,,T,01 Feb 2021 00:01\n"] * 60 + ["Air,T\n"]
        path.write_text("".join(rows))
        with pytest.raises(InputError, match=r"a row of 2 fields where others have 4: 'Air,T'"):
            read_source(path)

    def test_one_bad_byte_changes_no_other_name(self, tmp_path: Path) -> None:
        path = tmp_path / "ana.csv"
        text = "".join(f"{name},,T,01 Feb 2021 00:01\n" for name in ("Björk", "Röyksopp", "Mö"))
        path.write_bytes(text.encode().replace("Mö".encode(), b"M\xf6"))
        frames = read_source(path)
        assert frames.artists["name"].tolist() == ["Björk", "M\ufffd", "Röyksopp"]
        assert any("1 names are not UTF-8" in note for note in frames.notes)
        path.write_bytes(text.encode("cp1252"))
        assert read_source(path).artists["name"].tolist() == ["Björk", "Mö", "Röyksopp"]


class TestSpotify:
    def test_account_data(self, tmp_path: Path) -> None:
        plays = [
            _account("Air", MINUTE),
            _account("Air", MINUTE, "2024-01-02 10:00"),
            _account("Air", MINUTE, "2024-01-02 10:00"),
            _account("Beck", 29_999),
            _account("Beck", 30_000),
        ]
        _json(tmp_path / "data", "StreamingHistory_music_0.json", plays)
        podcast = {"endTime": "2024-01-01 10:00", "podcastName": "P", "msPlayed": MINUTE}
        _json(tmp_path / "data", "StreamingHistory_podcast_0.json", [podcast])
        _json(tmp_path / "data", "Playlist1.json", {"playlists": []})
        assert detect(tmp_path / "data") == "spotify"
        frames = read_source(tmp_path / "data", options=ReadOptions(user="me"))
        assert _listens(frames) == [["me", "Air", 2], ["me", "Beck", 1]]
        listens = row(frames, "listens")
        assert (listens.read, listens.loaded, listens.dropped) == (6, 2, 3)
        for reason in ("shorter than 30 s: 1", "the same play again: 1", "podcasts and audio"):
            assert reason in listens.reason
        less = read_source(tmp_path / "data", options=ReadOptions(min_seconds=10, user="me"))
        assert _listens(less)[1] == ["me", "Beck", 1 + 1]

    def test_the_extended_history_as_it_is_downloaded(self, tmp_path: Path) -> None:
        audio = [
            _extended("Air", MINUTE, "2020-01-01T10:00:00Z"),
            _extended(None, MINUTE, "2020-01-01T11:00:00Z", episode_name="E"),
            _extended(None, MINUTE, "2020-01-01T12:00:00Z"),
        ]
        path = _zip(
            tmp_path / "my_spotify_data.zip",
            {
                "History/ReadMe.pdf": b"%PDF",
                "History/Streaming_History_Audio_2020_0.json": json.dumps(audio),
                "History/Streaming_History_Video_2020.json": "[]",
                "StreamingHistory0.json": json.dumps([_account("Air", MINUTE)]),
                "__MACOSX/._Streaming_History_Audio_2020_0.json": b"\0\1",
            },
        )
        frames = read_source(path)
        assert _listens(frames) == [["my_spotify_data", "Air", 1]]
        assert row(frames, "listens").dropped == 2
        assert any("1 files of the account data were not read" in note for note in frames.notes)

    def test_the_account_s_name_is_the_user(self, tmp_path: Path) -> None:
        play = _extended("Air", MINUTE, "2016-01-01T10:00:00Z", username="ana")
        path = _json(tmp_path, "endsong_0.json", [play])
        assert _listens(read_source(path)) == [["ana", "Air", 1]]

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
    def test_no_zip(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        path.write_bytes(b"PK\x03\x04 cut off")
        with pytest.raises(InputError, match="can't be read as a zip"):
            read_source(path)

    @pytest.mark.parametrize("name", ["../out.json", "/etc/x.json", "a/../../x", "C:\\x.json"])
    def test_paths_that_leave(self, tmp_path: Path, name: str) -> None:
        path = _zip(tmp_path / "a.zip", {name: "[]"})
        with pytest.raises(InputError, match="leads out of it"):
            read_source(path)

    def test_a_bomb(self, tmp_path: Path) -> None:
        path = _zip(tmp_path / "a.zip", {"StreamingHistory0.json": b"0" * (110 * 2**20)})
        with pytest.raises(InputError, match="would unpack to"):
            read_source(path)

    def test_a_damaged_zip(self, tmp_path: Path) -> None:
        content = json.dumps([_account("Air", number) for number in range(1000)])
        path = _zip(tmp_path / "a.zip", {"StreamingHistory0.json": content})
        data = bytearray(path.read_bytes())
        data[200:260] = bytes(60)
        path.write_bytes(bytes(data))
        with pytest.raises(InputError, match=r"StreamingHistory0\.json in a\.zip can't be read"):
            read_source(path)

    def test_two_formats_in_one_folder(self, tmp_path: Path) -> None:
        _json(tmp_path, "StreamingHistory0.json", [_account("Air", MINUTE)])
        (tmp_path / "scrobbles.csv").write_text("Air,,T,01 Feb 2021 00:01\n")
        with pytest.raises(InputError, match="holds spotify and scrobbles"):
            read_source(tmp_path)


class TestListenBrainz:
    @staticmethod
    def _listen(artist: str | None, at: int) -> dict[str, object]:
        return {"listened_at": at, "track_metadata": {"artist_name": artist, "track_name": "T"}}

    def _lines(self, *listens: dict[str, object]) -> str:
        return "".join(json.dumps(listen) + "\n" for listen in listens)

    def test_the_export(self, tmp_path: Path) -> None:
        path = _zip(
            tmp_path / "listenbrainz_ana_1.zip",
            {
                "user.json": json.dumps({"user_id": 1, "username": "ana"}),
                "listens/2023/12.jsonl": self._lines(self._listen("Air", 1), self._listen(None, 2)),
                "listens/2024/1.jsonl": self._lines(self._listen("Air", 1), self._listen("Air", 3)),
            },
        )
        assert detect(path) == "listenbrainz"
        frames = read_source(path)
        assert _listens(frames) == [["ana", "Air", 2]]
        assert "the same listen again: 1" in row(frames, "listens").reason

    @pytest.mark.parametrize("name", ["me.jsonl", "me.json"])
    def test_lines_and_a_list(self, tmp_path: Path, name: str) -> None:
        listens = [self._listen("Air", 1), self._listen("Beck", 2)]
        text = self._lines(*listens) if name.endswith("l") else json.dumps(listens)
        (tmp_path / name).write_text(text)
        assert _listens(read_source(tmp_path / name)) == [["me", "Air", 1], ["me", "Beck", 1]]

    def test_musicbrainz_ids_go_before_names(self, tmp_path: Path) -> None:
        uk, us, air = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")
        listens = [self._listen("Nirvana", 1), self._listen("Air", 2), self._listen("Both", 3)]
        listens[0]["track_metadata"] |= {"additional_info": {"artist_mbids": [uk]}}
        listens[1]["track_metadata"] |= {"mbid_mapping": {"artist_mbids": [air]}}
        listens[2]["track_metadata"] |= {"additional_info": {"artist_mbids": [uk, us]}}
        (tmp_path / "me.jsonl").write_text(self._lines(*listens))

        alone = read_source(tmp_path / "me.jsonl")
        assert [(each.id, each.name, each.value) for each in alone.properties] == [
            ("Air", "musicbrainzId", air),
            ("Nirvana", "musicbrainzId", uk),
        ]

        artists = {7: ("Nirvana", 99), 8: ("Nirvana", 1), 9: ("Both", 1), 10: ("AIR", 1)}
        known = Known(artists=artists, musicbrainz={us: 7, uk: 8})
        frames = read_source(tmp_path / "me.jsonl", known=known)
        assert sorted(frames.listens["artist"]) == [8, 9, 10]
        assert [tuple(each) for each in frames.properties] == [("Artist", 10, "musicbrainzId", air)]
        assert frames.matches is not None
        found = dict(zip(frames.matches["name"], frames.matches["how"], strict=True))
        assert found == {"Nirvana": "musicbrainz", "Both": "exact", "Air": "spelling"}

    def test_a_line_that_is_cut_off(self, tmp_path: Path) -> None:
        path = tmp_path / "me.jsonl"
        path.write_text(self._lines(self._listen("Air", 1)) + '{"listened_at": 2, "tra')
        with pytest.raises(InputError, match=r"me\.jsonl, line 2: .*cut off"):
            read_source(path)


class TestLastfmDataset:
    def test_360k(self, tmp_path: Path) -> None:
        ana, bo, mbid = "a" * 40, "b" * 40, "3bd73949-0000-4000-8000-000000000000"
        lines = [
            f"{ana}\t{mbid}\tbetty blowtorch\t2137\n",
            f'{ana}\t\t"weird al" yankovic\t12\n',
            f"{bo}\t\tbetty blowtorch\t3\n",
            "sep 20, 2008\t\tx\n",
        ]
        path = tmp_path / "usersha1-artmbid-artname-plays.tsv"
        path.write_text("".join(lines), encoding="utf-8")
        assert detect(path) == "lastfm-dataset"
        frames = read_source(path)
        weird = '"weird al" yankovic'
        assert _listens(frames) == [[ana, weird, 12], [ana, mbid, 2137], [bo, mbid, 3]]
        assert frames.artists["name"].tolist() == [weird, "betty blowtorch"]
        assert row(frames, "listens").reason.startswith("of another form than the data set's: 1")

    def test_1k(self, tmp_path: Path) -> None:
        line = "user_000001\t2009-05-04T23:08:57Z\tm1\tDeep Dish\t\tFuck Me Im Famous\n"
        path = tmp_path / "userid-timestamp-artid-artname-traid-traname.tsv"
        path.write_text(line * 3 + line.replace("m1", ""))
        assert _listens(read_source(path)) == [["user_000001", "m1", 4]]

    def test_profiles_are_properties_of_users(self, tmp_path: Path) -> None:
        ana, bo, eve = "a" * 40, "b" * 40, "e" * 40
        plays = f"{ana}\t\tAir\t1\n{bo}\t\tAir\t2\n"
        (tmp_path / "usersha1-artmbid-artname-plays.tsv").write_text(plays)
        profiles = [
            f"{ana}\tf\t22\tGermany\tFeb 1, 2007\n",
            f"{bo}\t\t-1337\tUnited States\t\n",
            f"{eve}\tm\t30\tJapan\tAug 13, 2006\n",
            "\n",
        ]
        (tmp_path / "usersha1-profile.tsv").write_text("".join(profiles))
        assert detect(tmp_path) == "lastfm-dataset"
        frames = read_source(tmp_path)
        assert [tuple(each) for each in frames.properties] == [
            ("User", ana, "gender", "f"),
            ("User", ana, "age", 22),
            ("User", ana, "country", "Germany"),
            ("User", ana, "signup", "2007-02-01"),
            ("User", bo, "country", "United States"),
        ]
        said = row(frames, "profiles")
        assert (said.read, said.loaded, said.dropped) == (3, 2, 1)

    def test_profiles_of_1k(self, tmp_path: Path) -> None:
        line = "user_000001\t2009-05-04T23:08:57Z\tm1\tDeep Dish\t\tT\n"
        (tmp_path / "userid-timestamp-artid-artname-traid-traname.tsv").write_text(line)
        titles = "#id\tgender\tage\tcountry\tregistered\n"
        (tmp_path / "userid-profile.tsv").write_text(f"{titles}user_000001\tm\t\tJapan\t\n")
        properties = read_source(tmp_path).properties
        assert [(each.name, each.value) for each in properties] == [
            ("gender", "m"),
            ("country", "Japan"),
        ]

    def test_plays_that_are_no_number(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tsv"
        path.write_text(f"{'a' * 40}\t\tAir\t1\n" * 3 + f"{'a' * 40}\t\tAir\tmany\n")
        with pytest.raises(InputError, match=r"a\.tsv, line 4: plays are 'many'"):
            read_source(path)


class TestNavidrome:
    @staticmethod
    def _database(path: Path, plays: Sequence[tuple[str, str, int]]) -> Path:
        database = sqlite3.connect(path)
        database.executescript(
            "CREATE TABLE user (id TEXT, user_name TEXT);"
            "CREATE TABLE media_file (id TEXT, artist TEXT);"
            "CREATE TABLE annotation (user_id TEXT, item_id TEXT, item_type TEXT, play_count INT);"
            "INSERT INTO user VALUES ('1', 'ana'), ('2', 'bo');"
            "INSERT INTO media_file VALUES ('s1', 'Air'), ('s2', 'Air'), ('s3', '');"
        )
        database.executemany("INSERT INTO annotation VALUES (?, ?, 'media_file', ?)", plays)
        database.execute("INSERT INTO annotation VALUES ('1', 'x', 'album', 99)")
        database.commit()
        database.close()
        return path

    def test_play_counts_by_user(self, tmp_path: Path) -> None:
        plays = [("1", "s1", 2), ("1", "s2", 3), ("2", "s1", 1), ("1", "s3", 4), ("2", "s2", 0)]
        path = self._database(tmp_path / "navidrome.db", plays)
        path.chmod(0o444)
        before = path.read_bytes()
        assert detect(path) == "navidrome"
        assert _listens(read_source(path)) == [["ana", "Air", 5], ["bo", "Air", 1]]
        assert _listens(read_source(path, options=ReadOptions(user="bo"))) == [["bo", "Air", 1]]
        assert path.read_bytes() == before
        with pytest.raises(InputError, match="no user 'eve' has played anything"):
            read_source(path, options=ReadOptions(user="eve"))

    def test_other_databases_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "other.db"
        database = sqlite3.connect(path)
        database.execute("CREATE TABLE x (y)")
        database.commit()
        database.close()
        with pytest.raises(InputError, match="none of Navidrome's"):
            read_source(path)
        path.write_bytes(b"SQLite format 3\0" + b"x" * 200)
        with pytest.raises(InputError, match=r"other\.db can't be read as a Navidrome"):
            read_source(path)


class TestAnyTable:
    COLUMNS: ClassVar = {"user": "who", "artist": "band", "plays": "count", "time": "at"}

    def test_columns_are_named(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('x;who;band;count;at\n1;ann;"Air; B";1 234;2020\n1;ann;Beck;2;2020\n')
        frames = read_source(path, options=ReadOptions(self.COLUMNS))
        assert _listens(frames) == [["ann", "Air; B", 1234], ["ann", "Beck", 2]]

    def test_without_plays_each_row_counts_one(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tsv.gz"
        text = "band\tsong\nAir\tx\nAir\ty\nBeck\tz\n"
        path.write_bytes(gzip.compress(text.encode("utf-16")))
        options = ReadOptions({"artist": "band"}, user="me", encoding="utf-16")
        frames = read_source(path, options=options)
        assert _listens(frames) == [["me", "Air", 2], ["me", "Beck", 1]]

    def test_a_delimiter_is_given(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("user~artist~plays\nann~Air~3\n")
        options = ReadOptions(delimiter="~")
        assert _listens(read_source(path, options=options)) == [["ann", "Air", 3]]

    def test_wrong_names_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("who,band\nann,Air\n")
        with pytest.raises(InputError, match="no column 'listener' of listens"):
            read_source(path, options=ReadOptions({"listener": "who"}))
        with pytest.raises(InputError, match=r"line 1: no column who\?; the header found is"):
            read_source(path, options=ReadOptions({"user": "who?", "artist": "band"}))
        with pytest.raises(InputError, match="no encoding utf-99"):
            read_source(path, options=ReadOptions(encoding="utf-99"))


def test_a_history_meets_the_artists_of_the_graph(tmp_path: Path) -> None:
    names = ["bjork", "THE BEATLES", "311", "Unheard"]
    plays = [_account(name, MINUTE, f"2024-01-0{day}") for day, name in enumerate(names, 1)]
    path = _json(tmp_path, "StreamingHistory0.json", plays)
    known = Known(frozenset([2]), {7: ("Björk", 3), 8: ("The Beatles", 9), 311: ("Other", 1)}, {})
    frames = read_source(path, known=known, options=ReadOptions(user="me"))
    assert sorted(frames.listens["artist"]) == ["7", "8", "Unheard", "name:311"]
    assert (
        dict(zip(frames.artists["artist"], frames.artists["name"], strict=True))["name:311"]
        == "311"
    )
    assert not frames.named


def test_an_empty_history_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"StreamingHistory0.json": "[]"})
    with pytest.raises(InputError, match="holds no plays"):
        read_source(path)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_that_is_no_zip(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"StreamingHistory0.json{suffix}"
    content = b"[" + b" " * (110 * 2**20)
    packed = gzip.compress(content) if suffix == ".gz" else pa.compress(content, "zstd", True)
    path.write_bytes(packed)
    with pytest.raises(InputError, match="unpack to more than"):
        read_source(path)
