"""From files to the graph: read, validate, ingest, report."""
