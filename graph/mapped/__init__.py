"""Somebody else's graph, known by a mapping of its labels, relationship types and properties."""
