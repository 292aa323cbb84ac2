"""Small graphs: a neighbourhood, and the reasons of recommendations."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from tastegraph.analysis.figures.graphs import REST
from tastegraph.analysis.pictures.style import (
    BLACK,
    BLUE,
    BROWN,
    COLOURS,
    GREEN,
    GREY,
    MARKERS,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    WINE,
    columns,
    new_figure,
    picture,
    short,
)
from tastegraph.graph.frames import ARTIST, NAME

_COLOURED = 7
_KIND_COLOURS = {
    **{"embedding": BLUE, "listen": PURPLE, "you": SKY, "neighbour": BROWN, "dislike": WINE},
    **{"friend": ORANGE, "tag": GREEN, "change": BLACK, REST: GREY},
}


@picture
def neighbourhood(nodes: pd.DataFrame, links: pd.DataFrame) -> Figure:
    """An artist in the middle of its nearest, from ``figures.graphs.neighbourhood``."""
    figure = new_figure(5.6)
    axes = figure.subplots()
    around = len(nodes) - 1
    angles = np.pi / 2 - 2 * np.pi * (np.arange(around) + 0.5) / max(around, 1)
    x = np.concatenate([[0.0], np.cos(angles)])
    y = np.concatenate([[0.0], np.sin(angles)])
    for one, other, value in links.itertuples(index=False):
        centre = one == 0
        axes.plot(
            x[[one, other]],
            y[[one, other]],
            color=BLUE if centre else GREY,
            alpha=0.8 if centre else 0.45,
            linewidth=0.4 + 3 * max(value, 0) ** 2 if centre else 0.8,
            zorder=1,
        )
    _nodes(axes, nodes, x, y)
    _names_around(axes, nodes, x, y)
    axes.set_title(
        f"{around} artists nearest to {short(nodes[NAME].iloc[0], 40)}, and their cosine"
    )
    axes.set(xlim=(-2.4, 2.4), ylim=(-1.25, 1.25))
    axes.axis("off")
    handles, words = axes.get_legend_handles_labels()
    handles.append(Line2D([], [], color=BLUE, linewidth=2))
    words.append("to the artist: thicker is nearer")
    if (links["one"] > 0).any():
        handles.append(Line2D([], [], color=GREY))
        words.append("to each other: cosine over 0.6")
    figure.legend(
        handles,
        words,
        loc="outside lower center",
        ncols=columns(words, 3),
        title="main tag, and links",
        title_fontsize=8,
    )
    return figure


def _nodes(axes: Axes, nodes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> None:
    tags = list(nodes["tag"].value_counts().index)
    for place, tag in enumerate(tags[:_COLOURED]):
        chosen = (nodes["tag"] == tag).to_numpy()
        axes.scatter(
            x[chosen],
            y[chosen],
            s=np.where(np.flatnonzero(chosen) == 0, 160, 70),
            color=COLOURS[place],
            marker=MARKERS[place],
            zorder=2,
            label=short(tag, 22),
        )
    rest = (~nodes["tag"].isin(tags[:_COLOURED])).to_numpy()
    if rest.any():
        axes.scatter(x[rest], y[rest], s=70, color=GREY, zorder=2, label="other")


def _names_around(axes: Axes, nodes: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> None:
    plate = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    axes.annotate(
        short(nodes[NAME].iloc[0]),
        (0, 0),
        xytext=(0, -16),
        textcoords="offset points",
        ha="center",
        va="center",
        fontweight="bold",
        bbox=plate,
        zorder=3,
    )
    for place in range(1, len(nodes)):
        right = x[place] >= 0
        axes.text(
            x[place] + (0.08 if right else -0.08),
            y[place],
            f"{short(nodes[NAME].iloc[place], 22)}  {nodes['similarity'].iloc[place]:z.2f}",
            ha="left" if right else "right",
            va="center",
            fontsize=8,
        )


@picture
def reasons(links: pd.DataFrame, user: object) -> Figure:
    """Why artists are recommended to ``user``: from ``figures.graphs.reasons``.

    The reasons stand on the left, largest in sum first; the artists on the right, best first. A
    line is as wide as the part is large; parts that lower a score are dashed. A bar below each
    artist has all parts of its score, the many small ones in grey.
    """
    told = links[links["kind"] != REST]
    left = _sizes(told, ["kind", "reason"])
    right = list(links[ARTIST].drop_duplicates())
    figure = new_figure(max(3.2, 0.3 * max(len(left), 1.4 * len(right)) + 1.2))
    axes = figure.subplots()
    starts = dict(zip(left.index, _spaced(len(left)), strict=True))
    ends = dict(zip(right, _spaced(len(right)), strict=True))
    largest = max(told["value"].abs().max(), 1e-12)
    for kind, reason, artist, _, value in told.itertuples(index=False):
        _curve(axes, (starts[kind, reason], ends[artist]), kind, value, largest)
    for (kind, reason), place in starts.items():
        axes.plot(0, place, "o", color=_KIND_COLOURS.get(kind, BLUE), markersize=6)
        axes.text(-0.03, place, short(reason, 28), ha="right", va="center", fontsize=8)
    _recommended(axes, links, ends, 0.12 / figure.get_figheight())
    axes.set(xlim=(-0.82, 1.92), ylim=(-0.05, 1.05))
    axes.axis("off")
    axes.set_title(_speaking(links, left, user))
    _reasons_legend(figure, links)
    return figure


def _sizes(links: pd.DataFrame, by: list[str]) -> "pd.Series[float]":
    """Sums of the parts' sizes, the largest first."""
    sums = links.assign(size=links["value"].abs()).groupby(by, sort=False)["size"].sum()
    return sums.sort_values(ascending=False, kind="stable")


