"""How much may be asked for at once."""

MOST_ROWS = 1_000_000
"""Rows of an answer: databases set memory aside for as many as are asked for."""
