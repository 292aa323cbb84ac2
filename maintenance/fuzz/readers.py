"""Every reader of files, each as a function of the bytes of one file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tastegraph.commands.configuration import read_configuration
from tastegraph.errors import TastegraphError
from tastegraph.loaders.readers.likes import read_sheet, read_spotify
from tastegraph.loaders.readers.matches import read_matches
from tastegraph.loaders.readers.pairs import read_test, read_train
from tastegraph.loaders.source import ReadOptions, read_source

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Reader:
    """What reads a file called ``file``, and what lies beside it."""

    file: str
    read: Callable[[Path], object]
    beside: tuple[tuple[str, bytes], ...] = ()

    def survives(self, data: bytes) -> bool:
        """Whether ``data`` can be read; False where it is refused as it should be.

        Any other error passes: it is a finding.
        """
        with TemporaryDirectory() as folder:
            path = Path(folder, self.file)
            path.write_bytes(data)
            for name, content in self.beside:
                Path(folder, name).write_bytes(content)
            try:
                self.read(path)
            except TastegraphError as error:
                # What is said of a file must be something that can be said.
                str(error).encode("utf-8")
                return False
            return True


def _folder(path: Path) -> object:
    return read_source(path.parent)


_TABLE = b"user,artist,plays\nu1,a1,3\nu2,a2,4\n"
HETREC = {
    "artists.dat": b"id\tname\turl\tpictureURL\n1\tAir\thttp://a\t\n2\tBj\xc3\xb6rk\t\t\n",
    "tags.dat": b"tagID\ttagValue\n1\tjazz\n",
    "user_artists.dat": b"userID\tartistID\tweight\n2\t1\t13\n2\t2\t5\n3\t1\t7\n",
    "user_friends.dat": b"userID\tfriendID\n2\t3\n3\t2\n",
    "user_taggedartists.dat": b"userID\tartistID\ttagID\tday\tmonth\tyear\n2\t1\t1\t1\t4\t2009\n",
}
"""A folder of HetRec's, and the seeds of its readers."""


def _hetrec(file: str) -> Reader:
    beside = {name: content for name, content in HETREC.items() if name != file}
    return Reader(file, _folder, tuple(beside.items()))


READERS: dict[str, Reader] = {
    "csv": Reader("listens.csv", read_source),
    "tsv": Reader("listens.tsv", read_source),
    "parquet": Reader("listens.parquet", read_source),
    "artists": Reader("artists.csv", _folder, (("listens.csv", _TABLE),)),
    "friends": Reader("friends.csv", _folder, (("listens.csv", _TABLE),)),
    "tags": Reader("tags.csv", _folder, (("listens.csv", _TABLE),)),
    "columns": Reader(
        "plays.csv",
        lambda path: read_source(
            path, options=ReadOptions(columns={"user": "who", "artist": "band"}, delimiter=",")
        ),
    ),
    **{f"hetrec-{name.removesuffix('.dat')}": _hetrec(name) for name in HETREC},
    "scrobbles": Reader("scrobbles.csv", lambda path: read_source(path, "scrobbles")),
    "spotify": Reader("StreamingHistory0.json", read_source),
    "spotify-extended": Reader("endsong_0.json", read_source),
    "listenbrainz": Reader("listens.jsonl", lambda path: read_source(path, "listenbrainz")),
    "lastfm-dataset": Reader("plays.tsv", lambda path: read_source(path, "lastfm-dataset")),
    "navidrome": Reader("navidrome.db", lambda path: read_source(path, "navidrome")),
    "zip": Reader("history.zip", read_source),
    "gzip": Reader("StreamingHistory0.json.gz", read_source),
    "sheet": Reader("sheet.csv", read_sheet),
    "likes": Reader("top.json", read_spotify),
    "matches": Reader("matches.csv", read_matches),
    "train": Reader("train.csv", read_train),
    "test": Reader("test.csv", read_test),
    "configuration": Reader("tastegraph.toml", read_configuration),
}
"""By the name of their folder in the corpus."""
