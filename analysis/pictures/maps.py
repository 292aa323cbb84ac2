"""Artists as points: coloured by tag or cluster, some of them named."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.names import X, Y, label_points
from tastegraph.analysis.pictures.style import (
    COLOURS,
    GREY,
    MARKERS,
    columns,
    new_figure,
    picture,
    short,
)
from tastegraph.graph.frames import ARTIST, Id

TAG_NAME = "tag"

# Artists that are named.
NAMED = 22

_OTHER = "none of these"

# So many times as many artists are tried: where the first are crowded, others are named.
_TRIED = 5


@picture
def artist_map(
    frame: pd.DataFrame, title: str, named: Sequence[Id] = (), axes_are: str = ""
) -> Figure:
    """One map, from the frame of ``figures.maps.artist_map``, most heard artists first.

    The first artists and those of the ids ``named`` are labelled; ``axes_are`` says what the
    axes mean.
    """
    figure = new_figure(6.2)
    axes = figure.subplots()
    axes.set_title(title)
    coloured_points(axes, frame, frame[TAG_NAME])
    _label_axes(axes, axes_are, "")
    _legend(figure, axes)
    _name(axes, frame, named, NAMED)
    return figure


@picture
def two_maps(
    first: pd.DataFrame,
    second: pd.DataFrame,
    titles: tuple[str, str],
    named: Sequence[Id] = (),
    explained: tuple[Sequence[float], Sequence[float]] = ((0, 0), (0, 0)),
) -> Figure:
    """Two maps of the same artists by principal components, one above the other.

    ``explained`` has the share of variance of each axis, for each map.
    """
    figure = new_figure(9.2)
    places = figure.subplots(2, 1)
    for axes, frame, title, shares in zip(places, (first, second), titles, explained, strict=True):
        axes.set_title(title)
        coloured_points(axes, frame, frame[TAG_NAME])
        words = [
            f"component {at} ({100 * share:.1f} % of variance)"
            for at, share in enumerate(shares, 1)
        ]
        _label_axes(axes, *words)
    _legend(figure, places[0])
    for axes, frame in zip(places, (first, second), strict=True):
        _name(axes, frame, named, NAMED // 2 + 2)
    return figure


def coloured_points(axes: Axes, frame: pd.DataFrame, groups: "pd.Series[str]") -> None:
    """Points of each group in a colour and a shape, the most frequent first; others in grey."""
    order = list(groups[groups != ""].value_counts().index[: len(COLOURS)])
    rest = ~groups.isin(order)
    if rest.any():
        axes.scatter(
            frame.loc[rest, X],
            frame.loc[rest, Y],
            s=7,
            color=GREY,
            alpha=0.45,
            linewidths=0,
            label=f"{_OTHER} ({int(rest.sum()):,})",
        )
    for place, name in enumerate(order):
        chosen = groups == name
        axes.scatter(
            frame.loc[chosen, X],
            frame.loc[chosen, Y],
            s=11,
            color=COLOURS[place],
            marker=MARKERS[place],
            alpha=0.75,
            linewidths=0,
            label=f"{short(name, 20)} ({int(chosen.sum()):,})",
        )


def _name(axes: Axes, frame: pd.DataFrame, named: Sequence[Id], most: int) -> None:
    """Name ``most`` artists, those of the ids ``named`` first and in bold, then the first."""
    wanted = frame[ARTIST].isin(list(named)).to_numpy()
    shown = wanted | (np.arange(len(frame)) < _TRIED * most)
    label_points(axes, frame[shown], wanted[shown].tolist(), most)


def _label_axes(axes: Axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y)
    axes.tick_params(labelbottom=False, labelleft=False, length=0)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, words = axes.get_legend_handles_labels()
    # The grey ones are drawn first, below the others, and named last.
    if words and words[0].startswith(_OTHER):
        handles, words = handles[1:] + handles[:1], words[1:] + words[:1]
    figure.legend(
        handles,
        words,
        loc="outside lower center",
        ncols=columns(words),
        title="most given of these tags (artists)",
        title_fontsize=8,
        markerscale=1.8,
        handletextpad=0.3,
        columnspacing=1.2,
    )
