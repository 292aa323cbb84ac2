"""What tastegraph has put into somebody else's graph, noted there, so that it alone is touched.

    (:TastegraphWriteBack {id: 'write-back', users, artists, embedding, recommended})

The mark comes before everything else that is written and goes after everything has been removed:
an interrupted run leaves a graph of which the next one knows what is ours.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tastegraph.errors import InputError
from tastegraph.graph.mapped.mapping import GraphMapping
from tastegraph.graph.mapped.statements import quoted
from tastegraph.graph.store.source_graph import SourceGraph, Statement

LABEL = "TastegraphWriteBack"

_NODE = f"(m:{LABEL} {{id: 'write-back'}})"


@dataclass(frozen=True)
class Mark:
    """Labels of users and artists, the property of their vectors, the type of relationships."""

    users: str
    artists: str
    embedding: str | None
    recommended: str | None

    @classmethod
    def of(cls, mapping: GraphMapping) -> "Mark":
        """What ``mapping`` lets be written."""
        written = mapping.written
        return cls(
            mapping.users.label, mapping.artists.label, written.embedding, written.recommended
        )

    @classmethod
    def read(cls, source: SourceGraph) -> "Mark | None":
        """What has been written to ``source``, None where nothing has."""
        found = source.rows(
            f"MATCH {_NODE} RETURN m.users, m.artists, m.embedding, m.recommended LIMIT 1"
        )
        return cls(*found[0]) if found else None

    @property
    def put(self) -> Statement:
        """Makes the mark, or changes it."""
        names = ", ".join(f"m.{name} = ${name}" for name in asdict(self))
        return f"MERGE {_NODE} SET {names}", asdict(self)

    @property
    def vectors(self) -> Iterator[tuple[str, str]]:
        """Labels and the property that nodes of them have."""
        if self.embedding is not None:
            for label in dict.fromkeys((self.users, self.artists)):
                yield label, self.embedding

    @property
    def relationships(self) -> str | None:
        """The pattern of relationships ``r`` from a user ``u`` to an artist ``a``."""
        if self.recommended is None:
            return None
        end = f"(a:{quoted(self.artists)})"
        return f"(u:{quoted(self.users)})-[r:{quoted(self.recommended)}]->{end}"


TAKE_AWAY: Statement = (f"MATCH {_NODE} DELETE m", {})
"""Removes the mark."""


def refuse_what_is_theirs(source: SourceGraph, wanted: Mark, before: Mark | None) -> None:
    """Raise InputError where ``wanted`` names what is in the graph, and not by us.

    before  what we have written there
    """
    ours = set(before.vectors) if before else set()
    for label, name in wanted.vectors:
        there = f"MATCH (n:{quoted(label)}) WHERE n.{quoted(name)} IS NOT NULL RETURN 1 LIMIT 1"
        if (label, name) not in ours and source.rows(there):
            raise InputError(
                f"nodes (:{label}) of {source.place} have a property {name!r} that is not "
                "tastegraph's: let embedding in [write] of the mapping name another"
            )
    pattern = wanted.relationships
    if pattern is None or (before is not None and before.relationships == pattern):
        return
    if source.rows(f"MATCH {pattern} RETURN 1 LIMIT 1"):
        raise InputError(
            f"{source.place} has relationships {wanted.recommended!r} that are not tastegraph's: "
            "let recommended in [write] of the mapping name another type"
        )
