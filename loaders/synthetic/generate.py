"""Invented listeners with a taste that can be learned.

Who is listened to follows taste times a popularity as uneven as that of real artists, friends are
people of like taste, and tags name genre and scene, with some noise. The cost is that of what is
made: listens, friendships and taggings, whatever the number of pairs.
"""

import numpy as np
import pandas as pd

from tastegraph.graph.frames import (
    ARTIST,
    NAME,
    PICTURE_URL,
    RAW_NAME,
    URL,
    USER,
    GraphFrames,
    ReportRow,
)
from tastegraph.loaders.synthetic.band_names import band_names
from tastegraph.loaders.synthetic.friendships import invent_friendships
from tastegraph.loaders.synthetic.listens import invent_listens
from tastegraph.loaders.synthetic.tags import invent_tags
from tastegraph.loaders.synthetic.world import invent_world
from tastegraph.runtime.numbers import check_numbers
from tastegraph.runtime.progress import Progress, silent


def generate(
    users: int = 300, artists: int = 800, seed: int = 42, progress: Progress = silent
) -> GraphFrames:
    """Return wholly invented data with ids from 1; equal arguments give equal data.

    A user listens to at most 50 artists and, where there is a choice, to a sixth of them.
    InputError where a number is below 1 or above a million, or the seed below 0.
    """
    check_numbers("generate", {"users": users, "artists": artists, "seed": seed})
    names, worlds, heard, friends, given = np.random.default_rng(seed).spawn(5)
    world = invent_world(users, artists, worlds)
    listens = invent_listens(world, heard, progress)
    with progress("inventing names, friends, tags", 3) as advance:
        artist_rows = _artists(artists, names)
        advance(1)
        friendships = invent_friendships(world, friends)
        advance(1)
        tags, taggings = invent_tags(world, listens, given)
        advance(1)
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
