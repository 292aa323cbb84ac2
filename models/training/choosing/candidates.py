"""Settings of a factorisation as points of a search: where it starts, and its steps.

The strength of the regularisation is measured by the listens of an average user
(``models.solver.fold_in.Penalty.relative``), so that one start serves data of any size.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tastegraph.models.data.dataset import Dataset

LISTENS_ALONE, WHOLE_GRAPH = "als", "collective-als"

DIMENSIONS = 32
"""Length of the vectors by which the other settings are compared."""

LENGTHS = (64, 128, 256)
"""Lengths of the vectors of a factorisation alone."""

# Those of the default model.
_REG, _UNOBSERVED = 0.07, 0.06
_FRIENDS, _SELF, _TAGS = 0.45, 2.0, 0.8

# Artists that a tag needs to be learned.
_TAG_ARTISTS = 5

_REG_STEP, _WEIGHT_STEP = 2.5, 4.0
_UNOBSERVED_STEP, _REG_IN_VALLEY = 3.0, 2.0


@dataclass(frozen=True)
class Candidate:
    """One choice of settings.

    reg            strength of the regularisation
    unobserved     a0
    friend_weight  what a friendship weighs beside an average listen
    self_weight    how many friendships everybody has with themselves
    tag_weight     what an artist's tag weighs
    dimensions     length of a vector
    """

    reg: float = _REG
    unobserved: float = _UNOBSERVED
    friend_weight: float = 0.0
    self_weight: float = 0.0
    tag_weight: float = 0.0
    dimensions: int = DIMENSIONS

    @property
    def listens_alone(self) -> "Candidate":
        """The same without friends and tags."""
        return replace(self, friend_weight=0.0, self_weight=0.0, tag_weight=0.0)

    @property
    def is_listens_alone(self) -> bool:
        """Whether neither friends nor tags count."""
        return self == self.listens_alone

    def settings(self, algorithm: str) -> dict[str, Any]:
        """Settings of ``algorithm``, without ``dimensions``."""
        settings: dict[str, Any] = {"reg": self.reg, "unobserved": self.unobserved}
        if algorithm != LISTENS_ALONE:
            settings |= {
                "friend_weight": self.friend_weight,
                "self_weight": self.self_weight,
                "tag_weight": self.tag_weight,
                "tag_artists": _TAG_ARTISTS,
            }
        return settings


def start(data: Dataset, algorithm: str | None = None) -> Candidate:
    """Where the search begins first: all relations that there are, and ``algorithm`` knows."""
    if algorithm == LISTENS_ALONE:
        return Candidate()
    friends, tags = data.friends.nnz > 0, data.tag_counts.nnz > 0
    return Candidate(
        friend_weight=_FRIENDS if friends else 0.0,
        self_weight=_SELF if friends else 0.0,
        tag_weight=_TAGS if tags else 0.0,
    )


def for_few_listens(at: Candidate) -> Candidate:
    """Another start, two steps of a0 from ``at``, for data with few listens a user: by the one or
    two of them that can be held out single steps there are not clearly better.
    """
    return steps(at, "unobserved", 2.0)[0]


def steps(at: Candidate, axis: str, scale: float) -> list[Candidate]:
    """The neighbours of ``at`` along ``axis``, one of AXES, one each way.

    They are nearer for a ``scale`` below 1, when weights that were all or nothing change as well.
    """
    return [neighbour for neighbour in _STEPS[axis](at, scale) if neighbour != at]


def _scaled(name: str, step: float) -> Callable[[Candidate, float], list[Candidate]]:
    """Steps of a number, by a factor."""

    def neighbours(at: Candidate, scale: float) -> list[Candidate]:
        value = getattr(at, name)
        changes: list[dict[str, Any]] = [
            {name: _rounded(value * step**way)} for way in (-scale, scale)
        ]
        return [replace(at, **change) for change in changes]

    return neighbours


def _weighted(name: str, *beside: str) -> Callable[[Candidate, float], list[Candidate]]:
    """Steps of a relation's weight: none of it, or by factors."""

    def neighbours(at: Candidate, scale: float) -> list[Candidate]:
        nothing: dict[str, Any] = dict.fromkeys((name, *beside), 0.0)
        without = replace(at, **nothing)
        return [without] if scale >= 1 else _scaled(name, _WEIGHT_STEP)(at, scale)

    return neighbours


def _valley(at: Candidate, scale: float) -> list[Candidate]:
    """Steps of a0, with the regularisation that goes with it: good settings lie along a valley."""
    return [
        replace(
            at,
            unobserved=_rounded(at.unobserved * _UNOBSERVED_STEP**way),
            reg=_rounded(at.reg * _REG_IN_VALLEY**-way),
        )
        for way in (-scale, scale)
    ]


_STEPS: dict[str, Callable[[Candidate, float], list[Candidate]]] = {
    "unobserved": _valley,
    "reg": _scaled("reg", _REG_STEP),
    "friend_weight": _weighted("friend_weight", "self_weight"),
    "tag_weight": _weighted("tag_weight"),
}

RELATIONS = ("friend_weight", "tag_weight")
"""Axes that take long vectors to judge: short ones have no room for friends and tags."""

AXES = tuple(_STEPS)
"""Along which the search steps, one after the other, by the setting that each is about."""


def as_text(settings: Mapping[str, Any]) -> dict[str, str]:
    """Settings as ``create`` takes them."""
    return {name: str(value) for name, value in settings.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
