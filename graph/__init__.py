"""The graph: settings, stores, schema, queries and what everything else shares."""
