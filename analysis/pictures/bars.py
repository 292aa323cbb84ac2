"""Bars: the top artists, users and tags."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.style import (
    BLUE,
    GREEN,
    new_figure,
    picture,
    plain_numbers,
    short,
)
from tastegraph.graph.frames import NAME, PLAYS, USER


@picture
def top_artists(by_listeners: pd.DataFrame, by_plays: pd.DataFrame, users: int) -> Figure:
    """The artists with most listeners, of ``users`` in all, and those with most plays.

    Both frames have the columns of ``figures.listens.artist_totals``, best first.
    """
    figure = new_figure(0.24 * len(by_listeners) + 1.3)
    left, right = figure.subplots(1, 2)
    first = by_listeners.iloc[0]
    left.set_title(f"{short(first[NAME], 20)}: {100 * first['share']:.0f} % of users listen")
    _bars(left, by_listeners[NAME], by_listeners["listeners"], BLUE)
    left.set_xlabel(f"listeners, of {users:,} users")
    right.set_title(f"{short(by_plays.iloc[0][NAME], 20)}: most plays")
    _bars(right, by_plays[NAME], by_plays[PLAYS], GREEN)
    right.set_xlabel("plays")
    return figure


@picture
def top_users(frame: pd.DataFrame) -> Figure:
    """The users with most plays, best first; columns of ``figures.listens.user_totals``."""
    figure = new_figure(0.24 * len(frame) + 1.3)
    axes = figure.subplots()
    axes.set_title(f"User {frame[USER].iloc[0]} plays most")
    _bars(axes, "user " + frame[USER].astype(str), frame[PLAYS], BLUE)
    axes.set_xlabel("plays of the user's artists together")
    return figure


@picture
def top_tags(frame: pd.DataFrame) -> Figure:
    """The tags given most, best first; columns of ``figures.tags.tag_totals``."""
    figure = new_figure(0.24 * len(frame) + 1.3)
    left, right = figure.subplots(1, 2, sharey=True)
    left.set_title(f"“{short(frame[NAME].iloc[0], 20)}” is given most often")
    _bars(left, frame[NAME], frame["assignments"], BLUE)
    left.set_xlabel("times given, a user and artist each")
    right.set_title("and how many carry each")
    _bars(right, frame[NAME], frame["artists"], GREEN)
    right.set_xlabel("artists that carry the tag")
    right.tick_params(labelleft=False)
    return figure


def _bars(axes: Axes, names: "pd.Series[str]", values: "pd.Series[int]", colour: str) -> None:
    places = range(len(names))
    axes.barh(places, values, color=colour, height=0.72)
    axes.set_yticks(places, [short(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, 1.18 * max(values.max(), 1))
    for place, value in zip(places, values, strict=True):
        axes.text(value, place, f" {value:,}", va="center", fontsize=7.5)
    axes.locator_params(axis="x", nbins=4)
    plain_numbers(axes, "x")
