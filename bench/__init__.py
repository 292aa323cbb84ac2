"""Figures of the project on real data, side by side with its peers."""
