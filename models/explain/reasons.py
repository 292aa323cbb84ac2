"""Why an artist is recommended: the parts that add up to its score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tastegraph.graph.frames import ARTIST, USER, Id
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import Rows
from tastegraph.models.explain.contributions import Entry, entries_of
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.weights import SIGNALS
from tastegraph.models.solver.fold_in_model import FoldIn

WHY = "why"
EMBEDDING = SIGNALS[0]

# What the entries' parts and the embedding's may differ by from rounding alone.
_ROUNDING = 5e-5

# Parts that are spelled out in a sentence.
_SHOWN = 4


@dataclass(frozen=True)
class Part:
    """One addend of a score.

    listen     an artist that the user plays
    dislike    an artist that a newcomer wants less like
    friend     a friend, by what the model knows of them and by what they listen to
    neighbour  a user with the same likes, where a newcomer gets the mean of some
    you        what the model knows of the user beside their listens and friends
    tag        a tag that the artist shares with what the user plays
    change     what has changed since the model was trained
    embedding  all of the user's taste, where the model can't tell its parts
    """

    kind: str
    id: Id | None
    name: str | None
    value: float

    @property
    def in_words(self) -> str:
        """What the part stands for."""
        words = {
            "listen": f"you play {self.id if self.name is None else self.name}",
            "dislike": f"you want less like {self.id if self.name is None else self.name}",
            "friend": f"your friend {self.id}",
            "you": "yourself",
            "neighbour": f"user {self.id} likes what you like",
            "tag": f"tag {self.name!r}",
            "change": "changes since the training",
        }
        return words.get(self.kind, "your taste")

    def as_dict(self) -> dict[str, Any]:
        """The part as it appears in JSON."""
        return {"kind": self.kind, "id": self.id, "name": self.name, "value": self.value}


class Why(list[Part]):
    """The parts of a score, largest first."""

    def __str__(self) -> str:
        """The parts that matter most in words, the others as one; tags are summed up."""
        tags = [part for part in self if part.kind == "tag"]
        named = [(part.in_words, part.value) for part in self if part.kind != "tag"]
        if len(tags) > 1:
            named.append((f"tags you share with it, {tags[0].name!r} first", _total(tags)))
        else:
            named += [(part.in_words, part.value) for part in tags]
        named.sort(key=lambda each: -abs(each[1]))
        shown, rest = sorted(named[:_SHOWN], key=lambda each: -each[1]), named[_SHOWN:]
        if rest:
            shown.append((f"{len(rest)} more", sum(value for _, value in rest)))
        return ", ".join(f"{words} ({value:.3f})" for words, value in shown)


class HeldBack(list[Part]):
    """The parts of a score, smallest first: what holds an artist back."""

    def __str__(self) -> str:
        """The smallest parts and the largest in words, those between as one."""
        ends = [*self[:_SHOWN], *self[max(_SHOWN, len(self) - 1) :]]
        shown = [f"{part.in_words} ({part.value:.3f})" for part in ends]
        between = self[_SHOWN:-1]
        if between:
            shown.insert(_SHOWN, f"{len(between)} more ({_total(between):.3f})")
        return ", ".join(shown)


def with_entries(parts: Sequence[Part], entries: Sequence[Entry], values: Sequence[float]) -> Why:
    """``parts`` with the embedding's taken apart into what each of the user's entries adds.

    Parts of one friend are added up. What is left over, beyond rounding, has changed since the
    model was trained.
    """
    whole = sum(part.value for part in parts if part.kind == EMBEDDING)
    by_entry = [Part(e.kind, e.id, e.name, value) for e, value in zip(entries, values, strict=True)]
    by_entry.append(Part("change", None, None, whole - _total(by_entry)))
    if abs(by_entry[-1].value) <= _ROUNDING:
        by_entry.pop()
    summed: dict[tuple[str, Id | None], Part] = {}
    for part in [*by_entry, *(part for part in parts if part.kind != EMBEDDING)]:
        before = summed.get((part.kind, part.id))
        together = replace(part, value=part.value + before.value) if before else part
        summed[part.kind, part.id] = together
    return in_order(summed.values())


def in_order(parts: Iterable[Part]) -> Why:
    """The parts that are not 0, largest first."""
    return Why(sorted((part for part in parts if part.value), key=lambda part: -part.value))


def _total(parts: Iterable[Part]) -> float:
    return sum(part.value for part in parts)


class Explainer:
    """Parts of recommendations, from the matrices that made them.

    fold_in    what each listen and friend adds to a user's vector; None where no model keeps it
    tag_names  (tags,)
    """

    def __init__(
        self,
        recommender: Recommender,
        data: Dataset,
        tag_names: NDArray[np.object_],
        fold_in: FoldIn | None = None,
    ) -> None:
        self._recommender = recommender
        self._signals = recommender.signals
        self._data = data
        self.tag_names = tag_names
        self.fold_in = fold_in
        self._heard = data.plays.tocsc()
        # Recommendations come user by user.
        self._of_user = lru_cache(maxsize=1)(self._shares_and_profile)

    def with_reasons(self, frame: pd.DataFrame, options: RecommendOptions) -> pd.DataFrame:
        """``frame`` of recommendations with the column why: lists of parts, largest first."""
        users = self._data.users.rows(frame[USER])
        artists = self._data.artists.rows(frame[ARTIST])
        embedding = frame[EMBEDDING]
        known = self._recommender.has_vector(users)
        reasons = [
            self._parts(user, artist, part, options) if scored else Why()
            for user, artist, part, scored in zip(users, artists, embedding, known, strict=True)
        ]
        if self.fold_in is not None and options.weights.embedding:
            self._take_apart(reasons, users, artists, options)
        return frame.assign(**{WHY: pd.Series(reasons, index=frame.index, dtype=object)})

    def parts(self, user: int, artist: int, options: RecommendOptions) -> Why:
        """The parts of an artist's score for a user, by their rows; the embedding's is one."""
        row, vectors = np.array([user]), self._recommender.vectors
        if not self._recommender.has_vector(row)[0]:
            return Why()
        product = float(vectors.users[user] @ vectors.artists[artist])
        weight = options.weights.embedding * self._discount(artist, options)
        return self._parts(user, artist, weight * product, options)

    def _parts(self, user: int, artist: int, embedding: float, options: RecommendOptions) -> Why:
        discount = self._discount(artist, options)
        parts = [
            Part(EMBEDDING, None, None, embedding),
            *self._friends(user, artist, options.weights.friends * discount),
            *self._tags(user, artist, options.weights.tags * discount),
        ]
        return in_order(parts)

    def _discount(self, artist: int, options: RecommendOptions) -> float:
        listeners = self._heard.indptr[artist + 1] - self._heard.indptr[artist]
        return float(max(1.0, float(listeners)) ** -options.novelty)

    def _take_apart(
        self, reasons: list[Why], users: Rows, artists: Rows, options: RecommendOptions
    ) -> None:
        """Tell the parts of the embedding in ``reasons``, user by user."""
        assert self.fold_in is not None
        fold_in_model, vectors = self.fold_in.model, self._recommender.vectors
        for user in np.unique(users).tolist():
            places = [at for at in np.flatnonzero(users == user).tolist() if reasons[at]]
            entries = entries_of(self._data, self.fold_in, user, self._recommender.names)
            values = entries.contributions(fold_in_model).parts(vectors.artists[artists[places]])
            heard = np.maximum(np.diff(self._heard.indptr)[artists[places]], 1.0)
            values *= options.weights.embedding * heard[:, None] ** -options.novelty
            for at, row in zip(places, values.tolist(), strict=True):
                reasons[at] = with_entries(reasons[at], entries.entries, row)

    def _shares_and_profile(self, user: int) -> tuple[csr_array, NDArray[np.floating]]:
        """What each friend of ``user`` counts, and the user's tag profile, shape (tags,)."""
        row = np.array([user])
        return self._signals.friend_shares(row), self._signals.tag_taste.profiles(row).toarray()[0]

    def _friends(self, user: int, artist: int, weight: float) -> list[Part]:
        shares, _ = self._of_user(user)
        friends = shares.indices
        if not weight or not len(friends):
            return []
        parts = shares.data * self._signals.listens[friends, [artist] * len(friends)]
        return [
            Part("friend", self._data.users.ids[friend], None, weight * part)
            for friend, part in zip(friends.tolist(), parts.tolist(), strict=True)
        ]

    def _tags(self, user: int, artist: int, weight: float) -> list[Part]:
        if not weight:
            return []
        _, profile = self._of_user(user)
        carried = self._signals.tag_taste.artists
        own = slice(carried.indptr[artist], carried.indptr[artist + 1])
        tags = carried.indices[own]
        return [
            Part("tag", self._data.tags.ids[tag], self.tag_names[tag], weight * part)
            for tag, part in zip(
                tags.tolist(), (carried.data[own] * profile[tags]).tolist(), strict=True
            )
        ]
