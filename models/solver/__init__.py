"""Alternating least squares: the objective, its exact solve, and single rows of it."""
