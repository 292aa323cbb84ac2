"""Reads somebody else's graph by a mapping, in blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import (
    ARTIST,
    ARTISTS,
    DATE,
    FIRST_HEARD,
    FRIEND,
    LAST_HEARD,
    NAME,
    PLAYS,
    TAG,
    USER,
    GraphFrames,
    Id,
)
from tastegraph.graph.mapped.mapping import GraphMapping
from tastegraph.graph.mapped.statements import (
    Question,
    artists_question,
    friends_question,
    listens_question,
    tags_question,
)
from tastegraph.graph.moments import moments
from tastegraph.graph.store.source_graph import BLOCK, Block, SourceGraph
from tastegraph.loaders.files.limits import MOST_PLAYS
from tastegraph.loaders.files.table import Table
from tastegraph.loaders.readers.mapped_values import IdValues, counted, seconds, texts
from tastegraph.loaders.readers.tables import named_tags
from tastegraph.loaders.transforms.artists_by_name import by_name
from tastegraph.loaders.transforms.known import NOTHING, Known
from tastegraph.loaders.transforms.validation import Parsed, build
from tastegraph.runtime.nearest_names import did_you_mean
from tastegraph.runtime.progress import Advance, Progress, silent

CATALOGUE, CATALOGUE_NUMBER = "catalogue", -1
"""The user who has given the tags that nobody is said to have given."""

# Nodes whose relationships are in memory at once.
NODES_AT_ONCE = 1_000

_TIME = "time"
_LETTERS_OF_DAY = len("YYYY-MM-DD")


def read_mapped_graph(
    source: SourceGraph,
    mapping: GraphMapping,
    known: Known = NOTHING,
    progress: Progress = silent,
) -> GraphFrames:
    """Read and validate what ``mapping`` says of ``source``, which is only read.

    Users are those who listen, have friends or have given a tag; artists are all. Relationships of
    one pair are summed. Where artists are known by name alone, names find the graph's artists
    (``known``) as those of tables do. Rows of which something is missing or can't be used are
    dropped and counted. InputError for a query without the columns that it must give, and for ids
    that are neither whole numbers nor text.
    """
    reading = _Reading(source, mapping)
    questions = reading.questions()
    counts = [source.rows(each.count)[0][0] if each.count else 0 for each in questions.values()]
    with progress("Reading the graph", sum(counts)) as advance:
        tables = {name: reading.table(name, each, advance) for name, each in questions.items()}
    parsed = reading.parsed(tables, known)
    return build(parsed, [*reading.notes, *parsed.artists.notes], known)


class _Reading:
    """The tables of one graph, the ids of which are of one form a kind."""

    def __init__(self, source: SourceGraph, mapping: GraphMapping) -> None:
        self.notes: list[str] = []
        self._source = source
        self._mapping = mapping
        self._users, self._artists = IdValues(USER), IdValues(ARTIST)
        self._uncounted = 0

    def questions(self) -> dict[str, Question]:
        """What is asked, by the section of the mapping."""
        mapping = self._mapping
        asked = {"artists": artists_question(mapping), "listens": listens_question(mapping)}
        if mapping.friends is not None:
            asked["friends"] = friends_question(mapping, mapping.friends)
        if mapping.tags is not None:
            asked["tags"] = tags_question(mapping, mapping.tags)
        return asked

    def table(self, section: str, question: Question, advance: Advance) -> Table:
        """All rows of a question; ids may be numbers or text still."""
        read: dict[str, Callable[[Block], dict[str, Any]]] = {
            "artists": self._artist_rows,
            "listens": self._listen_rows,
            "friends": self._friend_rows,
            "tags": self._tag_rows,
        }
        frames = []
        for block in self._blocks(question):
            frames.append(pd.DataFrame(read[section](block)))
            advance(len(block[question.needed[0]]) if question.count else 0)
        frame = pd.concat([each for each in frames if len(each)] or frames, ignore_index=True)
        frame.index = pd.RangeIndex(1, len(frame) + 1)
        # A slash would cut the name that messages give.
        return Table(Path(question.about.replace("/", " ")), frame, "row")

    def _blocks(self, question: Question) -> Iterator[Block]:
        size = NODES_AT_ONCE if question.entries else BLOCK
        for found in self._source.blocks(question.cypher, question.parameters, size):
            block = _unfolded(found, question.entries) if question.entries else found
            if missing := [name for name in question.needed if name not in block]:
                raise InputError(
                    f"the mapping's query for {question.about} must give the columns "
                    f"{', '.join(question.needed)}, and gives {', '.join(block) or 'none'}"
                    f"{did_you_mean(missing[0], block)}"
                )
            yield block

    def _artist_rows(self, block: Block) -> dict[str, Any]:
        ids = self._artists.read(block[ARTIST])
        rows: dict[str, Any] = {ARTIST: ids}
        for name in ARTISTS[1:]:
            rows[name] = texts(block[name]) if name in block else [None] * len(ids)
        # An artist without a name is called by its id.
        rows[NAME] = [name or str(id_) for name, id_ in zip(rows[NAME], ids, strict=True)]
        return {name: _objects(values) for name, values in rows.items()}

    def _listen_rows(self, block: Block) -> dict[str, Any]:
        users = _objects(self._users.read(block[USER]))
        artists = _objects(self._artists.read(block[ARTIST]))
        plays = counted(block[PLAYS]) if PLAYS in block else np.ones(len(users))
        self._uncounted += block[PLAYS].count(None) if PLAYS in block else 0
        rows = {USER: users, ARTIST: artists, PLAYS: plays}
        return rows | ({_TIME: seconds(block[_TIME])} if _TIME in block else {})

    def _friend_rows(self, block: Block) -> dict[str, Any]:
        return {name: _objects(self._users.read(block[name])) for name in (USER, FRIEND)}

    def _tag_rows(self, block: Block) -> dict[str, Any]:
        """A row for each tag of a list."""
        several = [each if isinstance(each, list) else [each] for each in block[TAG]]
        places = np.repeat(np.arange(len(several)), [len(each) for each in several])
        named = texts(tag for each in several for tag in each)
        rows = {
            ARTIST: _objects(self._artists.read(block[ARTIST]))[places],
            TAG: _objects([name or "" for name in named]),
            DATE: _objects(_days(block[_TIME]) if _TIME in block else [""] * len(several))[places],
        }
        if USER in block:
            rows[USER] = _objects(self._users.read(block[USER]))[places]
        return rows

    def parsed(self, tables: Mapping[str, Table], known: Known) -> Parsed:
        """The tables with every cell in the form that ``build`` wants."""
        artists, listens = tables["artists"], self._playable(tables["listens"])
        taggings = self._given(tables.get("tags") or _nothing("tags", ARTIST, TAG, DATE))
        friends = tables.get("friends") or _nothing("friends", USER, FRIEND)
        artists, listens, taggings, friends = map(
            self._settled, (artists, listens, taggings, friends)
        )
        taggings, tags = named_tags(taggings, known)
        if self._mapping.artists.are_names and self._artists.are_text:
            artists, (listens, taggings) = by_name(artists, [listens, taggings], known)
        of_text = {USER: self._users.are_text, ARTIST: self._artists.are_text}
        return Parsed(
            _everybody(listens, friends, taggings),
            artists,
            tags,
            listens,
            friends,
            taggings,
            text_ids=frozenset(kind for kind, are_text in of_text.items() if are_text),
        )

    def _playable(self, listens: Table) -> Table:
        """Listens with whole plays and times in their columns; those without plays dropped."""
        frame = listens.frame
        heard = frame[frame[PLAYS].notna()].astype({PLAYS: np.int64})
        reason = f"plays is no number from 0 to {MOST_PLAYS:,}"
        dropped = {reason: len(frame) - len(heard)} if len(heard) < len(frame) else {}
        if self._uncounted:
            self.notes.append(f"{self._uncounted:,} listens have no plays: each counts one")
        if _TIME in heard:
            times = heard.pop(_TIME)
            heard = heard.assign(**{FIRST_HEARD: times, LAST_HEARD: times})
            if unknown := int(times.isna().sum()):
                self.notes.append(
                    f"{unknown:,} of {len(heard):,} listens have no time that can have been: they "
                    "count without one"
                )
        return replace(listens, frame=heard, dropped=dropped)

    def _given(self, taggings: Table) -> Table:
        """Taggings with somebody who has given them."""
        if USER in taggings.frame:
            return taggings
        told = self._mapping.tags.by if self._mapping.tags is not None else None
        by = told if told is not None else self._free_user()
        frame = taggings.frame.assign(**{USER: self._users.read([by])[0]})
        if len(frame):
            self.notes.append(
                f"nobody is said to have given the tags: they are those of the user {by!r}, who "
                "listens to nothing"
            )
        return replace(taggings, frame=frame)

    def _free_user(self) -> Id:
        by: Id = CATALOGUE if self._users.are_text else CATALOGUE_NUMBER
        if by in self._users:
            raise InputError(
                f"nobody is said to have given the tags, and there is a user {by!r} already who "
                "could have: name another id with by in [tags] of the mapping"
            )
        return by

    def _settled(self, table: Table) -> Table:
        kinds = {USER: self._users, FRIEND: self._users, ARTIST: self._artists}
        columns = {
            name: kind.settled(table.frame[name])
            for name, kind in kinds.items()
            if name in table.frame
        }
        return replace(table, frame=table.frame.assign(**columns))


def _unfolded(block: Block, names: Sequence[str]) -> Block:
    """A row for each of the entries of a row."""
    *firsts, entries = block.values()
    counts = [len(each) for each in entries]
    columns = [*zip(*chain.from_iterable(entries), strict=True)] or [()] * len(names)
    first = next(iter(block))
    repeated = np.repeat(_objects(firsts[0]), counts).tolist()
    return {first: tuple(repeated), **dict(zip(names, columns, strict=True))}


def _everybody(listens: Table, friends: Table, taggings: Table) -> Table:
    columns = [
        table.frame[name].drop_duplicates()
        for table, name in (
            *((listens, USER), (friends, USER), (friends, FRIEND), (taggings, USER)),
        )
        if len(table.frame)
    ]
    users = pd.concat(columns or [listens.frame[USER]], ignore_index=True)
    return Table(Path("users"), pd.DataFrame({USER: users}), "row")


def _days(times: Sequence[Any]) -> list[str]:
    """Days as YYYY-MM-DD, "" where a time is none."""
    return [(moment or "")[:_LETTERS_OF_DAY] for moment in moments(seconds(times))]


def _objects(values: Sequence[Any]) -> Any:
    """Values in an array of Python's objects, as they are."""
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def _nothing(name: str, *columns: str) -> Table:
    return Table(Path(name), pd.DataFrame(columns=list(columns), dtype=object), "row")
