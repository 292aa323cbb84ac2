"""Whether a graph holds nothing but a given source, in whole or in part."""

from tastegraph.graph.columns import NONE
from tastegraph.graph.content import GraphContent, read_content
from tastegraph.graph.frames import GraphFrames
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.target import target_content


def holds_other_data(store: GraphStore, frames: GraphFrames) -> bool:
    """Whether the graph has a node or relationship that loading ``frames`` would not make.

    False for an empty graph, and for one in which a load of ``frames`` was interrupted.
    """
    existing = read_content(store)
    source = target_content(GraphContent(numbers=existing.numbers), frames, replace=True)
    return any(
        nodes.keys() - source.nodes[label].keys() for label, nodes in existing.nodes.items()
    ) or any(
        (source.relations[type_].places_of(relations.codes) == NONE).any()
        for type_, relations in existing.relations.items()
    )
