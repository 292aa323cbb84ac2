"""Vectors of models that can be used again, as bytes beside the graph that people ask.

    (:KeptModel {id, ...})                          what its (:Model) was, property by property
    (:KeptVectors {model, label, part, ids, vectors})   float32, little-endian, one row an id

Queries match (:Model) and the nodes' own vectors, so that they never meet these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from neo4j import Transaction
from numpy.typing import NDArray

from graph.frames import Id

# Vectors in one node: a megabyte at 256 floats each.
PART = 1_000

_FLOAT = np.dtype("<f4")
_READ = "RETURN v.model, v.label, v.part, v.ids, v.vectors ORDER BY v.part"

READ_PART = f"MATCH (v:KeptVectors {{model: $model, label: $label}}) {_READ}"


@dataclass(frozen=True)
class KeptPart:
    """Some vectors of one label: ``vectors`` (len(ids), d)."""

    model: str
    label: str
    part: int
    ids: Sequence[Id]
    vectors: NDArray[np.float32]

    @classmethod
    def of(cls, row: Sequence[Any]) -> "KeptPart":
        """From a row of READ_PART."""
        model, label, part, ids, vectors = row
        numbers = np.frombuffer(bytes(vectors), dtype=_FLOAT).reshape(len(ids), -1)
        return cls(model, label, part, ids, numbers.astype(np.float32))

    def write(self, transaction: Transaction) -> None:
        """Put it into the graph, over what has its place."""
        transaction.run(
            "MERGE (v:KeptVectors {model: $model, label: $label, part: $part}) "
            "SET v.ids = $ids, v.vectors = $vectors",
            {
                "model": self.model,
                "label": self.label,
                "part": self.part,
                "ids": list(self.ids),
                "vectors": self.vectors.astype(_FLOAT).tobytes(),
            },
        ).consume()


def forget_kept(transaction: Transaction, user: Id) -> None:
    """Take the vector of ``user`` from every kept model."""
    found = transaction.run(
        f"MATCH (v:KeptVectors {{label: 'User'}}) WHERE $user IN v.ids {_READ}", {"user": user}
    )
    for part in [KeptPart.of(record.values()) for record in found]:
        others = [at for at, id_ in enumerate(part.ids) if id_ != user]
        ids = [part.ids[at] for at in others]
        KeptPart(part.model, part.label, part.part, ids, part.vectors[others]).write(transaction)
