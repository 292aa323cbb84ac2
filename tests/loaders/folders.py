"""Small sources that tests write, valid until a test spoils one file of them."""

from pathlib import Path

import pandas as pd

from tastegraph.graph.frames import GraphFrames, ReportRow

FRAMES = ("users", "artists", "tags", "listens", "friendships", "taggings")

HETREC = {
    "artists.dat": "id\tname\turl\tpictureURL\n1\tAba\thttp://a\thttp://p\n5\tBe Ka\thttp://b\t\n",
    "tags.dat": "tagID\ttagValue\n1\trock\n3\tpop\n",
    "user_artists.dat": "userID\tartistID\tweight\n2\t1\t10\n2\t5\t20\n7\t5\t30\n",
    "user_friends.dat": "userID\tfriendID\n2\t7\n7\t2\n",
    "user_taggedartists.dat": (
        "userID\tartistID\ttagID\tday\tmonth\tyear\n2\t1\t1\t1\t4\t2009\n7\t5\t3\t1\t6\t1956\n"
    ),
}

TABLES = {
    "listens.csv": "user,artist,plays\n2,1,10\n2,5,20\n7,5,30\n",
    "artists.csv": "artist,name,url\n1,Aba,http://a\n5,Be Ka,\n",
    "friends.csv": "user,friend\n2,7\n7,2\n",
    "tags.csv": "user,artist,tag,date\n2,1,rock,2009-04-01\n7,5,pop,\n",
}


def write_folder(folder: Path, files: dict[str, str], **changes: str | bytes | None) -> Path:
    """Write files, with changes by name (dots and hyphens as ``_``); None leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        content = changes.pop(name.replace(".", "_").replace("-", "_"), text)
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(data)
    assert not changes, f"no such files: {changes}"
    return folder


def hetrec(folder: Path, **changes: str | bytes | None) -> Path:
    return write_folder(folder, HETREC, **changes)


def tables(folder: Path, **changes: str | bytes | None) -> Path:
    return write_folder(folder, TABLES, **changes)


def row(frames: GraphFrames, kind: str) -> ReportRow:
    return next(row for row in frames.report if row.kind == kind)


def assert_equal_frames(left: GraphFrames, right: GraphFrames) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name))
