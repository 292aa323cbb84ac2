"""Which tags people give: names of genre and scene, general ones, and some that are wrong."""

import numpy as np
import pandas as pd

from tastegraph.graph.frames import ARTIST, DATE, NAME, TAG, USER
from tastegraph.loaders.synthetic.band_names import GENERAL_TAGS, GENRES, SCENES
from tastegraph.loaders.synthetic.world import CellDraw, Ints, World, distinct

FIRST_DAY = np.datetime64("2005-08-01")
DAYS = 2_100


def invent_tags(
    world: World, listens: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tags that somebody gave (tag, name), and user, artist, tag, date, both sorted."""
    artists = len(world.cells)
    pairs = _tagged_pairs(world, listens, rng)
    words = _vocabulary(world.genres)
    given = _words(world, world.cells[pairs % artists], len(words), rng)
    keys = distinct(given)
    del given
    pair, word = keys // len(words), keys % len(words)
    dates = np.array([str(FIRST_DAY + day) for day in range(DAYS)], dtype=object)
    day = rng.integers(DAYS, size=len(pairs))[pair]
    used = np.bincount(word, minlength=len(words)) > 0
    number = np.cumsum(used)
    names = pd.Series(np.array(words, dtype=object)[used].tolist(), dtype=object)
    tags = pd.DataFrame({TAG: np.arange(1, number[-1] + 1), NAME: names})
    taggings = pd.DataFrame({USER: pairs[pair] // artists + 1, ARTIST: pairs[pair] % artists + 1})
    taggings[TAG] = number[word]
    taggings[DATE] = pd.Series(dates[day], dtype=object)
    return tags, taggings


def _vocabulary(genres: int) -> list[str]:
    """Return the names of genres, then of cells, then the general tags."""
    cells = [f"{scene} {genre}" for genre in GENRES[:genres] for scene in SCENES]
    return [*GENRES[:genres], *cells, *GENERAL_TAGS]


def _words(world: World, cells: Ints, count: int, rng: np.random.Generator) -> Ints:
    """Return ``place * count + word`` for the words that the pair at a place of ``cells`` gets."""
    pairs = np.arange(len(cells)) * count
    rank = rng.zipf(1.8, size=len(cells)).clip(1, len(GENERAL_TAGS))
    options = [
        (cells // len(SCENES), 0.85),
        (world.genres + cells, 0.4),
        (count - len(GENERAL_TAGS) + rank - 1, 0.2),
        (rng.integers(world.genres, size=len(cells)), 0.04),
    ]
    parts = []
    for words, share in options:
        mask = rng.random(len(cells)) < share
        parts.append(pairs[mask] + words[mask])
    return np.concatenate(parts)


def _tagged_pairs(world: World, listens: pd.DataFrame, rng: np.random.Generator) -> Ints:
    """Return ``user * artists + artist``, sorted: some listens, and as many artists of the same
    cells that are only known of.
    """
    artists = len(world.cells)
    user, artist = listens[USER].to_numpy() - 1, listens[ARTIST].to_numpy() - 1
    eager = rng.beta(0.7, 2.0, size=len(world.liked))
    tags = rng.random(len(user)) < eager[user]
    user, artist = user[tags], artist[tags]
    # People know of artists without much of a name as well.
    known = CellDraw(world.cells, np.sqrt(world.popularity), np.arange(artists), world.cell_count)(
        world.cells[artist], rng.random(len(artist))
    )
    return distinct(np.concatenate([user * artists + artist, user * artists + known]))
