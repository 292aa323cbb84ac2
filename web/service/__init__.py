"""The service: its endpoints, what may ask them, and how they refuse."""
