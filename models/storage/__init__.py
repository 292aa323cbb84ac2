"""Between the graph and memory: data and vectors read, vectors and model cards written."""
