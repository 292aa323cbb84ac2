"""From vectors, friends and tags to ranked lists: signals, options, the ranker."""
