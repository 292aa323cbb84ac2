"""Scores as bars, each split into its signals."""

from collections.abc import Sequence
from dataclasses import dataclass

from tastegraph.web.answers.recommending import SIGNALS
from tastegraph.web.answers.rows import Row


@dataclass(frozen=True)
class Segment:
    """A part of a bar: where it starts and how wide it is, in hundredths of the longest."""

    signal: str
    start: float
    width: float


def bars(rows: Sequence[Row], signals: Sequence[str] = SIGNALS) -> list[list[Segment]]:
    """A bar for each of ``rows``, to one scale; what takes away reaches left of where all begin.

    signals  the columns that a bar is made of
    """
    highest = max((_sum(row, signals, 1.0) for row in rows), default=0.0)
    lowest = min((-_sum(row, signals, -1.0) for row in rows), default=0.0)
    length = (highest - lowest) or 1.0
    return [_bar(row, signals, -lowest / length * 100.0, 100.0 / length) for row in rows]


def _sum(row: Row, signals: Sequence[str], sign: float) -> float:
    parts: list[float] = [row[signal] for signal in signals]
    return sum(max(0.0, sign * part) for part in parts)


def _bar(row: Row, signals: Sequence[str], zero: float, scale: float) -> list[Segment]:
    made, right, left = [], zero, zero
    for signal in signals:
        width = abs(row[signal]) * scale
        if row[signal] > 0:
            made.append(Segment(signal, round(right, 2), round(width, 2)))
            right += width
        elif row[signal] < 0:
            left -= width
            made.append(Segment(signal, round(left, 2), round(width, 2)))
    return made
