"""Reads the database of a Navidrome server, without writing to it.

annotation has play_count by user_id and item_id (item_type media_file), media_file the artist,
user the user_name, play_date when a file was played last. Newer versions note each play in
scrobbles as well.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from tastegraph.errors import InputError
from tastegraph.graph.frames import GraphFrames
from tastegraph.loaders.transforms.history import History
from tastegraph.loaders.transforms.known import NOTHING, Known

MAGIC = b"SQLite format 3\0"

_COUNTED = """
    SELECT coalesce(u.user_name, a.user_id), m.artist, sum(a.play_count), NULL, {last}
    FROM annotation a JOIN media_file m ON m.id = a.item_id
    LEFT JOIN user u ON u.id = a.user_id
    WHERE a.item_type = 'media_file' AND a.play_count > 0 GROUP BY 1, 2 ORDER BY 1, 2
"""
_SCROBBLED = """
    SELECT coalesce(u.user_name, s.user_id), m.artist, count(*), {first}, {last}
    FROM scrobbles s JOIN media_file m ON m.id = s.media_file_id
    LEFT JOIN user u ON u.id = s.user_id GROUP BY 1, 2 ORDER BY 1, 2
"""


def is_navidrome(path: Path) -> bool:
    """Whether ``path`` is a file of SQLite's, as Navidrome's navidrome.db is."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def read_navidrome(path: Path, user: str | None = None, known: Known = NOTHING) -> GraphFrames:
    """Count the plays of everybody on a Navidrome server, or of its user ``user`` alone.

    InputError for a database of something else, or where nobody has played anything.
    """
    history = History()
    for name, artist, plays, first, last in _rows(path):
        if user is not None and name != user:
            continue
        history.rows += plays
        if artist and artist.strip():
            history.add(name, artist, plays, times=[first], last=last)
        else:
            history.drop("no artist", plays)
    if not history.rows:
        whose = "nobody" if user is None else f"no user {user!r}"
        raise InputError(
            f"{path.name} is a Navidrome database in which {whose} has played anything: see that "
            "it is the database in use (navidrome.db in the server's data folder)"
        )
    history.notes.append(f"{path.name}: a Navidrome database, opened to be read only")
    return history.frames(path, known)


def _rows(path: Path) -> Iterator[tuple[str, str | None, int, object, object]]:
    try:
        with closing(_opened(path)) as database:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            if not {"annotation", "media_file", "user"} <= tables:
                raise InputError(
                    f"{path.name} is a database of SQLite's, but none of Navidrome's (it lacks the "
                    "tables annotation, media_file and user). Name navidrome.db"
                )
            played = _between(database, "annotation", "play_date")
            rows = database.execute(_COUNTED.format(**played)).fetchall()
            if not rows and "scrobbles" in tables:
                scrobbled = _between(database, "scrobbles", "submission_time")
                rows = database.execute(_SCROBBLED.format(**scrobbled)).fetchall()
    # What SQLite says of a damaged database quotes it, and may be no UTF-8.
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} can't be read as a Navidrome database ({error}): stop the server, or "
            "copy its database with its backup command, and load the copy"
        ) from error
    for name, artist, plays, first, last in rows:
        yield str(name), None if artist is None else str(artist), int(plays), first, last


def _between(database: sqlite3.Connection, table: str, column: str) -> dict[str, str]:
    """The first and last time of ``column``, which older versions lack."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    there = column in columns
    return {
        "first": f"min({column})" if there else "NULL",
        "last": f"max({column})" if there else "NULL",
    }


def _opened(path: Path) -> sqlite3.Connection:
    """The database, not to be written; a folder without rights has no room for its journal."""
    place = quote(str(path.absolute()))
    try:
        database = sqlite3.connect(f"file:{place}?mode=ro", uri=True)
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        database = sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True)
    return database
