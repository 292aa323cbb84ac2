"""Readers fed with what nobody writes: the corpus, mutations of it, and a guided fuzzer."""
