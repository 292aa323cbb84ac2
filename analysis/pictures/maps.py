"""Artists as points: coloured by tag or cluster, some of them named."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from numpy.typing import NDArray

from tastegraph.analysis.pictures.fonts import families
from tastegraph.analysis.pictures.style import COLOURS, GREY, MARKERS, new_figure, picture, short
from tastegraph.graph.frames import ARTIST, NAME, Id

X, Y = "x", "y"
TAG_NAME = "tag"

# Main tags with a colour of their own, and artists that are named.
_COLOURED = 8
NAMED = 22

# A name this far from its point, in pixels, has a line to it.
_APART = 9.0

Points = NDArray[np.float64]


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
    order = list(groups[groups != ""].value_counts().index[:_COLOURED])
    rest = ~groups.isin(order)
    if rest.any():
        axes.scatter(
            frame.loc[rest, X],
            frame.loc[rest, Y],
            s=7,
            color=GREY,
            alpha=0.45,
            linewidths=0,
            label=f"other ({int(rest.sum()):,})",
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


def label_points(axes: Axes, frame: pd.DataFrame, bold: Sequence[bool]) -> None:
    """Name the points of ``frame``, moved so that no two names overlap.

    Where there is no room, the name of a later point goes, unless it is ``bold``.
    """
    from adjustText import adjust_text

    points = frame[[X, Y]].to_numpy(dtype=np.float64)
    texts = [
        axes.text(
            float(point[0]),
            float(point[1]),
            short(name),
            fontsize=8 if strong else 7,
            fontweight="bold" if strong else "normal",
            fontfamily=families(short(name)),
            path_effects=[withStroke(linewidth=2.2, foreground="white")],
            zorder=5 if strong else 4,
            # The parts of the picture stay where they are while names move.
            in_layout=False,
        )
        for point, name, strong in zip(points, frame[NAME], bold, strict=True)
    ]
    if not texts:
        return
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.draw_without_rendering()
    adjust_text(
        texts,
        *points.T,
        ax=axes,
        expand=(1.05, 1.2),
        ensure_inside_axes=True,
        iter_lim=120,
        min_arrow_len=1e9,
    )
    _lead(axes, _without_overlaps(texts, points, bold))


def _without_overlaps(
    texts: Sequence[Text], points: Points, bold: Sequence[bool]
) -> list[tuple[Text, Points]]:
    """The texts that stay, each with its point: bold ones first, then in order."""
    kept: list[tuple[Text, Points]] = []
    for place in sorted(range(len(texts)), key=lambda at: not bold[at]):
        _move_inside(texts[place])
        box = texts[place].get_window_extent()
        if not bold[place] and any(box.overlaps(each.get_window_extent()) for each, _ in kept):
            texts[place].remove()
        else:
            kept.append((texts[place], points[place]))
    return kept


def _move_inside(text: Text) -> None:
    """Move a name that hangs over the edge of its axes back in."""
    axes, box = text.axes, text.get_window_extent()
    if axes is None:
        return
    room = axes.get_window_extent()
    x = max(room.x0 - box.x0, 0.0) + min(room.x1 - box.x1, 0.0)
    y = max(room.y0 - box.y0, 0.0) + min(room.y1 - box.y1, 0.0)
    if x or y:
        place = axes.transData.transform(text.get_position()) + np.array([x, y])
        left, bottom = axes.transData.inverted().transform(place)
        text.set_position((float(left), float(bottom)))


def _lead(axes: Axes, labelled: Sequence[tuple[Text, Points]]) -> None:
    """Draw a line from each name that stands apart to its point."""
    for text, point in labelled:
        box = text.get_window_extent()
        x, y = axes.transData.transform(point)
        nearest = np.array([np.clip(x, box.x0, box.x1), np.clip(y, box.y0, box.y1)])
        if np.hypot(*(nearest - (x, y))) > _APART:
            ends = np.vstack([point, axes.transData.inverted().transform(nearest)])
            axes.plot(*ends.T, color="#555555", linewidth=0.5, zorder=3, in_layout=False)


def _name(axes: Axes, frame: pd.DataFrame, named: Sequence[Id], most: int) -> None:
    """Ring and name the first ``most`` artists, those ``named`` among them in bold."""
    wanted = frame[ARTIST].isin(list(named)).to_numpy()
    shown = wanted | (np.arange(len(frame)) < max(most - wanted.sum(), 0))
    labelled = frame[shown]
    strong = wanted[shown]
    axes.scatter(
        labelled[X], labelled[Y], s=24, facecolors="none", edgecolors="black", linewidths=0.7
    )
    axes.scatter(
        labelled.loc[strong, X],
        labelled.loc[strong, Y],
        s=70,
        facecolors="none",
        edgecolors="black",
        linewidths=1.4,
    )
    axes.margins(0.06)
    label_points(axes, labelled, strong.tolist())


def _label_axes(axes: Axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y)
    axes.tick_params(labelbottom=False, labelleft=False, length=0)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, words = axes.get_legend_handles_labels()
    # The grey ones are drawn first, below the others, and named last.
    if words[0].startswith("other ("):
        handles, words = handles[1:] + handles[:1], words[1:] + words[:1]
    figure.legend(
        handles,
        words,
        loc="outside lower center",
        ncols=4,
        title="main tag (artists)",
        title_fontsize=8,
        markerscale=1.8,
        handletextpad=0.3,
        columnspacing=1.2,
    )
