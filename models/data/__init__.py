"""What models learn from, and what they learn: matrices, ids, vectors, weights of listens."""
