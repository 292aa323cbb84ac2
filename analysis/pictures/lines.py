"""Lines: the long tail, losses by epoch, friends a user."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.style import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    MARKERS,
    ORANGE,
    new_figure,
    picture,
    plain_numbers,
)

_STYLES = {"listeners": (BLUE, "-"), "plays": (GREEN, "--")}

EPOCH = "epoch"


@picture
def long_tail(frame: pd.DataFrame, gini: dict[str, float]) -> Figure:
    """Listeners and plays by rank, and how much of all the most popular have.

    ``frame`` is that of ``figures.listens.long_tail``; ``gini`` a coefficient for each ``by``.
    """
    figure = new_figure(3.4)
    ranks, shares = figure.subplots(1, 2)
    for by, rows in frame.groupby("by", sort=False):
        colour, line = _STYLES[str(by)]
        present = rows[rows["amount"] > 0]
        ranks.plot(present["rank"], present["amount"], line, color=colour, label=by)
        shares.plot(
            100 * rows["artists_share"],
            100 * rows["amount_share"],
            line,
            color=colour,
            label=f"{by}, Gini {gini[str(by)]:.2f}",
        )
    ranks.set(xscale="log", yscale="log", xlabel="artist's rank", ylabel="listeners, or plays")
    ranks.set_title("Few artists have most")
    ranks.legend()
    plain_numbers(ranks, "x", "y")
    shares.plot([0, 100], [0, 100], color=GREY, linewidth=0.8, label="all alike, Gini 0")
    tenth = frame[(frame["by"] == "listeners") & (frame["artists_share"] <= 0.1)]["amount_share"]
    top = 100 * (tenth.iloc[-1] if len(tenth) else 1.0)
    shares.set_title(f"Top tenth: {top:.0f} % of listeners" if len(tenth) else "Contributions")
    shares.set(xlabel="most popular artists, %", ylabel="their share of all, %")
    shares.legend(loc="lower right")
    return figure


@picture
def losses(history: pd.DataFrame) -> Figure:
    """Each part of the loss by epoch: column epoch, and one column a part."""
    parts = [name for name in history.columns if name != EPOCH]
    figure = new_figure(3.6)
    axes = figure.subplots()
    last = history.iloc[-1]
    axes.set_title(f"After {last[EPOCH]:,.0f} epochs, {parts[0]} is {last[parts[0]]:.4g}")
    for place, name in enumerate(parts):
        axes.plot(
            history[EPOCH],
            history[name],
            color=COLOURS[place % len(COLOURS)],
            marker=MARKERS[place % len(MARKERS)],
            markevery=max(1, len(history) // 12),
            markersize=4,
            linewidth=1.2,
            label=name,
        )
    values = history[parts].to_numpy(dtype=np.float64)
    if (values > 0).all() and values.max() > 20 * values.min():
        axes.set_yscale("log")
    axes.set(xlabel="epoch", ylabel="loss and its parts")
    axes.legend()
    plain_numbers(axes, "x", "y")
    return figure


@picture
def friends(distribution: pd.DataFrame, taste: dict[str, float] | None) -> Figure:
    """How many users have how many friends, and what they share with them.

    ``distribution`` is that of ``figures.friends.degree_distribution``; ``taste`` the result of
    ``figures.friends.taste_assortativity``, None where nobody has both friends and strangers.
    """
    figure = new_figure(3.2)
    degrees, shared = figure.subplots(1, 2, width_ratios=[3, 2])
    present = distribution[distribution["friends"] > 0]
    degrees.loglog(present["friends"], present["users"], "o", color=BLUE, markersize=4)
    degrees.set_title("Friends a user")
    degrees.set(xlabel="friends", ylabel="users with so many")
    plain_numbers(degrees, "x", "y")
    if taste is None:
        shared.remove()
        return figure
    shared.bar([0, 1], [taste["friends"], taste["strangers"]], color=[ORANGE, GREY], width=0.6)
    shared.set_xticks([0, 1], ["a friend", "a stranger"])
    shared.set_title(_comparison(taste["difference"]))
    shared.set(ylabel="artists shared, mean", xlabel=_interval(taste))
    shared.grid(visible=False, axis="x")
    return figure


def _comparison(difference: float) -> str:
    word = "more" if difference >= 0 else "fewer"
    return f"{abs(difference):.1f} {word} shared with friends"


def _interval(taste: dict[str, float]) -> str:
    return f"difference, 95 % interval:\n{taste['low']:.2f} to {taste['high']:.2f}"
