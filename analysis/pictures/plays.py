"""Plays, as they are and after each scaling."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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


@picture
def densities(frame: pd.DataFrame) -> Figure:
    """Density of plays by scaling, from the frame of ``figures.plays.densities``."""
    groups = list(frame.groupby(SCALING, sort=False))
    figure = new_figure(1.55 * -(-len(groups) // _COLUMNS) + 0.4)
    figure.suptitle(
        "Where plays lie, before and after each scaling", fontweight="bold", fontsize=10
    )
    axes = figure.subplots(-(-len(groups) // _COLUMNS), _COLUMNS, squeeze=False).ravel()
    for place, (name, rows) in zip(axes, groups, strict=False):
        _one_density(place, str(name), rows)
    for place in axes[len(groups) :]:
        place.remove()
    return figure


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
    axes.set_ylabel("density a decade" if by_log else "density")
    plain_numbers(axes, "x", "y")


def _say_constant(axes: Axes, value: float) -> None:
    axes.text(0.5, 0.5, f"every listen is {counted(value)}", ha="center", transform=axes.transAxes)
    axes.set_yticks([])
    axes.set_xticks([value])
    axes.set_xlim(value - 1, value + 1)
    axes.grid(visible=False)


def _is_geometric(values: pd.Series) -> bool:
    """Whether values are spaced by their logarithm."""
    first = values.iloc[1] - values.iloc[0]
    last = values.iloc[-1] - values.iloc[-2]
    return bool(values.iloc[0] > 0 and last > 2 * first)


@picture
def boxes(frame: pd.DataFrame) -> Figure:
    """Box plots of plays by scaling, from the frame of ``figures.plays.spread``."""
    figure = new_figure(0.82 * len(frame) + 0.7)
    figure.suptitle(
        "Half of all listens lie in the box. Line: median, diamond: mean, dots: extremes",
        fontweight="bold",
        fontsize=10,
    )
    axes = figure.subplots(len(frame), 1, squeeze=False).ravel()
    for place, row in zip(axes, frame.to_dict("records"), strict=True):
        _one_box(place, row)
    return figure


def _one_box(axes: Axes, row: Mapping[Any, Any]) -> None:
    name = str(row[SCALING])
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
        showfliers=False,
        showmeans=True,
        patch_artist=True,
        boxprops={"facecolor": "#CFE3F0", "edgecolor": BLUE},
        medianprops={"color": BLUE, "linewidth": 2},
        meanprops={
            "marker": "D",
            "markersize": 4,
            "markerfacecolor": ORANGE,
            "markeredgecolor": ORANGE,
        },
    )
    ends = [end for end in (row["min"], row["max"]) if not row["low"] <= end <= row["high"]]
    axes.plot(ends, [1] * len(ends), "o", color=GREY, markersize=3)
    if row["min"] > 0 and row["max"] > 100 * row["min"]:
        axes.set_xscale("log")
    elif row["max"] > 100 * (row["q3"] - row["q1"]) > 0:
        axes.set_xscale("symlog", linthresh=row["q3"] - row["q1"])
    axes.set_yticks([1], ["before scaling" if name == RAW else name])
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(_UNITS.get(name, name), fontsize=8)
    plain_numbers(axes, "x")
