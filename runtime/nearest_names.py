"""Which known name is near to a wrong one."""

from collections.abc import Iterable
from difflib import get_close_matches

# Names less alike than this are no likely slip of the hand (difflib's ratio).
_ALIKE = 0.5


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """At most ``most`` of ``known`` that are like ``name``, the likest first."""
    return get_close_matches(name, list(known), n=most, cutoff=_ALIKE)


def did_you_mean(name: str, known: Iterable[str], most: int = 1) -> str:
    """``; did you mean 'x'?`` for what is nearest of ``known``; empty where nothing is."""
    near = nearest(name, known, most)
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
