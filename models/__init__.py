"""From the graph to vectors, scores and reasons."""
