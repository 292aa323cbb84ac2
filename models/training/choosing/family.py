"""Which models a training may come to, by what is asked and what the data is like."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tastegraph.models.algorithms.factory import DEFAULT, create, settings_of
from tastegraph.models.algorithms.whole_graph import learned_tags
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.training.choosing.candidates import (
    AXES,
    LISTENS_ALONE,
    WHOLE_GRAPH,
    Candidate,
    as_text,
)
from tastegraph.models.training.choosing.full_rank import Mix
from tastegraph.models.training.choosing.request import TrainingRequest

CHOSEN = (DEFAULT, WHOLE_GRAPH, LISTENS_ALONE)
"""Algorithms whose settings are chosen; the first stands for the best of them."""


@dataclass(frozen=True)
class Family:
    """The models that may be chosen for ``data``.

    algorithm  one of CHOSEN
    by_hand    settings that are what they are
    """

    data: Dataset
    algorithm: str
    by_hand: Mapping[str, str]

    @classmethod
    def of(cls, data: Dataset, request: TrainingRequest) -> "Family":
        """What ``request`` leaves open on ``data``."""
        return cls(data, request.algorithm, request.settings)

    @property
    def has_full_rank(self) -> bool:
        """Whether a full-rank model may stand beside the factorisation."""
        return self.algorithm == DEFAULT

    @property
    def axes(self) -> tuple[str, ...]:
        """The settings of the factorisation that are searched, without the length of vectors."""
        known = settings_of(self.algorithm)
        there = {
            "friend_weight": self.data.friends.nnz > 0,
            "tag_weight": self.data.tag_counts.nnz > 0,
        }
        return tuple(
            axis
            for axis in AXES
            if axis in known and axis not in self.by_hand and there.get(axis, True)
        )

    @property
    def may_be_longer(self) -> bool:
        """Whether vectors longer than a trial's are open."""
        return "dimensions" not in self.by_hand

    @property
    def is_open(self) -> bool:
        """Whether any setting is left to choose."""
        mixed = self.has_full_rank and self.open_of(asdict(Mix()))
        return bool(self.axes or mixed or self.may_be_longer)

    def factorisation(self, candidate: Candidate) -> str:
        """The algorithm that learns ``candidate`` without a full-rank model."""
        if self.algorithm != DEFAULT:
            return self.algorithm
        alone = candidate.is_listens_alone and self._has_settings(LISTENS_ALONE)
        return LISTENS_ALONE if alone else WHOLE_GRAPH

    def open_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``settings`` without those that are set by hand."""
        return {name: value for name, value in settings.items() if name not in self.by_hand}

    def model(self, algorithm: str, settings: Mapping[str, Any]) -> Any:
        """``algorithm`` with ``settings`` where nothing is set by hand."""
        return create(algorithm, {**as_text(settings), **self.by_hand})

    @property
    def sentence(self) -> str:
        """What will be learned from, for the person who trains."""
        data = self.data
        there = {"friends": data.friends.nnz, "tags": data.tag_counts.nnz}
        relations = _listed(["the listens", *(name for name, count in there.items() if count)])
        lacking = _listed([name for name, count in there.items() if not count], "or")
        source = f"learns from {relations}" + (f" (there are no {lacking})" if lacking else "")
        by_hand = ", ".join(f"{name}={value}" for name, value in self.by_hand.items())
        return f"{source} {self._way}" + (f"; set by hand: {by_hand}" if by_hand else "")

    @property
    def _way(self) -> str:
        if not self.has_full_rank:
            return f"by {self.algorithm}"
        way = "by a factorisation and a full-rank model"
        config = create(self.algorithm, self.by_hand).config
        rows = len(self.data.users) + len(learned_tags(self.data.tag_counts, config.tag_artists))
        if rows <= config.most_rows:
            return way
        return (
            f"{way} of the {config.most_rows:,} artists and friends that weigh most, since "
            f"{rows:,} users and tags are too many to solve it for all (--set most_rows=...)"
        )

    def _has_settings(self, algorithm: str) -> bool:
        return set(self.by_hand) <= set(settings_of(algorithm))


def _listed(names: Iterable[str], word: str = "and") -> str:
    *first, last = [*names] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last
