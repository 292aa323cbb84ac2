"""Reads listens, artists, friends and tags from CSV, TSV or Parquet files."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    ARTISTS,
    DATE,
    FRIEND,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
)
from tastegraph.loaders.files.cells import (
    check_not_empty,
    dates,
    ids,
    plays,
    text,
    text_or_none,
)
from tastegraph.loaders.files.manifest import read_manifest
from tastegraph.loaders.files.spelling import bare
from tastegraph.loaders.files.table import Headers, Table, read_table
from tastegraph.loaders.readers.graph_tables import GraphTables
from tastegraph.loaders.readers.listen_times import TIME_HEADERS, heard_in
from tastegraph.loaders.transforms.artists_by_name import by_name, with_ids
from tastegraph.loaders.transforms.held_out import PAIR_HEADERS, PLAYS_HEADERS, leave_out
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.loaders.transforms.matching import NEW_PREFIX
from tastegraph.loaders.transforms.validation import Parsed, build
from tastegraph.runtime.progress import Advance, Progress, silent

LISTENS_TABLE = "listens"
ARTISTS_TABLE = "artists"
FRIENDS_TABLE = "friends"
TAGS_TABLE = "tags"
SUFFIXES = (".csv", ".tsv", ".parquet")

ReadNamed = Callable[[str, Headers, Headers], Table | None]
"""Reads required and optional columns of the table of a name; None where there is none."""


def read_tables(
    path: Path,
    listens: Path | None = None,
    without: Path | None = None,
    progress: Progress = silent,
    known: Known = NOTHING,
) -> GraphFrames:
    """Read and validate tables: a folder of them, or one file of listens.

    listens  user, artist [, plays] [, time | first_heard, last_heard]    needed
    artists  artist, name [, url, picture_url, raw_name]
    friends  user, friend
    tags     user, artist, tag [, date]              tag is its name, which is its id as well

    Without plays, and any column that might be these, each row counts one. Users are those of the
    listens. Without an artists table the artists are those of the listens; unless all are whole
    numbers, what says which is a name, or an id, of an artist of the graph (``known``) or of a new
    one, and other spellings of one name are one artist (``transforms/matching.py``). An export has
    more tables (``readers/graph_tables.py``), and says which ids are text. ``listens`` is a file to
    take the listens from instead, ``without`` one of pairs to leave out, their tag assignments
    included. InputError where a table is missing, is there twice or has a row that can't be used.
    """
    rest = _rest_of_graph(path)
    with progress("Reading tables", 4) as advance:
        listens_table, everyone = _read_listens(path, listens, rest)
        advance(1)
        read = partial(_read_named, path)
        frames = frames_of_tables(listens_table, everyone, read, known, advance, rest=rest)
    return leave_out(frames, without) if without else frames


def frames_of_tables(
    listens: Table,
    everyone: Table,
    read: ReadNamed,
    known: Known,
    advance: Advance,
    *,
    rest: GraphTables | None = None,
) -> GraphFrames:
    """The valid frames of parsed ``listens`` and of the tables beside them, which ``read`` reads.

    ``everyone`` has each user and artist there is, ``rest`` is what an export has beside.
    ``advance`` is called three times.
    """
    text_ids = _text_ids(rest)
    users = rest.users() if rest else None
    if users is None:
        users = replace(everyone, frame=everyone.frame[[USER]])
    friendships = _read_friendships(read, text_ids)
    advance(1)
    taggings = _read_taggings(read, rest)
    tags = rest.tags() if rest else None
    if tags is None:
        taggings, tags = named_tags(taggings, known)
    artists = _read_artists(read, rest)
    named = artists is not None
    if artists is None:
        artists = _artists_of(everyone)
        artists, (listens, taggings) = by_name(artists, [listens, taggings], known)
    advance(1)
    parsed = Parsed(users, artists, tags, listens, friendships, taggings, named, text_ids)
    tables = [listens, everyone, artists, friendships, taggings]
    frames = build(parsed, [note for table in tables for note in table.notes], known)
    advance(1)
    return rest.beside(frames, known) if rest else frames


def _read_named(path: Path, name: str, required: Headers, optional: Headers) -> Table | None:
    file = find_table(path, name)
    return None if file is None else read_table(file, required, optional)


def _text_ids(rest: GraphTables | None) -> frozenset[str]:
    """Which ids are text whatever they look like; none but those that an export says are."""
    return rest.manifest.text_ids if rest else frozenset()


def _rest_of_graph(path: Path) -> GraphTables | None:
    """What an export has beside the tables that anybody writes; None for anything else."""
    manifest = read_manifest(path) if path.is_dir() else None
    if manifest is None:
        return None
    rest = GraphTables(manifest, partial(find_table, path))
    rest.require_all(path)
    return rest


def frames_of_listens(listens: Table, known: Known) -> GraphFrames:
    """The valid frames of a table of listens (user, artist, plays) and nothing else."""
    users = replace(listens, frame=listens.frame[[USER]], dropped={})
    artists, (table,) = by_name(_artists_of(replace(listens, dropped={})), [listens], known)
    parsed = Parsed(
        users,
        artists,
        _nothing(listens, TAG, NAME),
        table,
        _nothing(listens, USER, FRIEND),
        _nothing(listens, USER, ARTIST, TAG, DATE),
        named=False,
    )
    return build(parsed, [*listens.notes, *artists.notes], known)


def _nothing(of: Table, *columns: str) -> Table:
    return Table(of.path, pd.DataFrame(columns=list(columns), dtype=object))


def find_table(path: Path, name: str) -> Path | None:
    """Return the file of a table in a folder, None where there is none.

    A ``path`` that is a file holds the listens alone. InputError where there are two files.
    """
    if path.is_file():
        return path if name == LISTENS_TABLE else None
    found = [path / f"{name}{suffix}" for suffix in SUFFIXES if (path / f"{name}{suffix}").exists()]
    if len(found) > 1:
        names = " and ".join(file.name for file in found)
        raise InputError(f"{path} holds {names}, which are one table. Keep one of them.")
    return found[0] if found else None


def _read_listens(path: Path, other: Path | None, rest: GraphTables | None) -> tuple[Table, Table]:
    """Return the listens, and a table of every user and artist that is in either file."""
    own = find_table(path, LISTENS_TABLE)
    if own is None:
        names = ", ".join(f"{LISTENS_TABLE}{suffix}" for suffix in SUFFIXES)
        raise InputError(f"{path} has no table of listens. Add one of {names}.")
    text_ids = _text_ids(rest)
    if other is None:
        listens = _parse_listens(own, text_ids, may_be_empty=rest is not None)
        return listens, replace(listens, notes=[])
    listens = _parse_listens(other, text_ids)
    table = read_table(own, PAIR_HEADERS, PLAYS_HEADERS)
    pairs = pd.DataFrame({key: ids(table, key, key not in text_ids) for key in (USER, ARTIST)})
    everyone = pd.concat([pairs, listens.frame[[USER, ARTIST]]], ignore_index=True)
    return listens, replace(table, frame=everyone)


def plays_or_rows(table: Table) -> "pd.Series[int]":
    """The plays of each row, 1 where the table has no such column."""
    if PLAYS in table.frame:
        return plays(table, PLAYS)
    return pd.Series(1, index=table.frame.index, dtype="int64")


def uncounted_note(table: Table) -> list[str]:
    """Says that rows are counted; InputError where some other column may have their plays."""
    if PLAYS in table.headers:
        return []
    lacking = f"no column {' or '.join(PLAYS_HEADERS[PLAYS])}"
    if table.unused:
        raise InputError(
            f"{table.name}: {lacking}; the other columns are {', '.join(table.unused)}. "
            "Rename the one that has the plays; without any other, each row counts one."
        )
    return [f"{table.name}: {lacking}, so each row counts one."]


def _parse_listens(path: Path, text_ids: frozenset[str], may_be_empty: bool = False) -> Table:
    table = read_table(path, PAIR_HEADERS, {**PLAYS_HEADERS, **TIME_HEADERS})
    if not may_be_empty:
        check_not_empty(table, "listens")
    frame = pd.DataFrame(
        {
            USER: ids(table, USER, USER not in text_ids),
            ARTIST: ids(table, ARTIST, ARTIST not in text_ids),
            PLAYS: plays_or_rows(table),
        }
    )
    times, unread = heard_in(table)
    notes = [*table.notes, *uncounted_note(table), *respelt_note(table, frame), *unread]
    return replace(table, frame=frame.assign(**times), notes=notes)


def _artists_of(everyone: Table) -> Table:
    names = everyone.frame[ARTIST]
    names = names[names != ""].drop_duplicates()
    frame = pd.DataFrame({ARTIST: names, NAME: names, RAW_NAME: None, URL: None, PICTURE_URL: None})
    return replace(everyone, frame=frame.astype(object), notes=[])


def _read_artists(read: ReadNamed, rest: GraphTables | None) -> Table | None:
    details = (URL, PICTURE_URL, RAW_NAME)
    required = {ARTIST: PAIR_HEADERS[ARTIST], NAME: (NAME,)}
    table = read(ARTISTS_TABLE, required, {column: (column,) for column in details})
    if table is None:
        return None
    if rest is None:
        check_not_empty(table, "artists")
    are_numbers = ARTIST not in _text_ids(rest)
    frame = pd.DataFrame({ARTIST: ids(table, ARTIST, are_numbers), NAME: text(table, NAME)})
    for column in details:
        frame[column] = text_or_none(table, column)
    return replace(table, frame=frame[list(ARTISTS)])


def _read_friendships(read: ReadNamed, text_ids: frozenset[str]) -> Table:
    headers = {USER: PAIR_HEADERS[USER], FRIEND: ("friendID", "friend")}
    are_numbers = USER not in text_ids

    def parse(table: Table) -> pd.DataFrame:
        return pd.DataFrame({key: ids(table, key, are_numbers) for key in (USER, FRIEND)})

    return _read_optional(read, FRIENDS_TABLE, headers, {}, parse)


def _read_taggings(read: ReadNamed, rest: GraphTables | None) -> Table:
    headers = {**PAIR_HEADERS, TAG: (TAG,)}
    text_ids = _text_ids(rest)

    def parse(table: Table) -> pd.DataFrame:
        frame = pd.DataFrame({key: ids(table, key, key not in text_ids) for key in (USER, ARTIST)})
        given = rest.tag_ids(table) if rest else ids(table, TAG, may_be_numbers=False)
        return frame.assign(**{TAG: given, DATE: dates(table, DATE)})

    return _read_optional(read, TAGS_TABLE, headers, {DATE: (DATE,)}, parse)


def _read_optional(
    read: ReadNamed,
    name: str,
    required: Headers,
    optional: Headers,
    parse: Callable[[Table], pd.DataFrame],
) -> Table:
    table = read(name, required, optional)
    if table is None:
        columns = [*required, *optional]
        return Table(Path(f"{name}.csv"), pd.DataFrame(columns=columns, dtype=object))
    return replace(table, frame=parse(table))


def named_tags(taggings: Table, known: Known) -> tuple[Table, Table]:
    """The taggings with their tags' ids, and the tags: those of the graph that are called so.

    In ``taggings`` a tag is its name.
    """
    names = taggings.frame[TAG]
    written = names[names != ""].drop_duplicates()
    by_name: dict[str, str] = {}
    for id_, name in known.tags.items():
        by_name.setdefault(name, str(id_))
    taken = {str(id_) for id_ in known.tags}
    ids_of = {
        name: by_name.get(name, NEW_PREFIX + name if name in taken else name) for name in written
    }
    tags = pd.DataFrame({TAG: list(ids_of.values()), NAME: list(ids_of)}, dtype=object)
    return with_ids(taggings, TAG, ids_of), replace(taggings, frame=tags, notes=[])


def respelt_note(table: Table, frame: pd.DataFrame) -> list[str]:
    """The sentence on ids that were written with outer blanks or decomposed letters, if any."""
    changed = {
        (was, now)
        for column in frame
        if column in (USER, ARTIST)
        for was, now in _respelt(table.frame[column], frame[column])
        if now == bare(was)
    }
    if not changed:
        return []
    shown = ", ".join(f"{was!r} -> {now!r}" for was, now in sorted(changed)[:3])
    more = f" and {len(changed) - 3:,} more" if len(changed) > 3 else ""
    return [f"{table.name}: outer blanks or Unicode forms of ids were mended: {shown}{more}."]


def _respelt(read: pd.Series, mended: pd.Series) -> set[tuple[str, str]]:
    changed = (read.to_numpy() != mended.to_numpy()).astype(bool)
    return set(zip(read[changed], mended[changed], strict=True))
