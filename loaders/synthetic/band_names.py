"""Invented band names and the words that invented listeners use for music."""

import numpy as np

GENRES = (
    "dream pop",
    "techno",
    "doom metal",
    "folk",
    "hip hop",
    "post-punk",
    "ambient",
    "soul",
    "synthpop",
    "hardcore",
    "jazz",
    "shoegaze",
    "house",
    "country",
    "black metal",
    "reggae",
    "indie rock",
    "trip hop",
    "classical",
    "garage rock",
    "industrial",
    "bossa nova",
    "math rock",
    "drum and bass",
)
SCENES = ("melancholic", "energetic", "experimental")
GENERAL_TAGS = ("seen live", "favourites", "albums i own", "beautiful", "summer", "to listen")

_STARTS = ("b", "br", "d", "dr", "f", "g", "gl", "k", "l", "m", "n", "p", "s", "t", "tr", "v", "z")
_MIDDLES = ("b", "d", "g", "k", "l", "l", "m", "n", "n", "r", "r", "s", "t", "v", "ll", "nd", "st")
_VOWELS = ("a", "e", "i", "o", "u") * 4 + ("ai", "ou", "é", "ö")
_ENDS = ("", "", "", "n", "r", "l", "th")
_ADJECTIVES = ("Velvet", "Distant", "Electric", "Northern", "Paper", "Quiet", "Rusty", "Hollow")
_PATTERNS = (
    "{0}",
    "The {0}s",
    "{0} {1}",
    "{0} & the {1}s",
    "{2} {0}",
    "DJ {0}",
    "{0} Orchestra",
    "Little {0}",
    '"{2}" {0}',
    "{0} of {1}",
)
_PATTERN_WEIGHTS = np.array([30, 18, 14, 8, 12, 5, 4, 4, 1, 4]) / 100


def band_names(count: int, rng: np.random.Generator) -> list[str]:
    """Return ``count`` distinct invented names."""
    names: dict[str, None] = {}
    while len(names) < count:
        patterns = rng.choice(len(_PATTERNS), size=count, p=_PATTERN_WEIGHTS)
        adjectives = rng.integers(len(_ADJECTIVES), size=count)
        first, second = _words(count, rng), _words(count, rng)
        for pattern, adjective, one, two in zip(patterns, adjectives, first, second, strict=True):
            names[_PATTERNS[pattern].format(one, two, _ADJECTIVES[adjective])] = None
    return list(names)[:count]


def _words(count: int, rng: np.random.Generator) -> list[str]:
    """Return pronounceable words of three syllables, too long to be a word by chance."""
    starts = rng.integers(len(_STARTS), size=count)
    middles = rng.integers(len(_MIDDLES), size=(count, 2))
    vowels = rng.integers(len(_VOWELS), size=(count, 3))
    ends = rng.integers(len(_ENDS), size=count)
    return [
        (
            f"{_STARTS[start]}{_VOWELS[v[0]]}{_MIDDLES[m[0]]}{_VOWELS[v[1]]}"
            f"{_MIDDLES[m[1]]}{_VOWELS[v[2]]}{_ENDS[end]}"
        ).capitalize()
        for start, m, v, end in zip(starts, middles, vowels, ends, strict=True)
    ]
