"""Invented listeners, artists, tags and friendships."""
