"""A snapshot straight from frames, as the graph would give it."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tastegraph.analysis.source import Snapshot
from tastegraph.graph.frames import ARTIST, FRIEND, PLAYS, TAG, USER, GraphFrames
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap


def snapshot(frames: GraphFrames, order: int | None = None) -> Snapshot:
    """What the graph of ``frames`` holds; ``order`` is a seed that shuffles the taggings."""
    users = IdMap.of(frames.users[USER].tolist())
    artists = IdMap.of(frames.artists[ARTIST].tolist())
    tags = IdMap.of(frames.tags[TAG].tolist())
    listens, friends, taggings = frames.listens, frames.friendships, frames.taggings
    if order is not None:
        taggings = taggings.sample(frac=1, random_state=order, ignore_index=True)
    data = Dataset(
        users,
        artists,
        tags,
        _matrix(
            listens[PLAYS], users.rows(listens[USER]), artists.rows(listens[ARTIST]), users, artists
        ),
        csr_array((one_way := _friends(users, friends)) + one_way.T),
        _matrix(
            pd.Series(1.0, index=taggings.index),
            artists.rows(taggings[ARTIST]),
            tags.rows(taggings[TAG]),
            artists,
            tags,
        ),
    )
    return Snapshot(data, frames.artists, frames.tags, taggings[[USER, ARTIST, TAG]])


def _friends(users: IdMap, friends: pd.DataFrame) -> csr_array:
    ones = pd.Series(1.0, index=friends.index)
    return _matrix(ones, users.rows(friends[USER]), users.rows(friends[FRIEND]), users, users)


def _matrix(values: "pd.Series[float]", rows, columns, down: IdMap, across: IdMap) -> csr_array:
    entries = (values.to_numpy(dtype=np.float64), (rows, columns))
    return csr_array(entries, shape=(len(down), len(across)))
