"""Whether two graphs hold the same, but for the last places of floating point."""

import pytest

from tastegraph.graph.content import GraphContent


def assert_same(one: GraphContent, other: GraphContent) -> None:
    """Both have the same nodes and relationships, with the same properties."""
    for label in one.nodes.keys() | other.nodes.keys():
        nodes = other.nodes[label]
        assert one.nodes[label].keys() == nodes.keys()
        for id_, properties in one.nodes[label].items():
            assert [*properties] == pytest.approx([*nodes[id_]], rel=1e-12), (label, id_)
    assert one.relations == other.relations
    assert one.doubled == other.doubled
