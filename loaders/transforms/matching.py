"""Which artist a name stands for: one that the graph has, or a new one."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from tastegraph.graph.frames import Id
from tastegraph.graph.names import name_key
from tastegraph.loaders.files.spelling import spelling

NEW_PREFIX = "name:"
"""Goes before the name that is a new artist's id, where another artist has that id already."""


@dataclass(frozen=True)
class Matching:
    """What became of names.

    ``ids`` has the id, as text, of every name that was asked for, ``names`` what the artist of an
    id is called. ``folded`` counts the names
    that are other spellings of one that is there as well; ``renamed`` are names that were taken
    for another spelling of the graph's, ``new`` the ids of artists that the graph lacks.
    """

    ids: dict[str, str]
    names: dict[str, str]
    folded: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)


def match_names(
    weights: Mapping[str, int], known: Mapping[Id, tuple[str, int]], may_be_ids: bool
) -> Matching:
    """Find the artist of each name; ``weights`` says how often a name is played.

    Of the graph's artists (``known``: name and listeners) that one is meant which has the name as
    its id (where names ``may_be_ids``), or is called so, exactly, but for blanks, Unicode form and
    case, or but for accents too; of several the one with most listeners. Names that only differ
    in blanks, Unicode form and case are one new artist, spelled as it is played most.
    """
    by_name = _Names(known)
    ids: dict[str, str] = {}
    renamed: dict[str, str] = {}
    unknown: dict[str, list[str]] = defaultdict(list)
    taken = {str(id_) for id_ in known}
    for name in sorted(weights):
        if may_be_ids and name in taken:
            ids[name] = name
        elif (found := by_name.find(name)) is not None:
            ids[name] = str(found)
            if known[found][0] != name:
                renamed[name] = known[found][0]
        else:
            unknown[spelling(name)].append(name)
    called = {str(id_): name for id_, (name, _) in known.items()}
    new = []
    for names in unknown.values():
        chosen = min(names, key=lambda name: (-weights[name], name))
        id_ = NEW_PREFIX + chosen if chosen in taken else chosen
        new.append(id_)
        called[id_] = chosen
        ids |= dict.fromkeys(names, id_)
    found_ids = set(ids.values())
    names_of = {id_: called[id_] for id_ in found_ids}
    return Matching(ids, names_of, len(weights) - len(found_ids), renamed, sorted(new))


class _Names:
    """Artists by name, exactly or more and more loosely; the most listened first."""

    def __init__(self, known: Mapping[Id, tuple[str, int]]) -> None:
        self._exact: dict[str, Id] = {}
        self._spelled: dict[str, Id] = {}
        self._keyed: dict[str, Id] = {}
        for id_ in sorted(known, key=lambda id_: (-known[id_][1], str(id_))):
            name = known[id_][0]
            self._exact.setdefault(name, id_)
            self._spelled.setdefault(spelling(name), id_)
            self._keyed.setdefault(name_key(name), id_)

    def find(self, name: str) -> Id | None:
        for names, key in (
            (self._exact, name),
            (self._spelled, spelling(name)),
            (self._keyed, name_key(name)),
        ):
            if key in names:
                return names[key]
        return None
