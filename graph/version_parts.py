"""Models that can be used again, as bytes beside the graph that people ask.

    (:KeptModel {id, ...})        what its (:Model) was, property by property
    (:KeptVectors {model, label, part, ids, vectors, columns, hashes})

The last three are little-endian, one row an id: float32 of the nodes' ``embedding`` and
``foldInColumn``, int64 of their ``trainingHash``. Columns are absent where the nodes had none,
hashes where a version that did not keep them has kept the model. Queries match (:Model) and the
nodes' own properties, so that they never meet these.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tastegraph.graph.frames import Id
from tastegraph.graph.store.graph_store import GraphStore

# Bytes in one node, a little below ArcadeDB's page of 64 KiB: the room of a larger one is not used
# again after its removal, so that each training would make the store grow.
PART = 60_000

_READ = "RETURN v.model, v.label, v.part, v.ids, v.vectors, v.columns, v.hashes"

READ_PARTS = f"MATCH (v:KeptVectors {{model: $model}}) {_READ}"

READ_SOME_PARTS = (
    "MATCH (v:KeptVectors {model: $model, label: $label}) "
    f"WHERE $first <= v.part AND v.part <= $last {_READ}"
)
"""Those of a label from one part to another."""

_FIND = f"MATCH (v:KeptVectors {{label: 'User'}}) WHERE $user IN v.ids {_READ}"
_REMOVE = "MATCH (v:KeptVectors {model: $model, label: $label, part: $part}) DELETE v"


@dataclass(frozen=True)
class VersionPart:
    """What a model keeps of some nodes of one label, as (:KeptVectors) has it."""

    model: str
    label: str
    part: int
    ids: Sequence[Id]
    vectors: bytes
    columns: bytes | None
    hashes: bytes | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "VersionPart":
        """From a row of READ_PARTS."""
        return cls(*row)

    def write(self, transaction: GraphStore) -> None:
        """Put it into the graph, where it must not be yet."""
        properties = vars(self) | {"ids": list(self.ids)}
        transaction.write("CREATE (v:KeptVectors) SET v = $properties", {"properties": properties})

    def without(self, id_: Id) -> "VersionPart":
        """The same but for the rows of ``id_``."""
        kept = [at for at, other in enumerate(self.ids) if other != id_]

        def rows(content: bytes) -> bytes:
            width = len(content) // len(self.ids)
            return b"".join(content[at * width : (at + 1) * width] for at in kept)

        return replace(
            self,
            ids=[self.ids[at] for at in kept],
            vectors=rows(self.vectors),
            columns=self.columns and rows(self.columns),
            hashes=self.hashes and rows(self.hashes),
        )


def forget_in_versions(transaction: GraphStore, user: Id) -> None:
    """Take what every kept model has of ``user`` out of it."""
    found = [VersionPart.of(row) for row in transaction.values(_FIND, {"user": user})]
    for part in found:
        place = {"model": part.model, "label": part.label, "part": part.part}
        transaction.write(_REMOVE, place)
        if len(part.ids) > 1:
            part.without(user).write(transaction)
