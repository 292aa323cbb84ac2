"""The parts that add up to a score, and how they are told in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tastegraph.graph.frames import Id
from tastegraph.models.ranking.weights import SIGNALS

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


@dataclass(frozen=True)
class Entry:
    """A listen, a dislike, a friend, the user as a friend of themselves, a neighbour in taste."""

    kind: str
    id: Id | None = None
    name: str | None = None


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
