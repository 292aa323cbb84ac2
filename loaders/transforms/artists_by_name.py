"""Artists that a source knows by name alone get the ids of the graph's, or their names as ids."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from tastegraph.graph.frames import ARTIST, NAME, PICTURE_URL, PLAYS, RAW_NAME, URL
from tastegraph.loaders.files.cells import id_type
from tastegraph.loaders.files.table import Table
from tastegraph.loaders.transforms.known import Known
from tastegraph.loaders.transforms.matching import ACCENTS, NEW, SPELLING, Matching, match_names

# Names that a note shows.
_SHOWN = 3


def by_name(
    artists: Table,
    speaking: Sequence[Table],
    known: Known,
    may_be_ids: bool = True,
    musicbrainz: Mapping[str, str] | None = None,
) -> tuple[Table, list[Table]]:
    """Give artists that are known by name alone their ids, also in the tables ``speaking`` of them.

    ``musicbrainz`` has the MusicBrainz ids of names, as far as they are told.
    Nothing changes where all of them may be ids and are whole numbers.
    """
    if may_be_ids and id_type(artists.frame[ARTIST]) is not object:
        return artists, list(speaking)
    sure = {
        name: str(known.musicbrainz[mbid])
        for name, mbid in (musicbrainz or {}).items()
        if mbid in known.musicbrainz
    }
    weights = _weights(artists, speaking)
    matching = match_names(weights, known.artists, may_be_ids, known.decided, sure)
    frame = pd.DataFrame(sorted(matching.names.items()), columns=[ARTIST, NAME], dtype=object)
    frame = frame.assign(**{RAW_NAME: None, URL: None, PICTURE_URL: None}).astype(object)
    folded = {"another spelling of the same artist": matching.folded} if matching.folded else {}
    notes = [*artists.notes, *matching_notes(artists.name, matching, bool(known.artists))]
    return (
        replace(artists, frame=frame, notes=notes, folded=folded, matches=matching.table()),
        [with_ids(table, ARTIST, matching.ids) for table in speaking],
    )


def _weights(artists: Table, speaking: Sequence[Table]) -> dict[str, int]:
    """How often each name is played, or written where plays are not what a table is about."""
    weights = dict.fromkeys(artists.frame[ARTIST], 0)
    for table in speaking:
        names = table.frame[ARTIST]
        counts = (
            table.frame[PLAYS].groupby(names).sum()
            if PLAYS in table.frame
            else (names.value_counts())
        )
        for name, count in counts.to_dict().items():
            if name:
                weights[name] = weights.get(name, 0) + int(count)
    return weights


def with_ids(table: Table, column: str, ids_of: Mapping[str, str]) -> Table:
    """``table`` with ids in place of names; what is missing stays so."""
    cells = [ids_of.get(name, "") for name in table.frame[column]]
    found = pd.Series(cells, index=table.frame.index, dtype=object)
    return replace(table, frame=table.frame.assign(**{column: found}))


def matching_notes(file: str, matching: Matching, has_graph: bool) -> list[str]:
    """Sentences on what names were taken for; ``has_graph`` says that there was a choice."""
    notes = []
    if matching.folded:
        notes.append(
            f"{file}: {matching.folded:,} names are other spellings of an artist that is there as "
            "well (case, blanks, Unicode form), and were taken for it."
        )
    if not has_graph:
        return notes
    counted = Counter(matching.how.values())
    new = counted.pop(NEW, 0)
    found = sum(counted.values())
    notes.append(
        f"{file}: of {found + new:,} artists' names the graph has {found:,}; new: {new:,}."
    )
    loose = [name for name, how in matching.how.items() if how in (SPELLING, ACCENTS)]
    if loose:
        pairs = (f"{name} -> {matching.names[matching.ids[name]]}" for name in loose[:_SHOWN])
        notes.append(f"{file}: taken for artists of the graph: {_listed(pairs, len(loose))}.")
    if matching.near:
        pairs = (f"{name} ({of})" for name, (_, of) in list(matching.near.items())[:_SHOWN])
        notes.append(
            f"{file}: new, but much like an artist of the graph: "
            f"{_listed(pairs, len(matching.near))}. --matches FILE lets you say which they are."
        )
    return notes


def _listed(shown: Iterable[str], count: int) -> str:
    return ", ".join(shown) + (f" and {count - _SHOWN:,} more" if count > _SHOWN else "")
