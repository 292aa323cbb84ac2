"""The first load of an embedded store, through its bulk loader."""

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any

import numpy as np

from tastegraph.graph.content import GraphContent, Nodes
from tastegraph.graph.relations import Relations
from tastegraph.graph.schema import NODES, RELATIONS, NodeKind, RelationKind
from tastegraph.graph.store.arcade_server import EDGES_A_MESSAGE, ArcadeServer
from tastegraph.runtime.progress import Advance, Progress

# The records of nodes by the numbers of their ids.
Records = list[str]


def write_first(server: ArcadeServer, target: GraphContent, progress: Progress) -> int:
    """Write ``target`` into an empty graph; gives how many nodes and relationships it has."""
    records: dict[str, Records] = {}
    for node in NODES:
        nodes = target.nodes[node.label]
        with progress(f"writing {node.label}", len(nodes)) as advance:
            made = _create_nodes(server, node, nodes)
            advance(len(nodes))
        numbers = target.numbers[node.label]
        codes = numbers.codes(list(nodes)).tolist()
        of_codes = dict(zip(codes, made, strict=True))
        records[node.label] = [of_codes.get(code, "") for code in range(len(numbers))]
    for relation in RELATIONS:
        edges = target.relations[relation.type]
        with progress(f"writing {relation.type}", len(edges)) as advance:
            messages = _messages(relation, edges, records, advance)
            if edges:
                server.create_relationships(relation.type, len(edges), messages)
    return sum(map(len, target.nodes.values())) + sum(map(len, target.relations.values()))


def _create_nodes(server: ArcadeServer, kind: NodeKind, nodes: Nodes) -> Records:
    rows = [{"id": id_} | _present(kind.properties, values) for id_, values in nodes.items()]
    return server.create_nodes(kind.label, rows) if rows else []


def _messages(
    kind: RelationKind, edges: Relations, records: dict[str, Records], advance: Advance
) -> Iterator[list[dict[str, Any]]]:
    """Rows for the bulk loader, made just before they are sent."""
    sources, targets = records[kind.start], records[kind.end]
    for at in range(0, len(edges), EDGES_A_MESSAGE):
        some = edges.take(np.arange(at, min(at + EDGES_A_MESSAGE, len(edges))))
        values: Iterable[tuple[Any, ...]] = repeat(())
        if some.columns:
            values = zip(*(column.tolist() for column in some.columns), strict=True)
        pairs = zip(some.starts.tolist(), some.ends.tolist(), strict=True)
        yield [
            {"_src": sources[start], "_dst": targets[end]} | _present(kind.properties, row)
            for (start, end), row in zip(pairs, values, strict=False)
        ]
        advance(len(some))


def _present(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    """Properties without nulls, which a graph does not store."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
