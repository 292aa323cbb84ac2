"""Histories as people have them, each from a file made by its published description."""

import gzip
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.source import ReadOptions, detect, read_source
from tastegraph.loaders.transforms.known import Known
from tests.loaders.folders import row
from tests.loaders.histories import (
    listens_of,
    write_zip,
)


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
        assert listens_of(frames) == [["ana", '"Weird Al" Yankovic', 1], ["ana", "Björk", 2]]
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
        assert listens_of(frames) == [["me", "Air", 3]]
        assert row(frames, "listens").reason.startswith("no artist: 1")
        assert row(frames, "artists").reason == "another spelling of the same artist: 1"

    def test_a_column_of_users_is_theirs(self, tmp_path: Path) -> None:
        path = tmp_path / "all.csv"
        path.write_text("user,artist,track,uts\nann,Air,T,1612096440\nbo,Air,T,1612096440\n")
        assert listens_of(read_source(path)) == [["ann", "Air", 1], ["bo", "Air", 1]]

    @pytest.mark.parametrize("suffix", ["gz", "zst", "zip"])
    def test_packed_files(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"ana.csv.{suffix}"
        data = self.HEADERLESS.encode()
        if suffix == "gz":
            path.write_bytes(gzip.compress(data))
        elif suffix == "zst":
            path.write_bytes(pa.compress(data, "zstd", asbytes=True))
        else:
            write_zip(path, {"ana.csv": data})
        assert listens_of(read_source(path)) == [
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


class TestListenBrainz:
    @staticmethod
    def _listen(artist: str | None, at: int) -> dict[str, object]:
        return {"listened_at": at, "track_metadata": {"artist_name": artist, "track_name": "T"}}

    def _lines(self, *listens: dict[str, object]) -> str:
        return "".join(json.dumps(listen) + "\n" for listen in listens)

    def test_the_export(self, tmp_path: Path) -> None:
        path = write_zip(
            tmp_path / "listenbrainz_ana_1.zip",
            {
                "user.json": json.dumps({"user_id": 1, "username": "ana"}),
                "listens/2023/12.jsonl": self._lines(self._listen("Air", 1), self._listen(None, 2)),
                "listens/2024/1.jsonl": self._lines(self._listen("Air", 1), self._listen("Air", 3)),
            },
        )
        assert detect(path) == "listenbrainz"
        frames = read_source(path)
        assert listens_of(frames) == [["ana", "Air", 2]]
        assert "the same listen again: 1" in row(frames, "listens").reason

    @pytest.mark.parametrize("name", ["me.jsonl", "me.json"])
    def test_lines_and_a_list(self, tmp_path: Path, name: str) -> None:
        listens = [self._listen("Air", 1), self._listen("Beck", 2)]
        text = self._lines(*listens) if name.endswith("l") else json.dumps(listens)
        (tmp_path / name).write_text(text)
        assert listens_of(read_source(tmp_path / name)) == [["me", "Air", 1], ["me", "Beck", 1]]

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
        assert listens_of(frames) == [[ana, weird, 12], [ana, mbid, 2137], [bo, mbid, 3]]
        assert frames.artists["name"].tolist() == [weird, "betty blowtorch"]
        assert row(frames, "listens").reason.startswith("of another form than the data set's: 1")

    def test_1k(self, tmp_path: Path) -> None:
        line = "user_000001\t2009-05-04T23:08:57Z\tm1\tDeep Dish\t\tFuck Me Im Famous\n"
        path = tmp_path / "userid-timestamp-artid-artname-traid-traname.tsv"
        path.write_text(line * 3 + line.replace("m1", ""))
        assert listens_of(read_source(path)) == [["user_000001", "m1", 4]]

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
        assert listens_of(read_source(path)) == [["ana", "Air", 5], ["bo", "Air", 1]]
        assert listens_of(read_source(path, options=ReadOptions(user="bo"))) == [["bo", "Air", 1]]
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
        assert listens_of(frames) == [["ann", "Air; B", 1234], ["ann", "Beck", 2]]

    def test_without_plays_each_row_counts_one(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tsv.gz"
        text = "band\tsong\nAir\tx\nAir\ty\nBeck\tz\n"
        path.write_bytes(gzip.compress(text.encode("utf-16")))
        options = ReadOptions({"artist": "band"}, user="me", encoding="utf-16")
        frames = read_source(path, options=options)
        assert listens_of(frames) == [["me", "Air", 2], ["me", "Beck", 1]]

    def test_a_delimiter_is_given(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text("user~artist~plays\nann~Air~3\n")
        options = ReadOptions(delimiter="~")
        assert listens_of(read_source(path, options=options)) == [["ann", "Air", 3]]

    def test_wrong_names_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("who,band\nann,Air\n")
        with pytest.raises(InputError, match="no column 'listener' of listens"):
            read_source(path, options=ReadOptions({"listener": "who"}))
        with pytest.raises(InputError, match=r"line 1: no column who\?; the header found is"):
            read_source(path, options=ReadOptions({"user": "who?", "artist": "band"}))
        with pytest.raises(InputError, match="no encoding utf-99"):
            read_source(path, options=ReadOptions(encoding="utf-99"))
