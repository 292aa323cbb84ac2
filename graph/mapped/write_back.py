"""Writes what a model knows into somebody else's graph, and takes it out again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from numpy.typing import NDArray

from tastegraph.errors import InputError
from tastegraph.graph.frames import Id
from tastegraph.graph.mapped.mapping import Artists, GraphMapping, Users
from tastegraph.graph.mapped.statements import quoted
from tastegraph.graph.mapped.write_back_mark import TAKE_AWAY, Mark, refuse_what_is_theirs
from tastegraph.graph.store.source_graph import SourceGraph
from tastegraph.runtime.notes import Note, unsaid
from tastegraph.runtime.progress import Advance, Progress, silent

BATCH = 1_000
_REMOVED_AT_ONCE = 10_000

USER_VECTORS, ARTIST_VECTORS = "user vectors", "artist vectors"
RECOMMENDATIONS = "recommendations"

Renamed = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives for ids of theirs the ids, as text, of the store."""


@dataclass(frozen=True)
class Served:
    """What a model knows.

    model            its id
    users, artists   vectors by id, of those that have one
    recommended      of each user (artist, rank from 1, score), the best first
    """

    model: str
    users: Mapping[Id, NDArray[Any]]
    artists: Mapping[Id, NDArray[Any]]
    recommended: Mapping[Id, Sequence[tuple[Id, int, float]]]


@dataclass(frozen=True)
class WrittenRow:
    """How many of one kind were written, and removed since nothing speaks for them any more."""

    kind: str
    written: int
    removed: int


def write_back(
    source: SourceGraph,
    mapping: GraphMapping,
    served: Served,
    *,
    renamed: tuple[Renamed, Renamed],
    progress: Progress = silent,
    note: Note = unsaid,
) -> list[WrittenRow]:
    """Put vectors and recommendations into ``source`` as ``mapping`` says.

    Run again it leaves the same graph; who is not ``served`` any more loses what they had, and
    what an earlier mapping had written goes. Each batch is a transaction, in which a user's
    relationships change all at once. ``renamed`` says what users and artists of theirs are called
    in the store. InputError where the names are those of something that we have not written, and
    where a node would get two vectors.
    """
    wanted, before = Mark.of(mapping), Mark.read(source)
    refuse_what_is_theirs(source, wanted, before)
    users = _Nodes.read(source, mapping.users, wanted, renamed[0])
    artists = _Nodes.read(source, mapping.artists, wanted, renamed[1])
    _refuse_both(wanted, users, artists)
    _say_who_is_missing(note, source, served, users, artists)
    if before is not None and before != wanted:
        remove_written(source, progress)
    source.write(wanted.put)
    with progress("Writing back", len(users.ids) * 2 + len(artists.ids)) as advance:
        writer = _Writer(source, wanted, advance)
        return [
            writer.vectors(USER_VECTORS, users, served.users),
            writer.vectors(ARTIST_VECTORS, artists, served.artists),
            writer.recommendations(served, users, artists),
        ]


@dataclass(frozen=True)
class _Nodes:
    """Nodes of one label: the store's id of each element id, and which of them have vectors."""

    label: str
    ids: Mapping[str, str]
    placed: frozenset[str]

    @classmethod
    def read(
        cls, source: SourceGraph, kind: Users | Artists, mark: Mark, renamed: Renamed
    ) -> "_Nodes":
        has = f"n.{quoted(mark.embedding)} IS NOT NULL" if mark.embedding else "false"
        found: dict[str, str] = {}
        placed: set[str] = set()
        asked = (
            f"MATCH (n:{quoted(kind.label)}) "
            f"RETURN elementId(n) AS node, n.{quoted(kind.id)} AS id, {has} AS placed"
        )
        for block in source.blocks(asked):
            found.update(zip(block["node"], map(_text, block["id"]), strict=True))
            placed.update(
                node for node, is_so in zip(block["node"], block["placed"], strict=True) if is_so
            )
        ours = renamed([id_ for id_ in found.values() if id_])
        ids = {node: ours.get(id_, "") for node, id_ in found.items()}
        return cls(kind.label, ids, frozenset(placed))

    def of(self, known: Iterable[Id]) -> dict[str, Id]:
        """The nodes of those that are ``known``, by element id."""
        by_text = {str(id_): id_ for id_ in known}
        return {node: by_text[id_] for node, id_ in self.ids.items() if id_ in by_text}

    @property
    def where(self) -> str:
        """Finds the node ``n`` of each ``row``, which begins with its element id."""
        return f"UNWIND $rows AS row MATCH (n:{quoted(self.label)}) WHERE elementId(n) = row[0]"


