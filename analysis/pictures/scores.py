"""Scores beside popularity."""

import pandas as pd
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.names import X, Y, label_points
from tastegraph.analysis.pictures.style import (
    BLUE,
    GREY,
    VERMILION,
    new_figure,
    picture,
    plain_numbers,
    short,
)
from tastegraph.graph.frames import NAME

_LOOKS = {
    "other artists": (GREY, "o", 5, 0.35),
    "listened to": (BLUE, "s", 16, 0.8),
    "recommended": (VERMILION, "D", 26, 1.0),
}

# Recommended artists that are named: they lie close together.
_NAMED = 5


@picture
def scores_and_listeners(frame: pd.DataFrame, user: object, correlation: float | None) -> Figure:
    """Artists' scores for ``user`` against their listeners.

    ``frame`` is that of ``figures.scores.scores_and_listeners``; ``correlation`` Spearman's, of
    the artists that the user does not listen to. The best recommendations are named.
    """
    figure = new_figure(4.8)
    axes = figure.subplots()
    shown = frame[frame["listeners"] > 0].rename(columns={"listeners": X, "score": Y})
    for state, (colour, marker, size, alpha) in _LOOKS.items():
        rows = shown[shown["state"] == state]
        axes.scatter(
            rows[X],
            rows[Y],
            s=size,
            color=colour,
            marker=marker,
            alpha=alpha,
            linewidths=0,
            label=f"{state} ({len(rows):,})",
        )
    axes.set_xscale("log")
    axes.set(xlabel="listeners", ylabel=f"score for user {short(user, 16)}")
    words = "does not vary" if correlation is None else f"is {correlation:.2f}"
    axes.set_title(f"User {short(user, 16)}: rank correlation of score and listeners {words}")
    figure.legend(loc="outside lower center", ncols=3, markerscale=1.3)
    plain_numbers(axes, "x", "y")
    best = shown[shown["state"] == "recommended"].nlargest(_NAMED, Y)
    label_points(axes, best[[X, Y, NAME]], [False] * len(best), area=_LOOKS["recommended"][2])
    return figure
