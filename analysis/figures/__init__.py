"""Frames of figures from matrices and frames; nothing is read and nothing is drawn here."""
