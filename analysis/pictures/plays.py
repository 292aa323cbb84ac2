"""Plays, as they are and after each scaling."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator

from tastegraph.analysis.figures.plays import DENSITY, RAW, SCALING, VALUE
from tastegraph.analysis.pictures.style import (
    BLUE,
    GREY,
    ORANGE,
    counted,
    new_figure,
    picture,
    plain_numbers,
)

_COLUMNS = 2

# What a value is, for the label of its axis.
_UNITS = {
    RAW: "plays",
    "max": "plays / most plays of all",
    "user-max": "plays / user's most plays",
    "min-max": "(plays - min) / (max - min)",
    "robust": "quartile distances from the median",
    "cap": "plays, 2,000 at most",
    "log-user-mean": "log(1 + plays) / user's mean",
    "binary": "1 for a listen",
}

# Values so many times as large as others, or so many quartile distances apart where there are
# zeros among them, have an axis by their logarithm.
_TIMES, _WIDE = 100, 20

_BOX = "#CFE3F0"

# What an axis has on both sides, as a share of what is drawn.
_MARGIN = 0.03


@picture
def densities(frame: pd.DataFrame, spread: pd.DataFrame) -> Figure:
    """Density of plays by scaling, from the frames of ``figures.plays``: densities, spread."""
    groups = list(frame.groupby(SCALING, sort=False))
    figure = new_figure(1.7 * -(-len(groups) // _COLUMNS) + 0.4)
    _head(figure, spread, "Half of all listens")
    axes = figure.subplots(-(-len(groups) // _COLUMNS), _COLUMNS, squeeze=False).ravel()
    for place, (name, rows) in zip(axes, groups, strict=False):
        _one_density(place, str(name), rows)
    for place in axes[len(groups) :]:
        place.remove()
    return figure


def _head(figure: Figure, spread: pd.DataFrame, half: str) -> None:
    """Say between which plays half of all listens lie."""
    raw = spread[spread[SCALING] == RAW].iloc[0]
    if raw["min"] == raw["max"]:
        words = f"Every listen is of {_plays(raw['min'])}"
    else:
        words = f"{half} are of {raw['q1']:,.0f} to {_plays(raw['q3'])}"
    figure.suptitle(words, x=0.01, ha="left", fontweight="bold", fontsize=10)


def _plays(count: float) -> str:
    return f"{count:,.0f} {'play' if count == 1 else 'plays'}"


def _one_density(axes: Axes, name: str, rows: pd.DataFrame) -> None:
    axes.set_title("before scaling" if name == RAW else name)
    axes.set_xlabel(_UNITS.get(name, name))
    if len(rows) == 1:
        _say_constant(axes, rows[VALUE].iloc[0])
        return
    axes.fill_between(rows[VALUE], rows[DENSITY], color=BLUE, alpha=0.25, linewidth=0)
    axes.plot(rows[VALUE], rows[DENSITY], color=BLUE, linewidth=1.2)
    axes.set_ylim(bottom=0)
    by_log = _is_geometric(rows[VALUE])
    if by_log:
        axes.set_xscale("log")
    axes.set_ylabel("density,\na decade" if by_log else "density")
    plain_numbers(axes, "x", "y")


def _say_constant(axes: Axes, value: float) -> None:
    words = f"every listen is {counted(value)}"
    axes.text(0.5, 0.5, words, ha="center", va="center", transform=axes.transAxes)
    axes.set_yticks([])
    axes.set_xticks([value], [counted(value)])
    axes.set_xlim(value - 1, value + 1)
    axes.grid(visible=False)


def _is_geometric(values: pd.Series) -> bool:
    """Whether values are spaced by their logarithm."""
    first = values.iloc[1] - values.iloc[0]
    last = values.iloc[-1] - values.iloc[-2]
    return bool(values.iloc[0] > 0 and last > 2 * first)


@picture
def boxes(frame: pd.DataFrame, outside: pd.DataFrame) -> Figure:
    """Box plots of plays by scaling, from the frames of ``figures.plays``: spread, outliers."""
    figure = new_figure(0.86 * len(frame) + 1.0)
    _head(figure, frame, "Half of all listens, those in the box,")
    axes = figure.subplots(len(frame), 1, squeeze=False).ravel()
    for place, row in zip(axes, frame.to_dict("records"), strict=True):
        name = row[SCALING]
        place.set_yticks([1], ["before scaling" if name == RAW else name])
        place.set_xlabel(_UNITS.get(name, name), fontsize=8)
        if row["min"] == row["max"]:
            _say_constant(place, row["min"])
            place.set_yticks([1], ["before scaling" if name == RAW else name])
            place.set_ylim(0.5, 1.5)
        else:
            _one_box(place, row, outside[outside[SCALING] == name])
    handles = [
        Line2D([], [], color=BLUE, linewidth=2),
        Line2D([], [], color=ORANGE, marker="D", markersize=4, linestyle=""),
        Line2D([], [], color="black"),
        Line2D([], [], color=GREY, marker="|", linestyle="", markersize=7),
    ]
    words = ["median", "mean", "within 1.5 box lengths", "listens beyond"]
    figure.legend(handles, words, loc="outside lower center", ncols=4)
    return figure


def _one_box(axes: Axes, row: Mapping[Any, Any], outside: pd.DataFrame) -> None:
    drawn = {
        "med": row["median"],
        "q1": row["q1"],
        "q3": row["q3"],
        "whislo": row["low"],
        "whishi": row["high"],
        "mean": row["mean"],
    }
    axes.bxp(
        [drawn],
        orientation="horizontal",
        widths=0.5,
        manage_ticks=False,
        showfliers=False,
        showmeans=True,
        patch_artist=True,
        boxprops={"facecolor": _BOX, "edgecolor": BLUE},
        medianprops={"color": BLUE, "linewidth": 2},
        meanprops={
            "marker": "D",
            "markersize": 4,
            "markerfacecolor": ORANGE,
            "markeredgecolor": ORANGE,
        },
    )
    axes.vlines(outside[VALUE], 0.8, 1.2, color=GREY, linewidth=0.6, alpha=0.7)
    axes.set_ylim(0.5, 1.5)
    _scale(axes, row)
    axes.grid(visible=False, axis="y")
    plain_numbers(axes, "x")
    beyond = row["outliers_by_quartiles"]
    axes.set_title(f"{beyond:,} beyond", loc="right", fontsize=7.5, fontweight="normal", pad=1)


def _scale(axes: Axes, row: Mapping[Any, Any]) -> None:
    """By the logarithm where values lie far apart, also of what has zeros or is negative."""
    ends, box = np.array([row["min"], row["max"]]), row["q3"] - row["q1"]
    if ends[0] > 0 and ends[1] > _TIMES * ends[0]:
        axes.set_xscale("log")
    elif ends[0] <= 0 and 0 < _WIDE * box < np.ptp(ends):
        axes.set_xscale("symlog", linthresh=box)
        powers = np.arange(np.ceil(np.log10(box)), np.floor(np.log10(ends[1])) + 1)
        axes.set_xticks([0.0, *10.0**powers])
        axes.xaxis.set_minor_locator(NullLocator())
    along = axes.xaxis.get_transform()
    low, high = along.transform(ends)
    margin = _MARGIN * (high - low)
    axes.set_xlim(*along.inverted().transform(np.array([low - margin, high + margin])))
