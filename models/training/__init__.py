"""From the graph to a trained model in it: fit, weigh the signals, tune."""
