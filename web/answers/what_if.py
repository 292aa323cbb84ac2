"""What somebody who is not in the data would get, and what one thing they say moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, NotFoundError
from tastegraph.web.answers.named import ID, UnknownIdError, identified
from tastegraph.web.answers.rows import Row, pairs, records

LIKES, FRIENDS, DISLIKES = GROUPS = ("likes", "friends", "dislikes")

# Rows of both lists that are compared.
_COMPARED = 100

_EMPTY = pd.DataFrame(columns=["rank", "artist", "name", "score"])


@dataclass(frozen=True)
class Chip:
    """One thing that somebody says of themselves: an artist or a user, and in which group."""

    group: str
    id: Any
    name: str = field(compare=False)

    @property
    def key(self) -> str:
        """How the parameter moved_by writes it."""
        return f"{self.group}:{self.id}"

    @property
    def argument(self) -> str:
        """How the parameter of its group writes it."""
        return f"{self.id}" if self.group == FRIENDS else f"{ID}{self.id}"

    def as_dict(self) -> Row:
        """As it appears in JSON."""
        return (
            {"user": self.id} if self.group == FRIENDS else {"artist": self.id, "name": self.name}
        )


@dataclass(frozen=True)
class Taste:
    """All that somebody says of themselves, each thing once."""

    chips: tuple[Chip, ...] = ()

    def of(self, group: str) -> list[Chip]:
        """The chips of one group."""
        return [chip for chip in self.chips if chip.group == group]

    def having(self, chip: Chip) -> "Taste":
        """With ``chip``; an artist is liked or disliked, and not both."""
        others = [each for each in self.chips if each != chip]
        if chip.group != FRIENDS:
            others = [each for each in others if each.group == FRIENDS or each.id != chip.id]
        return replace(self, chips=(*others, chip))

    def without(self, chip: Chip) -> "Taste":
        """Without ``chip``."""
        return replace(self, chips=tuple(each for each in self.chips if each != chip))

    @property
    def has_enough(self) -> bool:
        """Whether there is something to go by."""
        return any(chip.group != DISLIKES for chip in self.chips)

    def recommended(
        self, graph: Graph, k: int, why: bool = False, save: str | None = None
    ) -> pd.DataFrame:
        """What ``new_listener`` recommends, nobody where there is nothing to go by."""
        if not self.has_enough:
            return _EMPTY
        ids = {group: [f"{ID}{chip.id}" for chip in self.of(group)] for group in GROUPS}
        return graph.new_listener(
            like=ids[LIKES], friend=ids[FRIENDS], dislikes=ids[DISLIKES], k=k, why=why, save=save
        )


def chip(graph: Graph, group: str, text: str) -> Chip:
    """The chip that ``text`` names in ``group``; UnknownIdError where nothing is called so."""
    if group == FRIENDS:
        id_ = identified(graph, "user", text.removeprefix(ID))
        return Chip(group, id_, str(id_))
    try:
        return Chip(group, *graph.named_artist(text))
    except NotFoundError as error:
        raise UnknownIdError("artist", text.removeprefix(ID), str(error)) from error


def moving_chip(graph: Graph, key: str) -> Chip:
    """The chip that the parameter moved_by writes as ``key``; InputError, UnknownIdError."""
    group, _, id_ = key.partition(":")
    if group not in GROUPS or not id_:
        raise InputError(
            f"moved_by is {key!r}: write one of {', '.join(GROUPS)}, a colon and an id"
        )
    return chip(graph, group, f"{ID}{id_}")


def taste_of(graph: Graph, values: Any) -> Taste:
    """What the parameters say; UnknownIdError for what is not in the graph."""
    said = (chip(graph, group, text) for group in GROUPS for text in values[group])
    return Taste(tuple(dict.fromkeys(said)))


def what_if(
    graph: Graph, taste: Taste, k: int, moved_by: Chip | None = None, why: bool = False
) -> Row:
    """What ``taste`` gets and, by comparison with the list without or with ``moved_by``, who rose
    and fell.

    before of an artist is its rank in the other list, None where it is not among its first 100;
    gone are the artists that only the other list has among its first ``k``. Where there is nothing
    to go by there is no artist, and a note says so. InputError where an artist is both liked and
    disliked.
    """
    if not taste.has_enough:
        graph.note("there is nothing to go by: give likes or friends")
    now, before, other = _EMPTY, _EMPTY, None
    if moved_by is not None:
        is_there = moved_by in taste.chips
        other = taste.without(moved_by) if is_there else taste.having(moved_by)
    if other is not None and other.has_enough and taste.has_enough:
        now, before = (each.recommended(graph, _COMPARED) for each in (taste, other))
    has_list = len(now) > 0 and not why
    artists = records(now.head(k) if has_list else taste.recommended(graph, k, why))
    ranks = _ranks(before)
    return {
        "model": pairs(graph.model_card())["model"],
        **{group: [each.as_dict() for each in taste.of(group)] for group in GROUPS},
        "artists": [row | {"before": ranks.get(row["artist"])} for row in artists],
        "moved_by": moved_by
        and moved_by.as_dict() | {"group": moved_by.group, "chosen": moved_by in taste.chips},
        "compared": bool(ranks),
        "gone": _gone(before.head(k), _ranks(now), {row["artist"] for row in artists}, taste),
    }


def _ranks(listed: pd.DataFrame) -> dict[Any, int]:
    """The rank of each artist."""
    return dict(zip(listed["artist"].tolist(), listed["rank"].tolist(), strict=True))


def _gone(before: pd.DataFrame, now: Mapping[Any, int], shown: set[Any], taste: Taste) -> list[Row]:
    """Who was among the first and no longer is, and the rank now; not who became a chip."""
    chosen = {each.id for each in taste.chips if each.group != FRIENDS}
    return [
        {
            "artist": row["artist"],
            "name": row["name"],
            "before": row["rank"],
            "rank": now.get(row["artist"]),
        }
        for row in records(before)
        if row["artist"] not in shown | chosen
    ]
