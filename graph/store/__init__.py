"""The one door to a graph database, whichever it is."""
