"""Which artist a name stands for: one that the graph has, or a new one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import pandas as pd

from tastegraph.errors import InputError
from tastegraph.graph.frames import Id
from tastegraph.graph.names import name_key
from tastegraph.loaders.files.spelling import spelling

NEW_PREFIX = "name:"
"""Goes before the name that is a new artist's id, where another artist has that id already."""

FIRST_NUMBER = 1_000_000_001
"""New artists of a graph of numbered artists are numbered from here, or from above its highest.

So the ids there stay numbers, and its owner's next ones are hardly among these.
"""

MATCH_COLUMNS = ("name", "artist", "called", "how")
"""A name, the id of the artist it stands for and what that is called, and how it was found."""

DECIDED, ID, EXACT, SPELLING, ACCENTS = "decided", "id", "exact", "spelling", "accents"
MUSICBRAINZ = "musicbrainz"
NEW, DOUBTFUL = "new", "doubtful"


@dataclass(frozen=True)
class Matching:
    """What became of names.

    ``ids`` has the id, as text, of every name that was asked for, ``names`` what the artist of an
    id is called, ``how`` how a name was found. ``folded`` counts the names that are other
    spellings of one that is there as well. ``near`` has, for new artists that may be artists of
    the graph, the id and name of the nearest.
    """

    ids: dict[str, str]
    names: dict[str, str]
    how: dict[str, str]
    folded: int
    near: dict[str, tuple[str, str]]

    def table(self) -> pd.DataFrame:
        """All names with what they were taken for, MATCH_COLUMNS; the doubtful first.

        A new artist has no id yet; what a doubtful one may be is in ``how``.
        """
        rows = []
        for name, id_ in self.ids.items():
            how = self.how[name]
            if name in self.near:
                how = f"{DOUBTFUL}: is it {self.near[name][1]} (artist {self.near[name][0]})?"
            is_new = how == NEW or name in self.near
            rows.append((name, "" if is_new else id_, self.names[id_], how))
        rows.sort(key=lambda row: (not row[3].startswith(DOUBTFUL), row[3] != NEW, row[0]))
        return pd.DataFrame(rows, columns=list(MATCH_COLUMNS))


def match_names(
    weights: Mapping[str, int],
    known: Mapping[Id, tuple[str, int]],
    may_be_ids: bool,
    decided: Mapping[str, str] | None = None,
    sure: Mapping[str, str] | None = None,
) -> Matching:
    """Find the artist of each name; ``weights`` says how often a name is played.

    Of the graph's artists (``known``: name and listeners) that one is meant which has been
    ``decided`` on, is ``sure`` by its MusicBrainz id, has the name as its id (where names
    ``may_be_ids``), or is called so, exactly, but for blanks, Unicode form and case, or but for
    accents too; of several the one with most listeners. Names that only differ in blanks, Unicode
    form and case are one new artist, spelled as it is played most. Its id is the name, or where
    names are no ids and the graph's artists are numbered, a number. InputError where a decision
    names an artist that is not there.
    """
    by_name, taken = _Names(known), {str(id_) for id_ in known}
    ids, how = _decisions(weights, taken, decided or {})
    unknown: dict[str, list[str]] = defaultdict(list)
    for name in sorted(weights):
        if name in ids:
            continue
        if sure and name in sure and name not in how:
            ids[name], how[name] = sure[name], MUSICBRAINZ
        elif may_be_ids and name in taken and name not in how:
            ids[name], how[name] = name, ID
        elif name not in how and (found := by_name.find(name)):
            ids[name], how[name] = found
        else:
            how.setdefault(name, NEW)
            unknown[spelling(name)].append(name)
    called = {str(id_): name for id_, (name, _) in known.items()}
    numbers = None if may_be_ids else _numbers_after(known)
    for names in unknown.values():
        chosen = min(names, key=lambda name: (-weights[name], name))
        if numbers is not None:
            id_ = str(next(numbers))
        else:
            id_ = NEW_PREFIX + chosen if chosen in taken else chosen
        called[id_] = chosen
        ids |= dict.fromkeys(names, id_)
    found_ids = set(ids.values())
    new = [name for name in ids if how[name] == NEW]
    return Matching(
        ids,
        {id_: called[id_] for id_ in found_ids},
        how,
        len(weights) - len(found_ids),
        by_name.near(new),
    )


def _numbers_after(known: Mapping[Id, object]) -> Iterator[int] | None:
    """Ids for new artists, where those of ``known`` are whole numbers and there are any."""
    highest = max((id_ for id_ in known if isinstance(id_, int)), default=None)
    return None if highest is None else count(max(FIRST_NUMBER, highest + 1))


def _decisions(
    weights: Mapping[str, int], taken: set[str], decided: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Ids of the names that a person has decided on, and how all of these were found."""
    ids: dict[str, str] = {}
    how: dict[str, str] = {}
    for name in weights.keys() & decided.keys():
        how[name] = DECIDED
        if decided[name] in taken:
            ids[name] = decided[name]
        elif decided[name]:
            raise InputError(
                f"the matches take {name!r} for the artist {decided[name]!r}, whom the graph does "
                "not have: give an id of it, or leave the artist empty for a new one"
            )
    return ids, how


class _Names:
    """Artists by name, exactly or more and more loosely; the most listened first."""

    def __init__(self, known: Mapping[Id, tuple[str, int]]) -> None:
        self._known = known
        self._exact: dict[str, Id] = {}
        self._spelled: dict[str, Id] = {}
        self._keyed: dict[str, Id] = {}
        for id_ in sorted(known, key=lambda id_: (-known[id_][1], str(id_))):
            name = known[id_][0]
            self._exact.setdefault(name, id_)
            self._spelled.setdefault(spelling(name), id_)
            self._keyed.setdefault(name_key(name), id_)

    def find(self, name: str) -> tuple[str, str] | None:
        """The id of the artist that is called so, and how it was found."""
        for names, key, how in (
            (self._exact, name, EXACT),
            (self._spelled, spelling(name), SPELLING),
            (self._keyed, name_key(name), ACCENTS),
        ):
            if key in names:
                return str(names[key]), how
        return None

    def near(self, names: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Id and name of the artist whose name is nearest, for those of ``names`` that are near."""
        if not names:
            return {}
        from tastegraph.loaders.transforms.near_names import near_names

        ids = list(self._keyed.values())
        places = near_names([name_key(name) for name in names], list(self._keyed))
        return {
            name: (str(ids[place]), self._known[ids[place]][0])
            for name, place in zip(names, places, strict=True)
            if place is not None
        }
