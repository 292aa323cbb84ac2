"""The queries that people ask, one a file; see ``tastegraph.graph.query_files``."""
