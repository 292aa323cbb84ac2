"""Labels, relationship types and their properties: the shape of the graph, named once.

The statements that read and write whole kinds are made here from these names alone; Cypher
has no parameters for labels and types. What people ask is in ``queries/``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

# Messages of many rows cost a third of as many of one; all rows in one would take the database's
# memory, and some have a limit for what they collect at once.
_BLOCKS = 64


@dataclass(frozen=True)
class NodeKind:
    """Nodes of one label; ``id`` identifies them, ``properties`` are what a load sets.

    training  label of the nodes, with the same ids, on which a training keeps what only the
              program reads of these; None where it keeps nothing
    """

    label: str
    properties: tuple[str, ...]
    training: str | None = None

    def only(self, *properties: str) -> "NodeKind":
        """The same kind with no more than ``properties``."""
        return replace(self, properties=properties)

    @property
    def read(self) -> str:
        """All nodes, in blocks of rows ``[id, *properties]``."""
        return in_blocks(self.label, ("id", *self.properties))

    @property
    def merge(self) -> str:
        """Make or change the nodes of ``$rows``, each ``[id, *properties]``."""
        values = ", ".join(f"n.{name} = row[{at}]" for at, name in enumerate(self.properties, 1))
        return (
            f"UNWIND $rows AS row MERGE (n:{self.label} {{id: row[0]}})"
            f"{' SET ' + values if values else ''}"
        )

    @property
    def delete(self) -> str:
        """Delete the nodes with the ids ``$rows`` and their relationships."""
        found = f"UNWIND $rows AS id MATCH (n:{self.label} {{id: id}})"
        if self.training is None:
            return f"{found} DETACH DELETE n"
        return f"{found} OPTIONAL MATCH (t:{self.training} {{id: id}}) DELETE t DETACH DELETE n"


def in_blocks(label: str, properties: Sequence[str], condition: str = "true") -> str:
    """The nodes ``n`` of a label that meet ``condition``, in blocks of rows of ``properties``."""
    wanted = ", ".join(f"n.{name}" for name in properties)
    return (
        f"MATCH (n:{label}) WHERE {condition} "
        f"WITH toInteger(rand() * {_BLOCKS}) AS block, [{wanted}] AS row "
        "WITH block, collect(row) AS rows RETURN rows"
    )


@dataclass(frozen=True)
class RelationKind:
    """Relationships of one type, at most one between two nodes in one direction."""

    type: str
    start: str
    end: str
    properties: tuple[str, ...] = ()

    @property
    def read(self) -> str:
        """All relationships, as rows ``[start id, [[end id, *properties], ...]]``.

        A node at a time: to collect them all takes the database's memory. Nodes without any are
        left out, since each row costs its time.
        """
        wanted = ", ".join(["e.id", *(f"r.{name}" for name in self.properties)])
        found = f"(s)-[r:{self.type}]->(e:{self.end})"
        return (
            f"MATCH (s:{self.start}) WITH s.id AS id, [{found} | [{wanted}]] AS entries "
            "WHERE size(entries) > 0 RETURN id, entries"
        )

    @property
    def read_of(self) -> str:
        """Those of the nodes with the ids ``$ids`` at the start; rows as of ``read``."""
        return self.read.replace(
            f"MATCH (s:{self.start})", f"UNWIND $ids AS given MATCH (s:{self.start} {{id: given}})"
        )

    def only(self, *properties: str) -> "RelationKind":
        """The same kind with no more than ``properties``, to be read."""
        return replace(self, properties=properties)

    @property
    def create(self) -> str:
        """Make those of ``$rows``, each ``[start id, [[end id, *properties], ...]]``."""
        values = ", ".join(f"{name}: entry[{at}]" for at, name in enumerate(self.properties, 1))
        return (
            f"{self._matched} CREATE (s)-[:{self.type}{' {' + values + '}' if values else ''}]->(e)"
        )

    @property
    def update(self) -> str:
        """Set the properties of relationships that are there; rows as for ``create``."""
        values = ", ".join(f"r.{name} = entry[{at}]" for at, name in enumerate(self.properties, 1))
        return f"{self._matched} MATCH (s)-[r:{self.type}]->(e) SET {values}"

    @property
    def delete(self) -> str:
        """Delete relationships; rows as for ``create``, properties ignored."""
        return f"{self._matched} MATCH (s)-[r:{self.type}]->(e) DELETE r"

    @property
    def delete_extra(self) -> str:
        """Leave one where there are several; rows as for ``create``, properties ignored."""
        return (
            f"{self._matched} MATCH (s)-[r:{self.type}]->(e) WITH s, e, collect(r) AS same "
            "UNWIND same[1..] AS extra DELETE extra"
        )

    @property
    def read_ends(self) -> str:
        """Of each node at a start, the ids at the ends, one as often as there is a relationship."""
        return f"MATCH (s:{self.start}) RETURN [(s)-[:{self.type}]->(e:{self.end}) | e.id] AS ends"

    @property
    def _matched(self) -> str:
        return (
            f"UNWIND $rows AS row MATCH (s:{self.start} {{id: row[0]}}) "
            f"UNWIND row[1] AS entry MATCH (e:{self.end} {{id: entry[0]}})"
        )


USER = NodeKind("User", (), "UserTraining")
ARTIST = NodeKind(
    "Artist",
    ("name", "rawName", "nameKey", "url", "pictureUrl", "listeners", "plays", "tagNorm", "band"),
    "ArtistTraining",
)
TAG = NodeKind("Tag", ("name", "nameKey", "artists", "idf"))
NODES = (USER, ARTIST, TAG)

LISTENED = RelationKind("LISTENED", "User", "Artist", ("plays", "firstHeard", "lastHeard"))
FRIEND = RelationKind("FRIEND", "User", "User")
TAGGED = RelationKind("TAGGED", "User", "Artist", ("tagIds", "taggedOn"))
HAS_TAG = RelationKind("HAS_TAG", "Artist", "Tag", ("count",))
USES_TAG = RelationKind("USES_TAG", "User", "Tag", ("count",))
FEATURES = RelationKind("FEATURES", "Artist", "Artist")
RELATIONS = (LISTENED, FRIEND, TAGGED, HAS_TAG, USES_TAG, FEATURES)

TRAINING = {kind.label: kind.training for kind in NODES if kind.training}
"""Where a training keeps what it needs of users and artists:

    (:UserTraining {id, foldInColumn, trainingHash})    and the same as (:ArtistTraining)

``foldInColumn`` is what each is for others (``models.solver.fold_in_model``), float32 as bytes,
``trainingHash`` marks what was learned of it (``models.data.training_hash``).
"""

# What a person has said here rather than a source: no load takes it, and only that of an export
# brings it.
HIDES = RelationKind("HIDES", "User", "Artist")
