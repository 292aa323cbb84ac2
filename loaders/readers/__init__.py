"""One file a format: from files to valid frames."""
