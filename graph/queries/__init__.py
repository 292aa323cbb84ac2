"""The queries that people ask, one a file; see ``graph.catalog``."""
