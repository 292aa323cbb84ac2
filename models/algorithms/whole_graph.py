"""The whole graph as one matrix of confidences.

Rows are users, then tags; columns are artists, then users a second time, as friends:

    X = [ L        w_f F ]    L = what listens weigh, by default log(1 + plays) over the user's mean
        [ w_t A'     0   ]    F = 1 for friends;  A = log(1 + times the artist was tagged)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from graph.errors import InputError
from models.dataset import Dataset
from models.solver.als import AlsConfig


@dataclass(frozen=True)
class CollectiveConfig(AlsConfig):
    """What shapes the factorisation of the whole graph."""

    dimensions: int = 256
    """Length d of a vector."""
    epochs: int = 12
    """How often each side is solved."""
    reg: float = 0.0041
    """Strength of the regularisation."""
    friend_weight: float = 0.71
    """w_f: what a friendship weighs; an average listen weighs 1."""
    tag_weight: float = 0.49
    """w_t: what an artist's tag weighs, times log(1 + times given)."""
    tag_artists: int = 3
    """Artists that a tag needs to be learned."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("friend_weight", "tag_weight"):
            if getattr(self, name) < 0:
                raise InputError(f"{name} must be 0 or more, not {getattr(self, name)}.")


def tag_weights(tag_counts: csr_array) -> csr_array:
    """A: log(1 + times the artist was given the tag), shape (artists, tags)."""
    return _with_values(tag_counts, np.log1p(tag_counts.data, dtype=np.float64))


def _with_values(matrix: csr_array, values: NDArray[np.float64]) -> csr_array:
    """The entries of ``matrix`` with other values."""
    entries = (values.astype(np.float32), matrix.indices, matrix.indptr)
    return csr_array(entries, shape=matrix.shape)


def learned_tags(tag_counts: csr_array, artists: int) -> NDArray[np.intp]:
    """Tag rows, ascending, that at least ``artists`` artists carry."""
    carried = np.bincount(tag_counts.indices, minlength=tag_counts.shape[1])
    return np.flatnonzero(carried >= max(artists, 1))


def collective_matrix(data: Dataset, tags: NDArray[np.intp], config: CollectiveConfig) -> csr_array:
    """X, shape (users + len(tags), artists + users), with ``tags`` in the order given."""
    listens = hstack([config.weights(data.plays), config.friend_weight * data.friends])
    tagged = config.tag_weight * tag_weights(data.tag_counts)[:, tags].T
    friendless = csr_array((len(tags), len(data.users)))
    return csr_array(vstack([listens, hstack([tagged, friendless])]).astype(np.float32))
