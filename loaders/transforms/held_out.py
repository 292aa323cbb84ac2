"""Leaving (user, artist) pairs out of a source, their tags included.

A tag that a user gave an artist tells of the listen, so whoever holds out the listen for an
evaluation has to hold out the tag with it.
"""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import ARTIST, NAME, PLAYS, USER, GraphFrames, Id, ReportRow
from tastegraph.loaders.files.cells import ids
from tastegraph.loaders.files.spelling import spelling
from tastegraph.loaders.files.table import Table, read_table
from tastegraph.loaders.transforms.tally import dropped_later

PAIR_HEADERS = {USER: ("userID", "user"), ARTIST: ("artistID", "artist")}
PLAYS_HEADERS = {PLAYS: ("weight", "plays")}


def hold_out(frames: GraphFrames, pairs: pd.DataFrame, reason: str = "held out") -> GraphFrames:
    """Return ``frames`` without the listens and tag assignments of some pairs.

    ``pairs`` has the columns user and artist, in the ids of ``frames``; a pair that is not there
    changes nothing. ``reason`` is the report's words for what was dropped.
    """
    listens = _without(frames.listens, pairs)
    taggings = _without(frames.taggings, pairs)
    dropped = {
        "listens": len(frames.listens) - len(listens),
        "tag_assignments": len(frames.taggings) - len(taggings),
    }

    def corrected(row: ReportRow) -> ReportRow:
        return dropped_later(row, reason, dropped.get(row.kind, 0))

    report = [corrected(row) for row in frames.report]
    return replace(frames, listens=listens, taggings=taggings, report=report)


def leave_out(frames: GraphFrames, path: Path) -> GraphFrames:
    """Return ``frames`` without the pairs that a file names, with a note on what that took.

    The file has the columns userID and artistID (or user and artist); others are ignored.
    InputError where it can't be read or none of its pairs is of this data.
    """
    table = read_table(path, PAIR_HEADERS, PLAYS_HEADERS)
    pairs = _in_ids_of(frames, table)
    left = hold_out(frames, pairs, f"held out by {table.name}")
    listens = len(frames.listens) - len(left.listens)
    taggings = len(frames.taggings) - len(left.taggings)
    unknown = len(table.frame) - len(pairs)
    note = (
        f"{table.name}: {len(table.frame):,} pairs to leave out; listens that went: {listens:,}, "
        f"tag assignments: {taggings:,}, pairs of unknown users or artists: {unknown:,}."
    )
    return replace(left, notes=[*frames.notes, *table.notes, note])


def _in_ids_of(frames: GraphFrames, table: Table) -> pd.DataFrame:
    """Return the pairs of which both ids exist, as the ids that ``frames`` has for them."""
    users = {str(user): user for user in frames.users[USER]}
    artists = _artists(frames)
    rows = zip(ids(table, USER), ids(table, ARTIST), strict=True)
    found = ((user, artist if artist in artists else spelling(artist)) for user, artist in rows)
    pairs = [
        (users[user], artists[artist])
        for user, artist in found
        if user in users and artist in artists
    ]
    if table.frame.size and not pairs:
        raise InputError(
            f"{table.name} names no pair of a user and an artist of this data. "
            "Give a file with the ids of the same data set."
        )
    return pd.DataFrame(pairs, columns=[USER, ARTIST])


def _artists(frames: GraphFrames) -> dict[str, Id]:
    """Artists by id and, where the source knows them by name alone, by any spelling of it."""
    by_id = {str(artist): artist for artist in frames.artists[ARTIST]}
    if frames.named:
        return by_id
    names = zip(frames.artists[NAME], frames.artists[ARTIST], strict=True)
    return {spelling(name): artist for name, artist in names} | by_id


def _without(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    if pairs.empty or rows.empty:
        return rows
    held = pd.MultiIndex.from_frame(pairs[[USER, ARTIST]])
    keep = ~pd.MultiIndex.from_frame(rows[[USER, ARTIST]]).isin(held)
    return rows[keep].reset_index(drop=True)
