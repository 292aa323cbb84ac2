"""Files as columns of text, with the place of every row kept for messages."""
