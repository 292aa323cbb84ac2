"""Who is whose friend: mostly people who share a favourite scene."""

import numpy as np
import pandas as pd

from tastegraph.graph.frames import FRIEND, USER
from tastegraph.loaders.synthetic.world import CellDraw, Floats, Ints, World, distinct, merged

MOST_CHOSEN = 60
# Of the friends that somebody chooses, the share who are met by chance.
_BY_CHANCE = 0.1
# How often somebody who was chosen twice is chosen anew.
_ROUNDS = 4


def invent_friendships(world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Return user, friend, with ids from 1 and user < friend, sorted.

    Where there are two users or more, everybody has a friend.
    """
    users = len(world.liked)
    sociable = rng.pareto(2.0, size=users) + 0.5
    wanted = 1 + np.minimum((4.6 * sociable).astype(np.int64), min(users // 4, MOST_CHOSEN))
    if users == 1:
        wanted[:] = 0
    fans = _fans(world, sociable)
    keys: Ints = np.empty(0, dtype=np.int64)
    for _ in range(_ROUNDS):
        chosen = np.bincount(keys // users, minlength=users)
        user = np.repeat(np.arange(users), wanted - chosen)
        keys = merged(keys, user * users + _friends(world, fans, user, rng))
    pairs = np.sort(np.stack([keys // users, keys % users]), axis=0)
    keys = distinct(pairs[0] * users + pairs[1])
    return pd.DataFrame({USER: keys // users + 1, FRIEND: keys % users + 1})


def _fans(world: World, sociable: Floats) -> CellDraw:
    """Draw people by their favourite scenes, most often those who meet many."""
    member, column = np.nonzero(world.liking)
    weights = sociable[member] * world.liking[member, column]
    return CellDraw(world.favourite[member, column], weights, member, world.cell_count)


def _friends(world: World, fans: CellDraw, user: Ints, rng: np.random.Generator) -> Ints:
    """Return somebody else for each of ``user``, mostly one with the same favourite scene."""
    users = len(world.liked)
    begins = np.cumsum(world.liking, axis=1)
    begins /= begins[:, -1:]
    genre = (rng.random(len(user))[:, None] >= begins[user]).sum(axis=1)
    friend = fans(world.favourite[user, genre], rng.random(len(user)))
    other = (user + rng.integers(1, max(users, 2), size=len(user))) % users
    by_chance = (friend == user) | (rng.random(len(user)) < _BY_CHANCE)
    return np.where(by_chance, other, friend)
