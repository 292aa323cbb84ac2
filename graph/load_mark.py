"""The mark of a load that has begun, which its end takes away: who finds it sees half a load."""

from datetime import UTC, datetime

from tastegraph.graph.store.dialect import LEASE
from tastegraph.graph.store.graph_store import GraphStore

_BEGIN = f"MATCH (l:{LEASE} {{id: 'writer'}}) SET l.loading = l.since"
_END = f"MATCH (l:{LEASE} {{id: 'writer'}}) SET l.loading = null"
_LOOK = f"MATCH (l:{LEASE} {{id: 'writer'}}) RETURN l.loading"


def begin_load(writer: GraphStore) -> None:
    """Mark the graph that ``writer`` has the lease of, before anything is loaded into it."""
    writer.write_to_lease(_BEGIN)


def end_load(writer: GraphStore) -> None:
    """Take the mark away, when all is there."""
    writer.write_to_lease(_END)


def is_half_loaded(writer: GraphStore) -> bool:
    """Whether a load before that of ``writer`` never ended."""
    rows = writer.values(_LOOK)
    return bool(rows) and rows[0][0] is not None


def unfinished_load(store: GraphStore) -> str | None:
    """What to tell a person about a load that began and never ended; None where there is none.

    One that somebody is still at is none.
    """
    rows = store.values(_LOOK)
    if not rows or rows[0][0] is None or store.other_writer() is not None:
        return None
    begun = datetime.fromtimestamp(rows[0][0] / 1000, UTC)
    return (
        f"a load that began at {begun:%Y-%m-%d %H:%M} UTC has not ended, so that the graph holds "
        "only a part of its data: load again"
    )
