"""What a database answers: columns, rows, and what was changed."""

import re
from dataclasses import dataclass
from typing import Any

from neo4j import EagerResult
from neo4j import Result as OpenResult

from tastegraph.graph.store.values import plain

Row = dict[str, Any]

READ_ONLY = "r"
"""What databases call the kind of a query that only reads."""

# What a query may have changed, as the driver calls it.
_COUNTERS = (
    *("nodes_created", "nodes_deleted", "relationships_created", "relationships_deleted"),
    *("properties_set", "labels_added", "labels_removed", "indexes_added", "indexes_removed"),
    *("constraints_added", "constraints_removed"),
)

# Changes of the schema, and queries that commit as they go.
_ALONE = re.compile(
    r"\s*(?:CYPHER\s+\S+\s+)?(?:CREATE|DROP)\s(?:[\w\s]*\s)?(?:INDEX|CONSTRAINT)\b"
    r"|.*\}\s*IN\s+(?:\d+\s+)?(?:CONCURRENT\s+)?TRANSACTIONS\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Result:
    """Names of the columns, rows by these, and what was changed, such as nodes_created: 1.

    Some databases tell no columns where there are no rows.
    """

    columns: list[str]
    rows: list[Row]
    changes: dict[str, int]

    @classmethod
    def of(cls, result: EagerResult) -> "Result":
        """The result with values of this module's, not the driver's."""
        names = list(result.keys)
        found = (map(plain, record.values()) for record in result.records)
        rows = [dict(zip(names, values, strict=True)) for values in found]
        counters = result.summary.counters
        changes = {name: int(getattr(counters, name)) for name in _COUNTERS}
        return cls(names, rows, {name: count for name, count in changes.items() if count})


def eager(result: OpenResult) -> EagerResult:
    """All of a result that still comes in."""
    keys = list(result.keys())
    return EagerResult(list(result), result.consume(), keys)


def stands_alone(cypher: str) -> bool:
    """Whether databases want ``cypher`` in no transaction with anything else."""
    return _ALONE.match(cypher) is not None