def _speaking(links: pd.DataFrame, sizes: "pd.Series[float]", user: object) -> str:
    """The reason that speaks most, and how much of the scores the reasons with a line make."""
    share = sizes.sum() / max(links["value"].abs().sum(), 1e-12)
    most = short(sizes.index[0][1], 28) if len(sizes) else "nothing"
    who = f"User {short(user, 16)}: “{most}” weighs most"
    return f"{who}; the lines are {100 * share:.0f} % of the scores"


def _recommended(axes: Axes, links: pd.DataFrame, ends: dict[Any, float], height: float) -> None:
    """The artists with their scores, and below each a bar of all its parts."""
    names = dict(zip(links[ARTIST], links[NAME], strict=True))
    scores = links.groupby(ARTIST)["value"].sum()
    longest = max(_sizes(links, [ARTIST]).max(), 1e-12)
    for artist, place in ends.items():
        axes.plot(1, place, "s", color="black", markersize=5)
        words = f"{short(names[artist], 23)}  {scores[artist]:.3f}"
        axes.text(1.03, place + 0.2 * height, words, ha="left", va="bottom", fontsize=8)
        start = 1.03
        for colour, size in _bar(links[links[ARTIST] == artist]):
            width = 0.75 * size / longest
            axes.barh(place - height / 2, width, 0.7 * height, start, color=colour)
            start += width


def _bar(parts: pd.DataFrame) -> list[tuple[str, float]]:
    """Colours and lengths of the pieces of an artist's bar, the grey one last."""
    sizes: dict[str, float] = {}
    for kind, value in zip(parts["kind"], parts["value"], strict=True):
        colour = _colour(kind, value)
        sizes[colour] = sizes.get(colour, 0.0) + abs(value)
    return sorted(sizes.items(), key=lambda piece: (piece[0] == GREY, -piece[1]))


def _colour(kind: str, value: float) -> str:
    return VERMILION if value < 0 and kind != REST else _KIND_COLOURS.get(kind, BLUE)


def _spaced(count: int) -> np.ndarray:
    """Heights from the top down, evenly."""
    return 1 - (np.arange(count) + 0.5) / count


def _curve(
    axes: Axes, heights: tuple[float, float], kind: str, value: float, largest: float
) -> None:
    start, end = heights
    along = np.linspace(0, 1, 40)
    smooth = along * along * (3 - 2 * along)
    axes.plot(
        along,
        start + (end - start) * smooth,
        color=_colour(kind, value),
        linestyle="-" if value >= 0 else "--",
        linewidth=0.5 + 6 * abs(value) / largest,
        alpha=0.55,
        solid_capstyle="butt",
    )


def _reasons_legend(figure: Figure, links: pd.DataFrame) -> None:
    words = {
        **{"embedding": "taste", "listen": "what you play", "you": "yourself"},
        **{"neighbour": "users like you", "dislike": "less like", "change": "what has changed"},
        **{"friend": "a friend", "tag": "a shared tag", REST: "many smaller parts"},
    }
    kinds = list(links["kind"].drop_duplicates())
    handles = [Line2D([], [], color=_KIND_COLOURS.get(kind, BLUE), linewidth=3) for kind in kinds]
    labels = [words.get(kind, kind) for kind in kinds]
    if (links["value"] < 0).any():
        handles.append(Line2D([], [], color=VERMILION, linestyle="--"))
        labels.append("lowers the score")
    figure.legend(handles, labels, loc="outside lower center", ncols=columns(labels, len(labels)))
