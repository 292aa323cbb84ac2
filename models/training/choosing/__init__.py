"""The choice of a model's settings on slices of the listens."""
