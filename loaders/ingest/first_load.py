"""The first load of an embedded store, through its bulk loader."""

from typing import Any

from tastegraph.graph.content import GraphContent, Nodes, Relations
from tastegraph.graph.frames import Id
from tastegraph.graph.schema import NODES, RELATIONS, NodeKind, RelationKind
from tastegraph.graph.store.arcade_server import ArcadeServer
from tastegraph.runtime.progress import Progress


def write_first(server: ArcadeServer, target: GraphContent, progress: Progress) -> int:
    """Write ``target`` into an empty graph; gives how many nodes and relationships it has."""
    records: dict[str, dict[Id, str]] = {}
    for node in NODES:
        nodes = target.nodes[node.label]
        with progress(f"writing {node.label}", len(nodes)) as advance:
            records[node.label] = _create_nodes(server, node, nodes)
            advance(len(nodes))
    for relation in RELATIONS:
        edges = target.relations[relation.type]
        with progress(f"writing {relation.type}", len(edges)) as advance:
            _create_relations(server, relation, edges, records)
            advance(len(edges))
    return sum(map(len, target.nodes.values())) + sum(map(len, target.relations.values()))


def _create_nodes(server: ArcadeServer, kind: NodeKind, nodes: Nodes) -> dict[Id, str]:
    rows = [{"id": id_} | _present(kind.properties, values) for id_, values in nodes.items()]
    return dict(zip(nodes, server.create_nodes(kind.label, rows), strict=True)) if rows else {}


def _create_relations(
    server: ArcadeServer, kind: RelationKind, edges: Relations, records: dict[str, dict[Id, str]]
) -> None:
    if not edges:
        return
    starts, ends = records[kind.start], records[kind.end]
    server.create_relationships(
        kind.type,
        [starts[start] for start, _ in edges],
        [ends[end] for _, end in edges],
        [_present(kind.properties, values) for values in edges.values()],
    )


def _present(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    """Properties without nulls, which a graph does not store."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}
