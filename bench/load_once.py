"""One load into an empty graph, and the same again, in a process of its own.

    python -m bench.load_once ours|plain PLACE DATA

``plain`` is what a first script would do: UNWIND and MERGE, rows as maps, 1,000 a batch, the
driver in pure Python. Prints seconds as JSON. Ours counts from the files to the finished graph,
the plain load counts writing alone, with its rows ready in memory.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tastegraph.graph.content import GraphContent
    from tastegraph.graph.store.graph_store import GraphStore

BATCH = 1_000

Statement = tuple[str, list[dict[str, Any]]]


def ours(store: "GraphStore", source: Path) -> Callable[[], None]:
    """Our load, reading and checking included."""
    from tastegraph.loaders.ingest.ingest import ingest
    from tastegraph.loaders.source import read_source

    def load() -> None:
        ingest(store, read_source(source))

    return load


def plain(store: "GraphStore", source: Path) -> Callable[[], None]:
    """Write rows that are ready."""
    from neo4j._codec.packstream import RUST_AVAILABLE

    from tastegraph.graph.content import GraphContent
    from tastegraph.loaders.ingest.target import target_content
    from tastegraph.loaders.source import read_source

    assert not RUST_AVAILABLE
    content = target_content(GraphContent(), read_source(source), replace=True)
    statements = [*_nodes(content), *_relations(content)]

    def load() -> None:
        for label in content.nodes:
            store.write(
                f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS "
                f"FOR (n:{label}) REQUIRE n.id IS UNIQUE"
            )
        for cypher, rows in statements:
            for start in range(0, len(rows), BATCH):
                store.write(cypher, {"rows": rows[start : start + BATCH]})

    return load


def _nodes(content: "GraphContent") -> Iterator[Statement]:
    from tastegraph.graph.schema import NODES

    for kind in NODES:
        yield (
            f"UNWIND $rows AS row MERGE (n:{kind.label} {{id: row.id}}) SET n += row",
            [
                {"id": id_, **dict(zip(kind.properties, values, strict=True))}
                for id_, values in content.nodes[kind.label].items()
            ],
        )


def _relations(content: "GraphContent") -> Iterator[Statement]:
    from tastegraph.graph.schema import RELATIONS

    for kind in RELATIONS:
        yield (
            f"UNWIND $rows AS row MATCH (s:{kind.start} {{id: row.start}}) "
            f"MATCH (e:{kind.end} {{id: row.end}}) MERGE (s)-[r:{kind.type}]->(e) "
            "SET r += row.properties",
            [
                {
                    "start": start,
                    "end": end,
                    "properties": dict(zip(kind.properties, values, strict=True)),
                }
                for starts, ends, values in content.relations[kind.type].blocks(BATCH)
                for start, end, *values in zip(starts, ends, *values, strict=True)
            ],
        )


def main() -> None:
    """Load twice and print how long each took."""
    way, place, source = sys.argv[1:]
    if way == "plain":
        # The driver then finds no extension and packs in Python.
        sys.modules["neo4j._rust"] = None  # type: ignore[assignment]
    from tastegraph.graph.store.open import open_store
    from tastegraph.graph.store.settings import Settings

    with open_store(Settings.of(place)) as store:
        if way == "plain" and store.embedded is not None:
            # Types of nodes must be there before ArcadeDB takes a constraint on them.
            store.dialect.create_schema(store)
        load = {"ours": ours, "plain": plain}[way](store, Path(source))
        seconds = [_timed(load), _timed(load)]
        relations = store.values("MATCH ()-[r]->() RETURN count(r)")[0][0]
    print(json.dumps({"first": seconds[0], "again": seconds[1], "relations": relations}))


def _timed(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    main()
