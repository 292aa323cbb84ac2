"""The page what-if: chips, the list that they make, and what the last of them moved."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tastegraph.api.graph import Graph
from tastegraph.web.answers import about, named
from tastegraph.web.answers.named import ID, UnknownIdError
from tastegraph.web.answers.rows import Row
from tastegraph.web.answers.what_if import (
    DISLIKES,
    FRIENDS,
    GROUPS,
    LIKES,
    Chip,
    Taste,
    chip,
    moving_chip,
    taste_of,
    what_if,
)
from tastegraph.web.pages.addresses import KEEP, SHEET, address, state
from tastegraph.web.pages.bars import bars
from tastegraph.web.pages.contents import section
from tastegraph.web.pages.words import lines

# Artists to begin with.
_BEGINNING = 14

# What of a bar each kind of part makes.
_PARTS = {"listen": LIKES, "friend": FRIENDS, "tag": "tags", "dislike": DISLIKES}
_OTHER = "rest"
_BAR = (LIKES, FRIENDS, "tags", _OTHER, DISLIKES)

_ADDED = {LIKES: "Liking", FRIENDS: "Having as a friend", DISLIKES: "Wanting less like"}
_REMOVED = {
    LIKES: "No longer liking",
    FRIENDS: "No longer having as a friend",
    DISLIKES: "No longer wanting less like",
}


@dataclass(frozen=True)
class Unknown:
    """A name that nothing has, with links that add what was perhaps meant."""

    said: str
    nearest: list[tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """One kind of chips: each with the addresses without it, and with what it moves."""

    name: str
    title: str
    hint: str
    placeholder: str
    chips: list[tuple[Chip, str, str]]


_TITLES = {
    LIKES: ("You like", "what is like these rises", "an artist"),
    FRIENDS: ("Your friends", "people of this graph whose taste is near yours", "somebody’s id"),
    DISLIKES: ("Less like", "what is like these sinks", "an artist"),
}


def content(graph: Graph, values: Mapping[str, Any]) -> Row:
    """All that the page shows."""
    chosen, typed, unknown = _read(graph, values)
    key = values["moved_by"]
    moved_by = moving_chip(graph, key) if key else typed[-1] if typed else None
    for each in [*typed, *([moved_by] if moved_by in chosen.chips else [])]:
        chosen = chosen.having(each)
    k = values["k"]
    found = section(lambda: what_if(graph, chosen, k, moved_by, why=True))
    shown = found.answer if chosen.has_enough else None
    return {
        "groups": [_group(group, chosen, moved_by, k) for group in GROUPS],
        "fields": state(chosen, k=k),
        "address": address(chosen, moved_by, k),
        "keep": KEEP,
        "sheet": address(chosen, k=k, path=SHEET) if _artists(chosen) else "",
        "command": _command(chosen),
        "unknown": [_unknown(graph, chosen, group, error) for group, error in unknown],
        "refusal": found.missing,
        "rows": _rows(shown["artists"], chosen, k) if shown else None,
        "moves": _moves(shown, moved_by) if shown and moved_by else None,
        "compared": bool(shown and shown["compared"]),
        "moved_by": moved_by,
        "beginning": [] if chosen.has_enough else _beginning(graph, chosen, k),
    }


def sheet(graph: Graph, values: Mapping[str, Any]) -> str:
    """The likes and dislikes as ``new-listener --sheet`` reads them."""
    taste = taste_of(graph, values)
    marked = {group: [each.argument for each in taste.of(group)] for group in (LIKES, DISLIKES)}
    return graph.marked_sheet(like=marked[LIKES], dislikes=marked[DISLIKES])


def _read(
    graph: Graph, values: Mapping[str, Any]
) -> tuple[Taste, list[Chip], list[tuple[str, UnknownIdError]]]:
    """What the address says, which of it somebody has just typed, and what is not there."""
    found, typed, unknown = [], [], []
    for group in GROUPS:
        for text in values[group]:
            try:
                made = chip(graph, group, text)
            except UnknownIdError as error:
                unknown.append((group, error))
                continue
            found.append(made)
            if group != FRIENDS and not text.startswith(ID):
                typed.append(made)
    return Taste(tuple(dict.fromkeys(found))), typed, unknown


def _group(name: str, taste: Taste, moved_by: Chip | None, k: int) -> Group:
    chips = [
        (each, address(taste.without(each), each, k), address(taste, each, k))
        for each in taste.of(name)
    ]
    return Group(name, *_TITLES[name], chips)


def _unknown(graph: Graph, taste: Taste, group: str, error: UnknownIdError) -> Unknown:
    near = [row for row in about.nearest(graph, error.id, error.kind) if row["kind"] == error.kind]
    chips = [Chip(group, row["id"], str(row["name"] or row["id"])) for row in near]
    said = f"Nothing is called {error.id!r} here" if error.kind == "artist" else str(error)
    return Unknown(said, [(each.name, address(taste.having(each), each)) for each in chips])


def _rows(artists: Sequence[Row], taste: Taste, k: int) -> list[Row]:
    """The list, with bars, reasons, moves, and what a click on a row adds."""
    summed = [row | _by_group(row["why"]) for row in artists]
    made = []
    for row, bar in zip(summed, bars(summed, _BAR), strict=True):
        like, less = (
            Chip(group, row["artist"], str(row["name"] or row["artist"]))
            for group in (LIKES, DISLIKES)
        )
        added = {
            "like": address(taste.having(like), like, k),
            "less": address(taste.having(less), less, k),
            "called": like.name,
        }
        reasons = lines(row["why"], row["score"], to_you=True)
        made.append(row | added | {"bar": bar, "lines": reasons})
    return made


def _by_group(why: Sequence[Row]) -> dict[str, float]:
    """What each kind of chip adds to a score, and the tags."""
    sums = dict.fromkeys(_BAR, 0.0)
    for part in why:
        sums[_PARTS.get(part["kind"], _OTHER)] += part["value"]
    return sums


def _moves(found: Row, moved_by: Chip) -> Row:
    """What ``moved_by`` moved, counted."""
    ranks = [(row["before"], row["rank"]) for row in found["artists"]]
    shown = len(ranks)
    counts = {
        "up": sum(rank < before <= shown for before, rank in ranks if before),
        "down": sum(before < rank for before, rank in ranks if before),
        "new": sum(before is None or before > shown for before, _ in ranks),
        "gone": len(found["gone"]),
    }
    words = (_ADDED if found["moved_by"]["chosen"] else _REMOVED)[moved_by.group]
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return {
        "words": words,
        "counts": counts,
        "told": told or "nothing moved",
        "gone": found["gone"],
    }


def _beginning(graph: Graph, taste: Taste, k: int) -> list[tuple[str, str]]:
    """Artists that most people know, each with the address that likes it."""
    chips = [
        Chip(LIKES, row["artist"], str(row["name"] or row["artist"]))
        for row in named.artists(graph, _BEGINNING)["artists"]
    ]
    taken = {each.id for each in taste.chips if each.group != FRIENDS}
    return [
        (each.name, address(taste.having(each), each, k)) for each in chips if each.id not in taken
    ]


def _artists(taste: Taste) -> bool:
    return any(each.group != FRIENDS for each in taste.chips)


def _command(taste: Taste) -> str:
    """What asks the same of the program, with the sheet beside it."""
    words = ["tastegraph", "new-listener"]
    if _artists(taste):
        words += ["--sheet", "what-if.csv"]
    for each in taste.of(FRIENDS):
        words += ["--friend", str(each.id)]
    return shlex.join(words)
