"""Settings of the factorisation as points of a search, and where it starts and steps.

A ridge is written as what it is on a row and a column of no entries, on (geometric) average:

    ridge = reg a0 sqrt(R C)        R rows, C columns, a0 the weight of an unobserved pair

which, other than reg, means the same for matrices of any size (``tastegraph.models.solver.als``).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tastegraph.models.algorithms.whole_graph import learned_tags
from tastegraph.models.data.dataset import Dataset

LISTENS_ALONE = "als"

RIDGE_A_LISTEN = 0.08
"""The ridge to start from, for each listen of an average user."""

_UNOBSERVED = 0.06

_RIDGE_STEPS = (2.5, 1.6)
_UNOBSERVED_STEP = 2.5

# Artists that a tag needs to be learned.
_TAG_ARTISTS = 5


@dataclass(frozen=True)
class Shape:
    """Counts of what is learned from."""

    users: int
    artists: int
    tags: int
    listens: int
    friendships: int
    tag_counts: int

    @classmethod
    def of(cls, data: Dataset) -> "Shape":
        """Count ``data``."""
        return cls(
            len(data.users),
            len(data.artists),
            len(data.tags),
            data.plays.nnz,
            data.friends.nnz // 2,
            int(data.tag_counts.sum()),
        )


@dataclass(frozen=True)
class Candidate:
    """One choice of settings.

    ridge          see the head of this module
    unobserved     a0
    friend_weight  what a friendship weighs beside an average listen
    self_weight    how many friendships everybody has with themselves
    tag_weight     what an artist's tag weighs
    """

    ridge: float
    unobserved: float = _UNOBSERVED
    friend_weight: float = 0.0
    self_weight: float = 0.0
    tag_weight: float = 0.0

    @property
    def listens_alone(self) -> "Candidate":
        """The same without friends and tags."""
        return replace(self, friend_weight=0.0, self_weight=0.0, tag_weight=0.0)

    @property
    def is_listens_alone(self) -> bool:
        """Whether neither friends nor tags count."""
        return self == self.listens_alone

    def settings(self, data: Dataset) -> dict[str, Any]:
        """Settings of ``als`` or ``collective-als`` for ``data``."""
        if self.is_listens_alone:
            rows, columns, relations = len(data.users), len(data.artists), {}
        else:
            tags = len(learned_tags(data.tag_counts, _TAG_ARTISTS))
            rows, columns = len(data.users) + tags, len(data.artists) + len(data.users)
            relations = {
                "friend_weight": self.friend_weight,
                "self_weight": self.self_weight,
                "tag_weight": self.tag_weight,
                "tag_artists": _TAG_ARTISTS,
            }
        reg = self.ridge / (self.unobserved * math.sqrt(rows * columns))
        return {"reg": _rounded(reg), "unobserved": _rounded(self.unobserved), **relations}


def start(data: Dataset) -> Candidate:
    """Where the search begins: a ridge by how much an average user listens to."""
    counts = np.diff(data.plays.indptr)
    listens = data.plays.nnz / max(int(np.count_nonzero(counts)), 1)
    friends, tags = data.friends.nnz > 0, data.tag_counts.nnz > 0
    return Candidate(
        RIDGE_A_LISTEN * listens,
        friend_weight=0.45 if friends else 0.0,
        self_weight=2.0 if friends else 0.0,
        tag_weight=0.8 if tags else 0.0,
    )


def steps(at: Candidate, axis: str) -> Iterator[Candidate]:
    """The neighbours of ``at`` along ``axis``, one of AXES."""
    yield from _STEPS[axis](at)


def _ridges(at: Candidate) -> Iterator[Candidate]:
    for factor in (1 / _RIDGE_STEPS[0], _RIDGE_STEPS[0]):
        yield replace(at, ridge=at.ridge * factor)


def _unobserved(at: Candidate) -> Iterator[Candidate]:
    for factor in (1 / _UNOBSERVED_STEP, _UNOBSERVED_STEP):
        yield replace(at, unobserved=at.unobserved * factor)


def _friends(at: Candidate) -> Iterator[Candidate]:
    if at.friend_weight:
        yield replace(at, friend_weight=0.0, self_weight=0.0)


def _tags(at: Candidate) -> Iterator[Candidate]:
    if at.tag_weight:
        yield replace(at, tag_weight=0.0)


_STEPS = {"ridge": _ridges, "unobserved": _unobserved, "friends": _friends, "tags": _tags}

AXES = ("ridge", "friends", "tags", "unobserved")
"""Along which the search steps, one after the other."""


def as_text(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings as ``create`` takes them."""
    return {name: str(value) for name, value in settings.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
