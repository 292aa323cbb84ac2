"""What is true of the invented people and artists, and never written: music and taste.

Genres have three scenes each, and a genre's scene is a cell. An artist belongs to one cell; a
listener likes one to three genres, and in each a scene more than the others.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tastegraph.loaders.synthetic.band_names import GENRES, SCENES

ARTISTS_A_GENRE = 60
MOST_LIKED = 3
# How much everybody likes any cell, beside 0.4 to 1.2 for a liked genre's and thrice that for the
# favourite scene's.
BACKGROUND = 0.02
# Popularity falls with its rank as (rank + _FLAT) ** -_STEEPNESS (Zipf-Mandelbrot). Together with
# a first listener for everybody that gives the slope and the share of artists with one listener
# that HetRec 2011 Last.fm has.
_STEEPNESS = 2.0
_FLAT = 150

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class World:
    """``genres`` are in use; cells are ``genre * 3 + scene``.

    cells       (artists,)       the cell of an artist
    popularity  (artists,)       weight of an artist, > 0
    liked       (users, 1 to 3)  genres that a user likes, each once
    liking      (users, 1 to 3)  how much; 0 for those beyond what the user likes
    favourite   (users, 1 to 3)  the favourite cell in each genre
    """

    genres: int
    cells: Ints
    popularity: Floats
    liked: Ints
    liking: Floats
    favourite: Ints

    @property
    def cell_count(self) -> int:
        """How many cells there are."""
        return self.genres * len(SCENES)

    def taste(self, users: Ints, cells: Ints) -> Floats:
        """Return how much each of ``users`` likes the cell beside it, > 0."""
        taste = np.full(len(users), BACKGROUND)
        for column in range(self.liked.shape[1]):
            liking = self.liking[users, column]
            taste += liking * (self.liked[users, column] == cells // len(SCENES))
            taste += 2 * liking * (self.favourite[users, column] == cells)
        return taste


def invent_world(users: int, artists: int, rng: np.random.Generator) -> World:
    """Return a world of so many users and artists."""
    genres = min(len(GENRES), max(1, artists // ARTISTS_A_GENRE))
    cells = rng.integers(genres * len(SCENES), size=artists)
    rank = rng.permutation(artists) + 1
    most = min(MOST_LIKED, genres)
    liked = np.argsort(rng.random((users, genres)), axis=1)[:, :most]
    liking = rng.uniform(0.4, 1.0, size=(users, most))
    liking[np.arange(most) >= rng.integers(1, most + 1, size=users)[:, None]] = 0.0
    favourite = liked * len(SCENES) + rng.integers(len(SCENES), size=(users, most))
    popularity: Floats = np.power(rank + _FLAT, -_STEEPNESS)
    return World(genres, cells, popularity, liked, liking, favourite)


class CellDraw:
    """Draws members of cells by their weight."""

    def __init__(self, cells: Ints, weights: Floats, members: Ints, cell_count: int) -> None:
        """Members, a row each, of the cells (at least one) with the weights > 0."""
        order = np.argsort(cells, kind="stable")
        self._members = members[order]
        sizes = np.bincount(cells, minlength=cell_count)
        starts = np.cumsum(sizes) - sizes
        totals = np.bincount(cells, weights, minlength=cell_count)
        before = np.concatenate([[0.0], np.cumsum(totals)[:-1]])
        cumulated = np.cumsum(weights[order])
        self._ends = starts + sizes - 1
        filled = np.flatnonzero(sizes)
        # A cell without members lends those of the next one that has some.
        self._home = filled[np.searchsorted(filled, np.arange(cell_count)) % len(filled)]
        within = (cumulated - before[cells[order]]) / totals[cells[order]]
        self._bounds = cells[order] + np.minimum(within, 1.0)

    def __call__(self, cells: Ints, uniform: Floats) -> Ints:
        """Return a member of each of ``cells``, for numbers that are uniform in [0, 1)."""
        cells = self._home[cells]
        places = np.searchsorted(self._bounds, cells + uniform, side="right")
        members: Ints = self._members[np.minimum(places, self._ends[cells])]
        return members


def distinct(keys: Ints) -> Ints:
    """Return ``keys`` sorted, each once."""
    # Where there are millions, numpy.unique, which hashes them, takes many times as long.
    keys = np.sort(keys)
    once: Ints = keys[np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]]
    return once


def merged(keys: Ints, more: Ints) -> Ints:
    """Return sorted ``keys`` and ``more`` as one, sorted, each once."""
    more = distinct(more)
    if not len(keys):
        return more
    places = np.minimum(np.searchsorted(keys, more), len(keys) - 1)
    # Timsort, the stable one, merges two sorted runs without sorting them again.
    return np.sort(np.concatenate([keys, more[keys[places] != more]]), kind="stable")
