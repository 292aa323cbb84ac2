"""How good a model is: splits, metrics and comparisons that do not leak."""
