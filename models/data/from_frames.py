"""A dataset straight from the frames of a source, without a store."""

import numpy as np
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, FRIEND, PLAYS, TAG, USER, GraphFrames
from tastegraph.models.data.dataset import Dataset, tagging_rows
from tastegraph.models.data.id_map import IdMap


def dataset_from_frames(frames: GraphFrames) -> Dataset:
    """All of ``frames``, as loading and reading it again would give."""
    users, artists, tags = (
        IdMap.of(table[column].tolist())
        for table, column in ((frames.users, USER), (frames.artists, ARTIST), (frames.tags, TAG))
    )
    listens, friends, taggings = frames.listens, frames.friendships, frames.taggings
    one_way = csr_array(
        (np.ones(len(friends)), (users.rows(friends[USER]), users.rows(friends[FRIEND]))),
        shape=(len(users), len(users)),
    )
    plays = csr_array(
        (
            listens[PLAYS].to_numpy(dtype=np.float64),
            (users.rows(listens[USER]), artists.rows(listens[ARTIST])),
        ),
        shape=(len(users), len(artists)),
    )
    given = (artists.rows(taggings[ARTIST]), tags.rows(taggings[TAG]))
    tag_counts = csr_array((np.ones(len(taggings)), given), shape=(len(artists), len(tags)))
    rows = tagging_rows((users, artists, tags), taggings[USER], taggings[ARTIST], taggings[TAG])
    return Dataset(users, artists, tags, plays, csr_array(one_way + one_way.T), tag_counts, rows)
