"""From validated frames into the graph, the one way that all sources share.

A load compares what the graph holds with what it should hold and writes the difference, so
loading twice, or again after an interruption, ends in the same graph.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tastegraph.errors import StoreInterruptedError, StoreUnreachableError
from tastegraph.graph.columns import NONE, Column, Lists
from tastegraph.graph.content import GraphContent, read_content, read_listens_of
from tastegraph.graph.difference import Changes, write_difference
from tastegraph.graph.frames import ARTIST, PLAYS, TAG, USER, GraphFrames
from tastegraph.graph.hidden_artists import hide_all
from tastegraph.graph.load_mark import begin_load, end_load, is_half_loaded
from tastegraph.graph.own_properties import write_own_properties
from tastegraph.graph.relations import keys_of
from tastegraph.graph.schema import LISTENED, TAGGED
from tastegraph.graph.schema_version import mark_present_schema
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.first_load import write_first
from tastegraph.loaders.ingest.id_kinds import (
    as_in_graph,
    convert,
    must_become_text,
    with_ids_as_text,
)
from tastegraph.loaders.ingest.target import target_content
from tastegraph.runtime.process import without_garbage_collection
from tastegraph.runtime.progress import Progress, silent

_HAS_LISTENS = "MATCH (:User)-[r:LISTENED]->() RETURN 1 LIMIT 1"

# How often a load looks again at what arrived after a connection broke in a write.
ATTEMPTS = 10


@dataclass(frozen=True)
class _Conflicts:
    """What a load does where the graph has something already.

    replace        what the source lacks is removed
    add            plays of a pair are added up, not replaced
    replace_users  other listens of the source's users are removed
    """

    replace: bool = False
    add: bool = False
    replace_users: bool = False


def ingest(
    store: GraphStore,
    frames: GraphFrames,
    replace: bool = False,
    progress: Progress = silent,
    *,
    add: bool = False,
    replace_users: bool = False,
) -> Changes:
    """Bring ``frames`` into the graph; with ``replace`` what they lack is removed.

    Plays of a pair that the graph has already are replaced, or with ``add`` added to; since that
    can't be repeated, it happens in one transaction. With ``replace_users`` the source's users
    listen to nothing but what it says. Where the graph's ids are whole numbers and
    those of ``frames`` are text, the graph's become text, with a note. Relationships that are there
    twice are mended. Until the load has ended, the graph is marked as half loaded.

    A server that goes away is waited for, and so is another writer. StoreError when the store fails
    for good; run again, the load goes on where it was.
    """
    for _ in range(ATTEMPTS):
        try:
            with without_garbage_collection(), store.writing("load") as writer:
                return _ingest(writer, frames, _Conflicts(replace, add, replace_users), progress)
        except StoreInterruptedError:
            # Another writer may have taken over while the server was away: look again. What was
            # to be added may be there already.
            if add:
                raise
    raise StoreUnreachableError(
        f"the connection to {store.place} broke {ATTEMPTS} times in the middle of the load: "
        "nothing is lost, run the same command again when the server is stable"
    )


def _ingest(
    writer: GraphStore, frames: GraphFrames, conflicts: _Conflicts, progress: Progress
) -> Changes:
    writer.dialect.create_schema(writer)
    mark_present_schema(writer)
    notes: list[str] = []
    existing = _read(writer, frames, conflicts, progress)
    if not conflicts.replace:
        if labels := must_become_text(frames, existing):
            convert(writer, labels)
            notes += _conversion_notes(writer, labels)
            existing = with_ids_as_text(existing, labels)
        frames = as_in_graph(frames, existing)
    kept = _without_their_listens(existing, frames) if conflicts.replace_users else existing
    if not conflicts.replace:
        notes += conflict_notes(kept, frames, conflicts.add)
    target = target_content(kept, frames, conflicts.replace, conflicts.add)
    if conflicts.add and existing.relations["LISTENED"] and not conflicts.replace:
        changes = writer.transact(
            lambda transaction: write_difference(transaction, existing, target, progress)
        )
        changes += _write_own(writer, frames)
    else:
        begin_load(writer)
        changes = _write(writer, existing, target, progress)
        changes += _write_own(writer, frames)
        end_load(writer)
    return dataclasses.replace(changes, notes=tuple(notes))


def _read(
    writer: GraphStore, frames: GraphFrames, conflicts: _Conflicts, progress: Progress
) -> GraphContent:
    """The graph, or for a source of listens alone no more than these are about.

    What they change of counts is added to those that are there, if these can be relied on.
    """
    others = (frames.friendships, frames.taggings, frames.tags)
    anew = conflicts.replace or conflicts.replace_users or is_half_loaded(writer)
    if anew or frames.features or any(map(len, others)) or not writer.values(_HAS_LISTENS):
        return read_content(writer, progress)
    return read_listens_of(writer, frames.users[USER].tolist(), progress)


def _write_own(writer: GraphStore, frames: GraphFrames) -> Changes:
    """Add what people have said of the nodes that are there by now."""
    hidden = hide_all(writer, frames.hidden) if frames.hidden else 0
    put = write_own_properties(writer, frames.properties) if frames.properties else 0
    return Changes(added=hidden, changed=put)


def _without_their_listens(existing: GraphContent, frames: GraphFrames) -> GraphContent:
    listened = existing.relations["LISTENED"]
    gone = np.isin(listened.starts, existing.numbers["User"].codes(frames.users[USER]))
    relations = existing.relations | {"LISTENED": listened.take(~gone)}
    return dataclasses.replace(existing, relations=relations)


def _conversion_notes(store: GraphStore, labels: list[str]) -> list[str]:
    kinds = " and ".join(label.lower() for label in labels)
    return [
        f"the {kinds} ids of {store.place} were whole numbers and are text from now on, since some "
        "of this source are: they read as before, and sort as text does"
    ]


def conflict_notes(existing: GraphContent, frames: GraphFrames, add: bool) -> list[str]:
    """What a load does to plays and tags of pairs that the graph has already."""
    listened, listens = existing.relations["LISTENED"], frames.listens
    at = listened.places_of(existing.keys(LISTENED, listens[USER], listens[ARTIST]))
    again = at != NONE
    before = listened.take(at[again]).columns[0]
    assert isinstance(before, Column)
    changed = int(before.differs(Column(listens[PLAYS].to_numpy()[again])).sum())
    notes = []
    if add and again.any():
        notes.append(
            f"{again.sum():,} of {len(listens):,} listens were there: their plays were added "
            "up; loading the same again adds them again"
        )
    elif changed:
        notes.append(
            f"{changed:,} of {len(listens):,} listens were there with other plays: replaced "
            "(--on-conflict add sums them instead)"
        )
    if more := _more_tags(existing, frames.taggings):
        notes.append(f"{more:,} tag assignments were added to those that the pairs had already")
    return notes


def _more_tags(existing: GraphContent, taggings: pd.DataFrame) -> int:
    """How many of ``taggings`` are of pairs that have been given other tags."""
    tagged, names = existing.relations["TAGGED"], existing.numbers["Tag"]
    tags = tagged.columns[0]
    assert isinstance(tags, Lists)
    at = tagged.places_of(existing.keys(TAGGED, taggings[USER], taggings[ARTIST]))
    given = keys_of(at, names.codes(taggings[TAG]))[at != NONE]
    return int((~np.isin(given, keys_of(tags.owners, tags.flat.values))).sum())


def _write(
    store: GraphStore, existing: GraphContent, target: GraphContent, progress: Progress
) -> Changes:
    owned = store.embedded is not None and store.embedded.server is not None
    if not (owned and existing.is_empty):
        return write_difference(store, existing, target, progress)
    assert store.embedded is not None
    with store.embedded.first_load() as server:
        return Changes(added=write_first(server, target, progress))
