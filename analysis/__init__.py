"""The data and the model in figures and pictures."""
