"""Write the corpus: a small valid file or two for each reader, all of them made up.

python -m maintenance.fuzz.seeds
"""

import gzip
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from maintenance.fuzz.readers import CORPUS, HETREC

_ACCOUNT = [
    {"endTime": "2024-01-01 10:00", "artistName": "Air", "trackName": "T", "msPlayed": 61_000},
    {"endTime": "2024-01-02 10:00", "artistName": "Björk", "trackName": "U", "msPlayed": 5},
]
_EXTENDED = [
    {
        "ts": "2016-01-01T10:00:00Z",
        "username": "ana",
        "ms_played": 61_000,
        "master_metadata_track_name": "T",
        "master_metadata_album_artist_name": "Air",
        "master_metadata_album_album_name": "A",
        "episode_name": None,
    }
]
_LISTENS = [
    {
        "listened_at": 1_600_000_000 + at,
        "track_metadata": {
            "artist_name": artist,
            "track_name": "T",
            "mbid_mapping": {"artists": [{"artist_credit_name": artist, "join_phrase": ""}]},
        },
    }
    for at, artist in enumerate(["Air", "Björk", "Air"])
]
_HASH = "0123456789abcdef0123456789abcdef01234567"
_MBID = "0123abcd-0000-4000-8000-000000000000"


def _parquet(compression: str) -> bytes:
    table = pa.table({"user": ["u1", "u2"], "artist": ["a", "é"], "plays": [3, 4]})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression=compression)
    return buffer.getvalue()


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def _nameless() -> bytes:
    """A zip whose list calls its only file nothing."""
    data = bytearray(_zip({"x": b"[]"}))
    listed = data.index(b"PK\x01\x02")
    # The letter of the name is an extra field now.
    data[listed + 28], data[listed + 30] = 0, 1
    return bytes(data)


def _navidrome() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.db")
        database = sqlite3.connect(path)
        database.executescript(
            """
            CREATE TABLE user (id TEXT, user_name TEXT);
            CREATE TABLE media_file (id TEXT, artist TEXT, album_artist TEXT, artist_id TEXT);
            CREATE TABLE annotation (
                user_id TEXT, item_id TEXT, item_type TEXT, play_count INTEGER);
            INSERT INTO user VALUES ('1', 'ana');
            INSERT INTO media_file VALUES ('m', 'Air', 'Air', 'a');
            INSERT INTO annotation VALUES ('1', 'm', 'media_file', 3);
            """
        )
        database.commit()
        database.close()
        return path.read_bytes()


def seeds() -> dict[str, list[bytes]]:
    """The files of each reader."""
    account, extended = (json.dumps(each).encode() for each in (_ACCOUNT, _EXTENDED))
    listens = "".join(f"{json.dumps(each)}\n" for each in _LISTENS).encode()
    table = 'user,artist,plays\nu1,a1,3\nu1,"Crosby, Stills",1 234\nu2,Björk,12.0\n'.encode()
    return {
        "csv": [
            table,
            b"User;Artist;Plays\n1;2;3\n",
            "user,artist,plays\né,ü,1\n".encode("latin-1"),
        ],
        "tsv": [table.replace(b",", b"\t"), b'user\tartist\tplays\n1\t"Heroes"\t1e3\n'],
        "parquet": [_parquet("snappy"), _parquet("none")],
        "artists": [b'artist,name,url\na1,Air,http://a\na2,"B, C",\n'],
        "friends": [b"user,friend\nu1,u2\nu2,u1\n"],
        "tags": [b"user,artist,tag,date\nu1,a1,jazz,2009-04-01\nu2,a1,cool jazz,\n"],
        "columns": [b"who,band,time\nana,Air,2020-01-01\nbo,Abba,2020-01-02\n"],
        **{f"hetrec-{name.removesuffix('.dat')}": [HETREC[name]] for name in HETREC},
        "scrobbles": [
            b'Air,Moon Safari,"Sexy Boy, Live",31 Jan 2021 12:34\nAbba,A,T,01 Feb 2021 00:01\n',
            b"uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
            b'"1600000000","13 Sep 2020, 12:26","Air","","A","","T",""\n',
            # Once foreign errors: rows of another width than the header's, and one in no UTF-8.
            b"uts,artist,track\n1600000000\n1600000001\n",
            b"Air,A,T,31 Jan 2021 12:34\n\xf7,A,T\n",
        ],
        "spotify": [account],
        "spotify-extended": [extended],
        "listenbrainz": [listens],
        "lastfm-dataset": [
            f"{_HASH}\t{_MBID}\tAir\t12\n{_HASH}\t\tAbba\t3\n".encode(),
            f"user_000001\t2009-05-04T23:08:57Z\t{_MBID}\tAir\t\tT\n".encode(),
        ],
        "navidrome": [_navidrome()],
        "zip": [
            _zip({"MyData/StreamingHistory0.json": account}),
            _zip({"listens/2020/9.jsonl": listens, "user.json": b'{"username": "ana"}'}),
            # Once a foreign error.
            _nameless(),
        ],
        "gzip": [gzip.compress(account, mtime=0)],
        "sheet": [b'name,Like\nAir,1\n"B, C",0\nAbba,\n'],
        "likes": [
            b'{"items": [{"name": "Air"}, {"name": "Abba"}]}',
            b'{"items": [{"name": "T", "artists": [{"name": "Air"}]}]}',
        ],
        "matches": [b"name,artist,called,how\nair,1,Air,letters\nabba,,,new\n"],
        "train": [table],
        "test": [b"user,artist\nu1,a1\nu2,a2\n", table],
        "configuration": [
            b'store = "bolt://localhost:7687"\n[recommend]\nk = 20\ntag = ["jazz"]\n'
            b"[algorithms.als]\nreg = 0.1\nbig = 0xff\nwhen = 2020-01-01T00:00:00Z\n"
        ],
    }


if __name__ == "__main__":
    for name, files in seeds().items():
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(files, 1):
            (CORPUS / name / f"seed-{number}").write_bytes(content)
