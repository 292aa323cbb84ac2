"""Who listens to whom: taste times popularity, and a first listener for every artist.

A listen begins as a slot of a user. The slot gets a cell by the user's taste and an artist of the
cell by popularity; some slots of each cell go to its artists in turn, so that everybody is heard.
Slots that gave an artist twice are drawn again. The cost is that of the slots.
"""

import numpy as np
import pandas as pd

from tastegraph.graph.frames import ARTIST, PLAYS, USER
from tastegraph.loaders.synthetic.band_names import SCENES
from tastegraph.loaders.synthetic.world import (
    BACKGROUND,
    CellDraw,
    Floats,
    Ints,
    World,
    distinct,
    merged,
)
from tastegraph.runtime.progress import Advance, Progress

MOST_LISTENS = 50
ARTISTS_A_LISTEN = 6
TYPICAL_PLAYS = 400.0
MOST_PLAYS = 350_000
# Slots that are drawn at a time. What is drawn does not depend on it.
BLOCK = 500_000
# After so many rounds a user has fewer listens than were wanted.
_ROUNDS = 40


def invent_listens(world: World, rng: np.random.Generator, progress: Progress) -> pd.DataFrame:
    """Return user, artist, plays, with ids from 1, sorted; every user has a listen.

    Every artist has one too, where they take no more than half of the slots of their cell.
    """
    users, artists = len(world.liked), len(world.cells)
    most = min(MOST_LISTENS, max(1, artists // ARTISTS_A_LISTEN))
    full = rng.random(users) < 0.9
    wanted = np.where(full, most, rng.integers(1, most + 1, size=users))
    slots = _Slots(world, rng)
    user = np.repeat(np.arange(users), wanted)
    # Each is drawn, and kept in the end.
    with progress("inventing listens", 2 * len(user)) as advance:
        cells, artist = slots.draw(user, advance)
        _first_listeners(world, cells, artist, rng)
        keys = distinct(user * artists + artist)
        advance(len(keys))
        for _ in range(_ROUNDS):
            user = np.repeat(np.arange(users), wanted - np.bincount(keys // artists))
            if not len(user):
                break
            before = len(keys)
            keys = merged(keys, user * artists + slots.draw(user)[1])
            advance(len(keys) - before)
    return _with_plays(world, keys // artists, keys % artists, rng)


class _Slots:
    """Draws a cell and an artist for slots of users."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self._world, self._rng = world, rng
        numbers = np.arange(len(world.cells))
        self._artists = CellDraw(world.cells, world.popularity, numbers, world.cell_count)
        background = np.full((len(world.liked), 1), BACKGROUND * world.cell_count)
        parts = np.hstack([background, (len(SCENES) + 2) * world.liking]).cumsum(axis=1)
        # (users, 1 to 3): where each liked genre begins in [0, 1).
        self._begins = parts[:, :-1] / parts[:, -1:]

    def draw(self, users: Ints, advance: Advance = lambda steps: None) -> tuple[Ints, Ints]:
        """Return the cells (uint8) and the artists (int32) of slots of ``users``."""
        cells = np.empty(len(users), dtype=np.uint8)
        artists = np.empty(len(users), dtype=np.int32)
        for start in range(0, len(users), BLOCK):
            rows = slice(start, min(start + BLOCK, len(users)))
            # A row of numbers a slot, so that blocks of any size use the same ones.
            uniform = self._rng.random((rows.stop - rows.start, 3))
            cells[rows] = self._cells(users[rows], uniform[:, 0], uniform[:, 1])
            artists[rows] = self._artists(cells[rows], uniform[:, 2])
            advance(rows.stop - rows.start)
        return cells, artists

    def _cells(self, users: Ints, part: Floats, scene: Floats) -> Ints:
        cells = (scene * self._world.cell_count).astype(np.int64)
        # Of five shares of a genre its favourite scene has three, the other two have one each.
        shift = np.maximum((scene * 5).astype(np.int64) - 2, 0)
        for column in range(self._begins.shape[1]):
            favourite = self._world.favourite[users, column]
            genre = favourite - favourite % len(SCENES)
            liked = genre + (favourite + shift) % len(SCENES)
            cells = np.where(part >= self._begins[users, column], liked, cells)
        return cells


def _first_listeners(world: World, cells: Ints, artist: Ints, rng: np.random.Generator) -> None:
    """Give random slots of each cell to its artists in turn, the most popular ones first."""
    by_popularity = np.argsort(-world.popularity, kind="stable")
    for cell in range(world.cell_count):
        slots = np.flatnonzero(cells == cell)
        members = by_popularity[world.cells[by_popularity] == cell][: len(slots) // 2]
        artist[rng.choice(slots, size=len(members), replace=False)] = members


def _with_plays(world: World, user: Ints, artist: Ints, rng: np.random.Generator) -> pd.DataFrame:
    plays = world.taste(user, world.cells[artist]) ** 0.3
    plays *= TYPICAL_PLAYS * rng.lognormal(0.0, 0.9, size=len(world.liked))[user]
    plays *= rng.lognormal(0.0, 0.9, size=len(user))
    frame = pd.DataFrame({USER: user + 1, ARTIST: artist + 1})
    frame[PLAYS] = np.clip(plays, 1, MOST_PLAYS).astype(np.int64)
    return frame
