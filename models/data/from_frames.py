"""A dataset straight from the frames of a source, without a store."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from tastegraph.graph.frames import (
    ARTIST,
    DATE,
    FRIEND,
    HEARD,
    LAST_HEARD,
    LISTENS,
    PLAYS,
    TAG,
    USER,
    GraphFrames,
)
from tastegraph.graph.moments import seconds_since_1970
from tastegraph.models.data.dataset import Dataset, tagging_rows
from tastegraph.models.data.id_map import IdMap


def dataset_from_frames(frames: GraphFrames, *, times: bool = False) -> Dataset:
    """All of ``frames``, as loading and reading it again would give, on demand with times."""
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
    data = Dataset(users, artists, tags, plays, csr_array(one_way + one_way.T), tag_counts, rows)
    if not times:
        return data
    heard = listens.reindex(columns=[*LISTENS, *HEARD])[LAST_HEARD]
    at = (users.rows(listens[USER]), artists.rows(listens[ARTIST]))
    # The same places in the same order, so that the entries are in that of the plays.
    last = csr_array((seconds_since_1970(heard.tolist()), at), shape=plays.shape)
    return replace(data, heard=last.data, tagged_on=seconds_since_1970(taggings[DATE].tolist()))
