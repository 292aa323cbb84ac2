"""Why an artist is recommended: the parts that add up to its score."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from graph.frames import ARTIST, USER, Id
from models.dataset import Dataset
from models.recommender import Choice, Recommender
from models.signals import SIGNALS

WHY = "why"

# Parts that are spelled out in a sentence.
_SHOWN = 4


@dataclass(frozen=True)
class Part:
    """One addend of a score: the embedding, a friend who listens, or a shared tag."""

    kind: str
    id: Id | None
    name: str | None
    value: float

    @property
    def in_words(self) -> str:
        """What the part stands for."""
        if self.kind == "embedding":
            return "your taste"
        return f"your friend {self.id}" if self.kind == "friend" else f"tag {self.name!r}"

    def as_dict(self) -> dict[str, Any]:
        """The part as it appears in JSON."""
        return {"kind": self.kind, "id": self.id, "name": self.name, "value": self.value}


class Why(list[Part]):
    """The parts of a score, largest first."""

    def __str__(self) -> str:
        """The largest parts in words, the others as one."""
        shown = [f"{part.in_words} {part.value:.3f}" for part in self[:_SHOWN]]
        rest = self[_SHOWN:]
        if rest:
            shown.append(f"{len(rest)} more {sum(part.value for part in rest):.3f}")
        return ", ".join(shown)


class Explainer:
    """Parts of recommendations, from the matrices that made them."""

    def __init__(
        self, recommender: Recommender, data: Dataset, tag_names: NDArray[np.object_]
    ) -> None:
        self._recommender = recommender
        self._signals = recommender.signals
        self._data = data
        self._tag_names = tag_names
        self._heard = data.plays.tocsc()

    def with_reasons(self, frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
        """``frame`` of recommendations with the column why: lists of parts, largest first."""
        users = self._data.users.rows(frame[USER])
        artists = self._data.artists.rows(frame[ARTIST])
        embedding = frame[SIGNALS[0]]
        placed = self._recommender.placed(users)
        reasons = [
            self._parts(user, artist, part, choice) if scored else Why()
            for user, artist, part, scored in zip(users, artists, embedding, placed, strict=True)
        ]
        return frame.assign(**{WHY: pd.Series(reasons, index=frame.index, dtype=object)})

    def _parts(self, user: int, artist: int, embedding: float, choice: Choice) -> Why:
        listeners = self._heard.indptr[artist + 1] - self._heard.indptr[artist]
        discount = max(1.0, float(listeners)) ** -choice.novelty
        parts = [
            Part("embedding", None, None, embedding),
            *self._friends(user, artist, choice.weights[1] * discount),
            *self._tags(user, artist, choice.weights[2] * discount),
        ]
        present = [part for part in parts if part.value]
        return Why(sorted(present, key=lambda part: -part.value))

    def _friends(self, user: int, artist: int, weight: float) -> list[Part]:
        shares = self._signals.friend_shares
        span = slice(shares.indptr[user], shares.indptr[user + 1])
        listeners = self._heard.indices[self._heard.indptr[artist] : self._heard.indptr[artist + 1]]
        return [
            Part("friend", self._data.users.ids[friend], None, weight * share)
            for friend, share in zip(
                shares.indices[span].tolist(), shares.data[span].tolist(), strict=True
            )
            if friend in listeners
        ]

    def _tags(self, user: int, artist: int, weight: float) -> list[Part]:
        profile = self._signals.tag_taste.users[[user]].toarray()[0]
        tags = self._signals.tag_taste.artists[[artist]].tocoo()
        return [
            Part("tag", self._data.tags.ids[tag], self._tag_names[tag], weight * part)
            for tag, part in zip(
                tags.col.tolist(), (tags.data * profile[tags.col]).tolist(), strict=True
            )
        ]
