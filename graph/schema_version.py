"""Which version of the schema a graph has, and what brings an older one up to date.

    (:Schema {id: 'graph', version})

1  (without the node) what a training keeps stands on users and artists themselves, as ``influence``
   and ``taught``
2  it stands on nodes of its own (``schema.TRAINING``), what kept models have of it is called
   ``hashes``, which was ``marks``, and indexes are called alike in all stores
"""

from tastegraph.errors import SchemaVersionError
from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.runtime.progress import Progress, silent

VERSION = 2

_LOOK = "MATCH (s:Schema) RETURN max(s.version)"
_ANYBODY = "MATCH (n:{label}) RETURN n.id LIMIT 1"
_RENAME = (
    "MATCH (v:KeptVectors) WHERE v.marks IS NOT NULL WITH v LIMIT 500 "
    "SET v.hashes = v.marks REMOVE v.marks RETURN count(v) AS renamed"
)
_SET = "MERGE (s:Schema {id: 'graph'}) SET s.version = $version"

# Nodes that one transaction moves; each has up to 4 KB.
_BATCH = 5_000


def schema_version(store: GraphStore) -> int:
    """The version of the graph's schema; of an empty graph the present one."""
    found: int | None = store.values(_LOOK)[0][0]
    if found is not None:
        return found
    somebody = any(store.values(_ANYBODY.format(label=label)) for label in TRAINING)
    return 1 if somebody else VERSION


def require_present_schema(store: GraphStore) -> None:
    """Raise SchemaVersionError where another version of the program has made the graph."""
    found = schema_version(store)
    if found < VERSION:
        raise SchemaVersionError(
            f"the graph in {store.place} is of an earlier version of Tastegraph: 'tastegraph "
            "migrate' brings it up to date, and so do 'load' and 'train'; nothing is lost"
        )
    _refuse_newer(store, found)


def migrate(store: GraphStore, progress: Progress = silent) -> int:
    """Bring the graph up to the present schema; gives the version that it had.

    What was interrupted goes on where it was. SchemaVersionError for a graph of a newer
    version.
    """
    found = schema_version(store)
    _refuse_newer(store, found)
    if found < VERSION:
        with store.writing("migrate") as writer:
            writer.dialect.create_schema(writer)
            _move_training(writer, progress)
            while writer.write(_RENAME)[0]["renamed"]:
                pass
            _make_vector_indexes(writer)
            mark_present_schema(writer)
    return found


def make_indexes(store: GraphStore, progress: Progress = silent) -> None:
    """Make constraints and indexes that are missing, as after an import of Neo4j's own, which makes
    none; those of the vectors where there is a model.
    """
    with store.writing("migrate") as writer:
        writer.dialect.create_schema(writer)
        _make_vector_indexes(writer, progress)


def mark_present_schema(writer: GraphStore) -> None:
    """Say in the graph that its schema is the present one, if it does not say so yet."""
    if writer.values(_LOOK) != [[VERSION]]:
        writer.write(_SET, {"version": VERSION})


def _refuse_newer(store: GraphStore, found: int) -> None:
    if found > VERSION:
        raise SchemaVersionError(
            f"the graph in {store.place} is of a newer version of Tastegraph (schema {found}, this "
            f"program knows {VERSION}): update Tastegraph"
        )


def _make_vector_indexes(writer: GraphStore, progress: Progress = silent) -> None:
    """Make those that are missing or were called otherwise, where there is a model they serve."""
    found = writer.values("MATCH (m:Model {switching: false}) RETURN m.dimensions")
    dimensions = found[0][0] if found else None
    if dimensions:
        writer.dialect.create_vector_indexes(writer, dimensions, progress)


def _move_training(writer: GraphStore, progress: Progress) -> None:
    """From version 1 to 2."""
    left = "MATCH (n:{label}) WHERE n.influence IS NOT NULL OR n.taught IS NOT NULL "
    total = sum(
        writer.values(left.format(label=label) + "RETURN count(n)")[0][0] for label in TRAINING
    )
    with progress("moving what the training keeps", total) as advance:
        for label, training in TRAINING.items():
            move = (
                left.format(label=label) + "WITH n LIMIT $batch "
                f"MERGE (t:{training} {{id: n.id}}) "
                "SET t.foldInColumn = n.influence, t.trainingHash = n.taught "
                "REMOVE n.influence, n.taught RETURN count(n) AS moved"
            )
            while moved := writer.write(move, {"batch": _BATCH})[0]["moved"]:
                advance(moved)