class _Writer:
    """Writes in batches that can be repeated."""

    def __init__(self, source: SourceGraph, mark: Mark, advance: Advance) -> None:
        self._source = source
        self._mark = mark
        self._advance = advance

    def vectors(self, kind: str, nodes: _Nodes, known: Mapping[Id, NDArray[Any]]) -> WrittenRow:
        """Give each node of a known id its vector, and take that of all others."""
        if self._mark.embedding is None:
            return WrittenRow(kind, 0, 0)
        name = quoted(self._mark.embedding)
        served = nodes.of(known)
        for batch in _batches([node, known[id_].tolist()] for node, id_ in served.items()):
            self._source.write((f"{nodes.where} SET n.{name} = row[1]", {"rows": batch}))
            self._advance(len(batch))
        fallen = sorted(nodes.placed - served.keys())
        # ArcadeDB's REMOVE takes no name in backticks for the property that it is.
        for batch in _batches([node] for node in fallen):
            self._source.write((f"{nodes.where} SET n.{name} = null", {"rows": batch}))
        return WrittenRow(kind, len(served), len(fallen))

    def recommendations(self, served: Served, users: _Nodes, artists: _Nodes) -> WrittenRow:
        """Give each user their relationships, and take those of all others."""
        if self._mark.recommended is None:
            return WrittenRow(RECOMMENDATIONS, 0, 0)
        of_user = users.of(served.recommended)
        named = {artist for best in served.recommended.values() for artist, *_ in best}
        # A node each, where several have one id.
        of_artist = {id_: node for node, id_ in sorted(artists.of(named).items(), reverse=True)}
        counted: Counter[str] = Counter()
        for batch in _batches(
            [node, [[of_artist[artist], *rest] for artist, *rest in best if artist in of_artist]]
            for node, best in ((node, served.recommended[id_]) for node, id_ in of_user.items())
        ):
            counted += self._source.write(
                (self._deletion(users), {"rows": batch}),
                (self._creation(users), {"rows": batch, "model": served.model}),
            )
            self._advance(len(batch))
        fallen = [[node] for node in self._with_recommendations() if node not in of_user]
        for batch in _batches(fallen):
            counted += self._source.write((self._deletion(users), {"rows": batch}))
        written, gone = counted["relationships_created"], counted["relationships_deleted"]
        return WrittenRow(RECOMMENDATIONS, written, max(0, gone - written))

    def _with_recommendations(self) -> list[str]:
        found = self._source.rows(
            f"MATCH {self._mark.relationships} WHERE r.model IS NOT NULL "
            "RETURN DISTINCT elementId(u)"
        )
        return [node for (node,) in found]

    def _creation(self, users: _Nodes) -> str:
        return (
            f"{users.where} UNWIND row[1] AS best "
            f"MATCH (a:{quoted(self._mark.artists)}) WHERE elementId(a) = best[0] "
            f"CREATE (n)-[:{quoted(self._mark.recommended or '')} "
            "{rank: best[1], score: best[2], model: $model}]->(a)"
        )

    def _deletion(self, users: _Nodes) -> str:
        """Deletes the relationships of some users; others of their type have no model."""
        type_, end = quoted(self._mark.recommended or ""), quoted(self._mark.artists)
        return f"{users.where} MATCH (n)-[r:{type_}]->(:{end}) WHERE r.model IS NOT NULL DELETE r"


def remove_written(source: SourceGraph, progress: Progress = silent) -> list[WrittenRow]:
    """Take out of ``source`` all that has been written there, and nothing else.

    What that is, the graph's mark says; nothing happens where there is none.
    """
    mark = Mark.read(source)
    gone: Counter[str] = Counter()
    with progress("Removing what was written", 1) as advance:
        if mark is not None:
            if mark.relationships:
                matched = f"MATCH {mark.relationships} WHERE r.model IS NOT NULL"
                gone[RECOMMENDATIONS] = _all(source, f"{matched} WITH r LIMIT $most DELETE r")
            kinds = {mark.artists: ARTIST_VECTORS, mark.users: USER_VECTORS}
            for label, name in mark.vectors:
                matched = f"MATCH (n:{quoted(label)}) WHERE n.{quoted(name)} IS NOT NULL"
                removal = f"{matched} WITH n LIMIT $most SET n.{quoted(name)} = null"
                gone[kinds[label]] = _all(source, removal)
            source.write(TAKE_AWAY)
        advance(1)
    kinds_in_order = (USER_VECTORS, ARTIST_VECTORS, RECOMMENDATIONS)
    return [WrittenRow(kind, 0, gone[kind]) for kind in kinds_in_order]


def _all(source: SourceGraph, removal: str) -> int:
    """Run a removal of ``$most`` things until there are none; gives how many there were."""
    total = 0
    while changes := source.write((removal, {"most": _REMOVED_AT_ONCE})):
        total += changes["relationships_deleted"] + changes["properties_set"]
    return total


def _refuse_both(wanted: Mark, users: _Nodes, artists: _Nodes) -> None:
    """Raise InputError where nodes are users and artists, and each is to have its vector."""
    both = len(users.ids.keys() & artists.ids.keys()) if wanted.embedding else 0
    if both:
        raise InputError(
            f"{both:,} nodes are users and artists at once, and {wanted.embedding!r} can't be the "
            "vector of both: write embedding = false in [write] of the mapping"
        )


def _say_who_is_missing(
    note: Note, source: SourceGraph, served: Served, users: _Nodes, artists: _Nodes
) -> None:
    for kind, known, nodes in (
        ("users", served.users, users),
        ("artists", served.artists, artists),
    ):
        missing = len({str(id_) for id_ in known} - set(nodes.ids.values()))
        if missing:
            note(f"{missing:,} {kind} of the model are not in {source.place}: left out")


def _text(value: object) -> str:
    """An id as text, "" for none; a whole number that is stored as floating point is whole."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _batches(rows: Iterable[list[Any]]) -> Iterator[list[list[Any]]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch
