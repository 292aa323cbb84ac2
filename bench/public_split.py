"""The public 80/20 split of the real listens, as models and metrics take it."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from graph.frames import ARTIST, FRIEND, PLAYS, TAG, USER, GraphFrames
from loaders.source import read_source
from models.base import Matrix
from models.dataset import Dataset
from models.idmap import IdMap
from models.metrics import ndcg, precision, recall
from models.topk import top_rows

FOLDER = Path(__file__).parents[2] / "shared" / "data"
K = 10


def public_split(folder: Path = FOLDER) -> tuple[Dataset, csr_array]:
    """Train data, and the held-out listens as (users, artists).

    Tag assignments of held-out pairs are dropped before anything is built from tags.
    """
    split = folder / "split-80-20"
    frames = read_source(
        folder / "hetrec2011-lastfm-2k",
        listens=split / "train.tsv",
        without=split / "test.tsv",
    )
    data = dataset_of(frames)
    test = pd.read_csv(split / "test.tsv", sep="\t")
    users, artists = data.users, data.artists
    return data, _matrix(users.rows(test["userID"]), artists.rows(test["artistID"]), users, artists)


def dataset_of(frames: GraphFrames) -> Dataset:
    """What models learn from, without a graph in between."""
    users, artists, tags = (
        IdMap.of(table[column].tolist())
        for table, column in ((frames.users, USER), (frames.artists, ARTIST), (frames.tags, TAG))
    )
    listens, friends, taggings = frames.listens, frames.friendships, frames.taggings
    one_way = _matrix(users.rows(friends[USER]), users.rows(friends[FRIEND]), users, users)
    return Dataset(
        users,
        artists,
        tags,
        _matrix(
            users.rows(listens[USER]), artists.rows(listens[ARTIST]), users, artists, listens[PLAYS]
        ),
        csr_array(one_way + one_way.T),
        _matrix(artists.rows(taggings[ARTIST]), tags.rows(taggings[TAG]), artists, tags),
    )


def figures(scores: Matrix, data: Dataset, held: csr_array) -> dict[str, float]:
    """NDCG, precision and recall at 10 for ``scores`` (users, artists) of all users."""
    ranked = scores.copy()
    ranked[
        np.repeat(np.arange(len(ranked)), np.diff(data.plays.indptr)), data.plays.indices
    ] = -np.inf
    top = top_rows(ranked, K)
    return {
        name: float(of(top, held).mean())
        for name, of in (("NDCG", ndcg), ("precision", precision), ("recall", recall))
    }


def _matrix(
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    row_map: IdMap,
    column_map: IdMap,
    values: pd.Series | None = None,
) -> csr_array:
    data = np.ones(len(rows)) if values is None else values.to_numpy()
    entries = (data.astype(np.float32), (rows, columns))
    return csr_array(entries, shape=(len(row_map), len(column_map)))
