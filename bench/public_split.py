"""The public 80/20 split of the real data, and the figures of scores on it."""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from tastegraph.loaders.readers.pairs import read_test, read_train
from tastegraph.loaders.source import read_source
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.from_frames import dataset_from_frames
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.evaluation.metrics import ndcg, precision, recall
from tastegraph.models.evaluation.split import Split, split_by_pairs
from tastegraph.models.ranking.top_k import top_rows

FOLDER = Path(__file__).parents[2] / "shared" / "data"
K = 10


def evidence(folder: Path = FOLDER) -> Dataset:
    """All of the real data."""
    return dataset_from_frames(read_source(folder / "hetrec2011-lastfm-2k"))


def public_split(folder: Path = FOLDER) -> Split:
    """Train data, and the held-out listens as (users, artists)."""
    files = folder / "split-80-20"
    return split_by_pairs(
        evidence(folder), read_train(files / "train.tsv"), read_test(files / "test.tsv")[0]
    )


def figures(scores: Matrix, data: Dataset, held: csr_array) -> dict[str, float]:
    """NDCG, precision and recall at 10 for ``scores`` (users, artists) of all users."""
    tested = np.flatnonzero(np.diff(held.indptr))
    ranked, heard = scores[tested], data.plays[tested].tocoo()
    ranked[heard.row, heard.col] = -np.inf
    top = top_rows(ranked, K)
    return {
        name: float(of(top, held[tested]).mean())
        for name, of in (("NDCG", ndcg), ("precision", precision), ("recall", recall))
    }
