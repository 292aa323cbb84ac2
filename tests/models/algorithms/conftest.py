"""The real listens as models take them."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, PLAYS, USER
from tastegraph.loaders.source import read_source
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap


@pytest.fixture(scope="session")
def real_listens(real_data: Path) -> Dataset:
    """All listens of the real data, without friendships and tags."""
    frames = read_source(real_data / "hetrec2011-lastfm-2k")
    users, artists = IdMap.of(frames.users[USER]), IdMap.of(frames.artists[ARTIST])
    pairs = users.rows(frames.listens[USER]), artists.rows(frames.listens[ARTIST])
    plays = frames.listens[PLAYS].to_numpy(dtype=np.float32)
    return Dataset(
        users,
        artists,
        IdMap.of([]),
        csr_array((plays, pairs), shape=(len(users), len(artists))),
        csr_array((len(users), len(users))),
        csr_array((len(artists), 0)),
    )
