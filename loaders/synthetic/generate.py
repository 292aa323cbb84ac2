"""Invented listeners with a taste that can be learned.

Genres have three scenes each; an artist belongs to one genre and scene, a listener to one to
three genres with a favourite scene in each. Who is listened to follows taste times a power-law
popularity, friends are people of like taste, and tags name genre and scene, with some noise.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    NAME,
    PICTURE_URL,
    PLAYS,
    RAW_NAME,
    TAG,
    URL,
    USER,
    GraphFrames,
    ReportRow,
)
from tastegraph.loaders.synthetic.band_names import GENERAL_TAGS, GENRES, SCENES, band_names
from tastegraph.runtime.numbers import check_numbers

MOST_LISTENS = 50
ARTISTS_A_LISTEN = 6
ARTISTS_A_GENRE = 60
MOST_FRIEND_CANDIDATES = 2_000
FIRST_DAY = np.datetime64("2005-08-01")
DAYS = 2_100
TYPICAL_PLAYS = 400.0
MOST_PLAYS = 350_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _World:
    """What is true of the invented people and artists, and never written.

    cells       (artists,)        genre * scenes + scene of an artist
    popularity  (artists,)        power-law weight
    taste       (users, cells)    how much a user likes a genre's scene, > 0
    """

    cells: Ints
    popularity: Floats
    taste: Floats


def generate(users: int = 300, artists: int = 800, seed: int = 42) -> GraphFrames:
    """Return wholly invented data with ids from 1; equal arguments give equal data.

    A user listens to at most 50 artists and, where there is a choice, to a sixth of them.
    InputError where a number is below 1 or above a million, or the seed below 0.
    """
    check_numbers("generate", {"users": users, "artists": artists, "seed": seed})
    rng = np.random.default_rng(seed)
    artist_rows = _artists(artists, rng)
    world = _world(users, artists, rng)
    listens = _listens(world, rng)
    friendships = _friendships(world, rng)
    tags, taggings = _tags(world, listens, rng)
    user_rows = pd.DataFrame({USER: np.arange(1, users + 1)})
    kinds = {
        "users": user_rows,
        "artists": artist_rows,
        "tags": tags,
        "listens": listens,
        "friendships": friendships,
        "tag_assignments": taggings,
    }
    report = [ReportRow(kind, len(rows), len(rows), 0, "") for kind, rows in kinds.items()]
    return GraphFrames(user_rows, artist_rows, tags, listens, friendships, taggings, report)


def _artists(count: int, rng: np.random.Generator) -> pd.DataFrame:
    names = pd.Series(band_names(count, rng), dtype=object)
    artists = pd.DataFrame({ARTIST: np.arange(1, count + 1), NAME: names})
    for column in (RAW_NAME, URL, PICTURE_URL):
        artists[column] = pd.Series([None] * count, dtype=object)
    return artists


def _world(users: int, artists: int, rng: np.random.Generator) -> _World:
    genres = min(len(GENRES), max(1, artists // ARTISTS_A_GENRE))
    cells = rng.integers(genres, size=artists) * len(SCENES) + rng.integers(3, size=artists)
    popularity = rng.permutation(np.arange(1, artists + 1)) ** -0.7
    taste = np.full((users, genres * len(SCENES)), 0.02)
    for user in range(users):
        liked = rng.choice(genres, size=min(genres, int(rng.integers(1, 4))), replace=False)
        for genre, weight in zip(liked, rng.uniform(0.4, 1.0, size=len(liked)), strict=True):
            scenes = slice(genre * len(SCENES), (genre + 1) * len(SCENES))
            taste[user, scenes] += weight
            taste[user, scenes.start + rng.integers(len(SCENES))] += 2 * weight
    return _World(cells.astype(np.int64), popularity, taste)


def _listens(world: _World, rng: np.random.Generator) -> pd.DataFrame:
    users, artists = len(world.taste), len(world.cells)
    most = min(MOST_LISTENS, max(1, artists // ARTISTS_A_LISTEN))
    full = rng.random(users) < 0.9
    counts = np.where(full, most, rng.integers(1, most + 1, size=users))
    heard = [
        _draw(np.log(world.popularity * world.taste[user][world.cells]), int(counts[user]), rng)
        for user in range(users)
    ]
    artist = np.concatenate(heard)
    user = np.repeat(np.arange(users), counts)
    activity = rng.lognormal(0.0, 0.9, size=users)[user]
    liking = world.taste[user, world.cells[artist]] ** 0.3
    plays = TYPICAL_PLAYS * activity * liking * rng.lognormal(0.0, 0.9, size=len(user))
    frame = pd.DataFrame({USER: user + 1, ARTIST: artist + 1})
    frame[PLAYS] = np.clip(plays, 1, MOST_PLAYS).astype(np.int64)
    return frame.sort_values([USER, ARTIST], ignore_index=True)


def _draw(log_weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    """Return ``count`` > 0 distinct places, drawn by weight (Gumbel top-k)."""
    keys = log_weights + rng.gumbel(size=len(log_weights))
    return np.sort(np.argpartition(-keys, count - 1)[:count])


def _friendships(world: _World, rng: np.random.Generator) -> pd.DataFrame:
    users = len(world.taste)
    direction = world.taste / np.linalg.norm(world.taste, axis=1, keepdims=True)
    sociable = rng.pareto(2.0, size=users) + 0.5
    pairs: set[tuple[int, int]] = set()
    for user in range(users if users > 1 else 0):
        others = rng.permutation(users)[:MOST_FRIEND_CANDIDATES]
        others = others[others != user]
        likeness = direction[others] @ direction[user]
        weights = np.log(sociable[others]) + 3 * np.log(likeness + 0.05)
        wanted = 1 + min(int(5 * sociable[user]), users // 4, 60)
        chosen = others[_draw(weights, wanted, rng)]
        pairs.update((min(user, other), max(user, other)) for other in chosen.tolist())
    rows = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2) + 1
    return pd.DataFrame({USER: rows[:, 0], FRIEND: rows[:, 1]})


def _tags(
    world: _World, listens: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tags that somebody gave, and who gave them to whom."""
    pairs = _tagged_pairs(world, listens, rng)
    count = len(pairs)
    cells = world.cells[pairs[ARTIST].to_numpy() - 1]
    genres = world.taste.shape[1] // len(SCENES)
    vocabulary = [*GENRES[:genres]]
    vocabulary += [f"{scene} {genre}" for genre in GENRES[:genres] for scene in SCENES]
    vocabulary += GENERAL_TAGS
    rank = rng.zipf(1.8, size=count).clip(1, len(GENERAL_TAGS))
    general = len(vocabulary) - len(GENERAL_TAGS) + rank - 1
    options = [
        (cells // len(SCENES), rng.random(count) < 0.85),
        (genres + cells, rng.random(count) < 0.4),
        (general, rng.random(count) < 0.2),
        (rng.integers(genres, size=count), rng.random(count) < 0.04),
    ]
    given = [pairs[mask].assign(tag=words[mask]) for words, mask in options]
    rows = pd.concat(given).drop_duplicates([USER, ARTIST, TAG])
    used, codes = np.unique(rows[TAG].to_numpy(dtype=np.int64), return_inverse=True)
    names = pd.Series([vocabulary[word] for word in used], dtype=object)
    tags = pd.DataFrame({TAG: np.arange(1, len(used) + 1), NAME: names})
    taggings = rows.assign(tag=codes.astype(np.int64) + 1)[[USER, ARTIST, TAG, DATE]]
    return tags, taggings.sort_values([USER, ARTIST, TAG], ignore_index=True)


def _tagged_pairs(world: _World, listens: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the pairs with tags: some listens, and as many artists that are only known of."""
    eager = rng.beta(0.7, 2.0, size=len(world.taste))
    tagged = listens[rng.random(len(listens)) < eager[listens[USER].to_numpy() - 1]]
    by_cell = np.lexsort((rng.random(len(world.cells)), world.cells))
    neighbour = np.empty_like(by_cell)
    neighbour[by_cell] = np.roll(by_cell, 1)
    known_of = tagged.assign(artist=neighbour[tagged[ARTIST].to_numpy() - 1] + 1)
    pairs: pd.DataFrame = pd.concat([tagged, known_of])[[USER, ARTIST]].drop_duplicates(
        ignore_index=True
    )
    days = FIRST_DAY + rng.integers(DAYS, size=len(pairs)).astype("timedelta64[D]")
    pairs[DATE] = pd.Series(days.astype(str).tolist(), dtype=object)
    return pairs
