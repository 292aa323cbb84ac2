"""From valid frames into the graph, the one way that all sources share."""
