"""The whole graph as one matrix of confidences.

Rows are users, then tags; columns are artists, then users a second time, as friends:

    X = [ L        w_f (F + s I) ]    L = what a listen weighs (models.scalings)
        [ w_t A'         0       ]    F = 1 for friends;  A = log(1 + times the artist was tagged)

s counts everybody as a friend of theirs s times, so that a user's own part can be told from
that of their friends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack, vstack

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.scalings import ListenConfig
from tastegraph.models.data.settings import setting


@dataclass(frozen=True, kw_only=True)
class GraphConfig(ListenConfig):
    """What relations weigh beside each other; an average listen weighs 1."""

    friend_weight: float = setting(0.45, least=0)
    """w_f: what a friendship weighs."""
    self_weight: float = setting(2.0, least=0)
    """s: how many friendships everybody has with themselves."""
    tag_weight: float = setting(0.8, least=0)
    """w_t: what an artist's tag weighs, times log(1 + times given)."""
    tag_artists: int = 5
    """Artists that a tag needs to be learned."""


def tag_weights(tag_counts: csr_array) -> csr_array:
    """A: log(1 + times the artist was given the tag), shape (artists, tags)."""
    logs = np.log1p(tag_counts.data, dtype=np.float64).astype(np.float32)
    return csr_array((logs, tag_counts.indices, tag_counts.indptr), shape=tag_counts.shape)


def learned_tags(tag_counts: csr_array, artists: int) -> NDArray[np.intp]:
    """Tag rows, ascending, that at least ``artists`` artists carry."""
    carried = np.bincount(tag_counts.indices, minlength=tag_counts.shape[1])
    return np.flatnonzero(carried >= max(artists, 1))


def collective_matrix(data: Dataset, tags: NDArray[np.intp], config: GraphConfig) -> csr_array:
    """X, shape (users + len(tags), artists + users), with ``tags`` in the order given."""
    friends = config.friend_weight * data.friends
    if config.self_weight:
        own = config.friend_weight * config.self_weight
        friends = friends + own * eye_array(len(data.users), format="csr")
    listens = hstack([config.weights(data), friends])
    # Blocks in one format are stacked as they are; others would be sorted anew.
    tagged = csr_array(config.tag_weight * tag_weights(data.tag_counts)[:, tags].T)
    friendless = csr_array((len(tags), len(data.users)))
    return csr_array(vstack([listens, hstack([tagged, friendless])]).astype(np.float32))
