"""A tenth of the real data, to warm a server up and to try the benchmarks out."""

from collections.abc import Callable
from pathlib import Path

DATA = "hetrec2011-lastfm-2k"
SPLIT = "split-80-20"

Row = list[bytes]


def write_tenth(data: Path, out: Path) -> None:
    """Write the users whose id ends in 2, and what they listen to and tag, to ``out``."""
    folder, split = out / DATA, out / SPLIT
    folder.mkdir(parents=True)
    split.mkdir()
    source = data / DATA
    listens = _copy(source, folder, "user_artists.dat", lambda row: _chosen(row[0]))
    tagged = _copy(source, folder, "user_taggedartists.dat", lambda row: _chosen(row[0]))
    _copy(source, folder, "user_friends.dat", lambda row: all(map(_chosen, row)))
    artists = {row[1] for row in listens + tagged}
    tags = {row[2] for row in tagged}
    _copy(source, folder, "artists.dat", lambda row: row[0] in artists)
    _copy(source, folder, "tags.dat", lambda row: row[0] in tags)
    for name in ("train.tsv", "test.tsv"):
        _copy(data / SPLIT, split, name, lambda row: _chosen(row[0]))


def _chosen(user: bytes) -> bool:
    return int(user) % 10 == 2


def _copy(source: Path, target: Path, name: str, wanted: Callable[[Row], bool]) -> list[Row]:
    """Copy a file's header and the rows that are wanted; gives those rows."""
    header, *lines = (source / name).read_bytes().splitlines()
    rows = [row for line in lines if wanted(row := line.split(b"\t"))]
    (target / name).write_bytes(b"\n".join([header, *(b"\t".join(row) for row in rows)]) + b"\n")
    return rows
