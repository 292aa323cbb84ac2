"""A score's parts in words, with numbers that visibly add up to it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tastegraph.web.answers.rows import Row

LINKS = {
    "LISTENED": "plays",
    "FRIEND": "is a friend of",
    "HAS_TAG": "is tagged",
    "USES_TAG": "gives the tag",
}
"""How a relationship is read, from where it starts."""

# Parts of a score that are spelled out; the others are one line.
_SHOWN = 10

# Digits behind the point.
DIGITS = 3


@dataclass(frozen=True)
class Line:
    """One part of a score as a page shows it.

    kind  listen, friend, tag, ... as of a part; "rest" for all that are not spelled out
    id    where it leads to, for kinds that have a page
    """

    kind: str
    id: object
    words: str
    name: str
    value: str


_NAMED = {
    "listen": "because they play",
    "dislike": "because they want less like",
    "friend": "because of their friend",
    "tag": "because it is tagged",
    "neighbour": "because one who likes the same is",
}
_NAMELESS = {
    "you": "because of who they are, beside listens and friends",
    "change": "because of what changed since the training",
}
_TO_YOU = {
    "listen": "because you like",
    "dislike": "because you want less like",
    "friend": "because of your friend",
}


def lines(parts: Sequence[Row], score: float, to_you: bool = False) -> list[Line]:
    """The parts of a score, the weightiest spelled out; the values shown add up to the score's.

    to_you  said to the person themselves, who is not in the data
    """
    weighty = sorted(parts, key=lambda part: -abs(part["value"]))
    shown = sorted(weighty[:_SHOWN], key=lambda part: -part["value"])
    rest = weighty[_SHOWN:]
    values = [part["value"] for part in shown] + [sum(part["value"] for part in rest)] * bool(rest)
    texts = [number(value) for value in adding_up(values, score)]
    made = [
        Line(part["kind"], part["id"], *_words(part, to_you), value)
        for part, value in zip(shown, texts, strict=False)
    ]
    if rest:
        made.append(Line("rest", None, f"{len(rest)} smaller parts", "", texts[-1]))
    return made


def adding_up(values: Sequence[float], total: float, digits: int = DIGITS) -> list[float]:
    """``values`` rounded so that they add up to ``total``, rounded likewise.

    Those that rounding down cuts most are rounded up (the largest remainders).
    """
    unit = 10.0**digits
    scaled = [value * unit for value in values]
    whole = [math.floor(value) for value in scaled]
    missing = round(total * unit) - sum(whole)
    order = sorted(range(len(values)), key=lambda at: (whole[at] - scaled[at], at))
    for turn in range(abs(missing) if values else 0):
        at = order[turn % len(order)] if missing > 0 else order[-1 - turn % len(order)]
        whole[at] += 1 if missing > 0 else -1
    return [value / unit for value in whole]


def change(value: float) -> str:
    """What something changes, with its sign, in thousandths."""
    text = f"{abs(value):.3f}"
    if not float(text):
        return f"±{text}"
    return f"{'−' if value < 0 else '+'}{text}"


def number(value: float, digits: int = DIGITS) -> str:
    """``value`` as it is read, without a minus before what is shown as nothing."""
    shown = f"{value:.{digits}f}"
    return shown.removeprefix("-") if float(shown) == 0 else shown.replace("-", "−")


def _words(part: Row, to_you: bool) -> tuple[str, str]:
    """What stands before the name, and the name."""
    words = _NAMED | _TO_YOU if to_you else _NAMED
    if part["kind"] in words:
        return words[part["kind"]], str(part["id"] if part["name"] is None else part["name"])
    return _NAMELESS.get(part["kind"], "because of all their taste"), ""
