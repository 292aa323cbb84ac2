"""Bars: the top artists, users and tags."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.fonts import settle
from tastegraph.analysis.pictures.style import (
    BLUE,
    GREEN,
    new_figure,
    picture,
    plain_numbers,
    short,
)
from tastegraph.graph.frames import NAME, PLAYS, USER

# Inches that a bar takes, and those around the bars of one panel.
_BAR, _AROUND = 0.24, 0.9

# Widths of an n that names have: of bars over the whole width, and of those of two panels.
_NAME, _TAG = 40, 26

# Pixels between a bar, its value and the edge.
_SPACE = 6.0


@picture
def top_artists(by_listeners: pd.DataFrame, by_plays: pd.DataFrame, users: int) -> Figure:
    """The artists with most listeners, of ``users`` in all, above those with most plays.

    Both frames have the columns of ``figures.listens.artist_totals``, best first.
    """
    figure = new_figure(_BAR * (len(by_listeners) + len(by_plays)) + 2 * _AROUND)
    # Names have the whole width: two lists side by side would cut them.
    upper, lower = figure.subplots(2, 1, height_ratios=[len(by_listeners), len(by_plays)])
    first = by_listeners.iloc[0]
    upper.set_title(f"{short(first[NAME], _NAME)}: {100 * first['share']:.0f} % of users listen")
    _bars(upper, by_listeners[NAME], by_listeners["listeners"], BLUE)
    upper.set_xlabel(f"listeners, of {users:,} users")
    lower.set_title(f"{short(by_plays.iloc[0][NAME], _NAME)}: most plays")
    _bars(lower, by_plays[NAME], by_plays[PLAYS], GREEN)
    lower.set_xlabel("plays")
    _write_values(figure)
    return figure


@picture
def top_users(frame: pd.DataFrame) -> Figure:
    """The users with most plays, best first; columns of ``figures.listens.user_totals``."""
    figure = new_figure(_BAR * len(frame) + _AROUND)
    axes = figure.subplots()
    axes.set_title(f"User {short(frame[USER].iloc[0], _NAME)} plays most")
    _bars(axes, "user " + frame[USER].astype(str), frame[PLAYS], BLUE)
    axes.set_xlabel("plays of the user's artists together")
    _write_values(figure)
    return figure


@picture
def top_tags(frame: pd.DataFrame) -> Figure:
    """The tags given most, best first; columns of ``figures.tags.tag_totals``."""
    figure = new_figure(_BAR * len(frame) + _AROUND)
    left, right = figure.subplots(1, 2, sharey=True)
    left.set_title(f"“{short(frame[NAME].iloc[0], 18)}” is given most")
    _bars(left, frame[NAME], frame["assignments"], BLUE, _TAG)
    left.set_xlabel("times given, a user and artist each")
    right.set_title(f"on up to {frame['artists'].max():,} artists")
    _bars(right, frame[NAME], frame["artists"], GREEN, _TAG)
    right.set_xlabel("artists that carry the tag")
    right.tick_params(labelleft=False)
    _write_values(figure)
    return figure


def _bars(
    axes: Axes,
    names: "pd.Series[str]",
    values: "pd.Series[int]",
    colour: str,
    longest: int = _NAME,
) -> None:
    places = range(len(names))
    axes.barh(places, values, color=colour, height=0.72)
    axes.set_yticks(places, [short(name, longest) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=4)
    plain_numbers(axes, "x")


def _write_values(figure: Figure) -> None:
    """Write each value behind its bar, and make room there for all of them."""
    settle(figure)
    figure.draw_without_rendering()
    for axes in figure.axes:
        room, longest = axes.get_window_extent().width, 1.0
        for bar in axes.patches:
            box = bar.get_path().get_extents(bar.get_patch_transform())
            text = axes.annotate(
                f"{box.width:,.0f}",
                (box.x1, (box.y0 + box.y1) / 2),
                (_SPACE / 2, 0),
                textcoords="offset pixels",
                va="center",
                fontsize=7.5,
                in_layout=False,
            )
            used = text.get_window_extent().width + 2 * _SPACE
            longest = max(longest, box.width * room / max(room - used, 1.0))
        axes.set_xlim(0, longest)
