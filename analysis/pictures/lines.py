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
    ranks.set_title(_half(frame[frame["by"] == "plays"]))
    ranks.legend()
    plain_numbers(ranks, "x", "y")
    shares.plot([0, 100], [0, 100], color=GREY, linewidth=0.8, label="all alike, Gini 0")
    shares.set_title(_top(frame[frame["by"] == "listeners"]))
    shares.set(xlabel="most popular artists, %", ylabel="their share of all, %")
    shares.legend(loc="lower right")
    return figure


def _half(plays: pd.DataFrame) -> str:
    """How few of the artists have half of all plays."""
    count = int((plays["amount_share"] < 0.5 - 1e-9).sum()) + 1
    return f"The top {100 * count / len(plays):.2g} % have half of all plays"


def _top(listeners: pd.DataFrame) -> str:
    """The share of listens that the most popular tenth has, or the first of fewer than ten."""
    tenth = listeners[listeners["artists_share"] <= 0.1]
    which = "Top tenth" if len(tenth) else f"First of {len(listeners)} artists"
    share = (tenth if len(tenth) else listeners.head(1))["amount_share"].iloc[-1]
    return f"{which}: {100 * share:.0f} % of listens"


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
    degrees.set_title(_typical(distribution))
    degrees.set(xlabel="friends", ylabel="users with so many")
    plain_numbers(degrees, "x", "y")
    if taste is None:
        shared.remove()
        return figure
    shared.bar([0, 1], [taste["friends"], taste["strangers"]], color=[ORANGE, GREY], width=0.6)
    # The difference has the interval, so it begins where strangers end.
    low, high = (taste["strangers"] + taste[end] for end in ("low", "high"))
    shared.vlines(0, low, high, color="black", linewidth=1.4)
    shared.hlines([low, high], -0.08, 0.08, color="black", linewidth=1.4)
    shared.axhline(taste["strangers"], color=GREY, linewidth=0.8, linestyle=":")
    shared.set_ylim(0, 1.08 * max(high, taste["friends"], taste["strangers"], 0.1))
    shared.set_xticks([0, 1], ["a friend", "a stranger"])
    shared.set_title(_comparison(taste))
    shared.set(ylabel="artists shared, mean", xlabel="bracket: 95 % interval\nof the difference")
    shared.grid(visible=False, axis="x")
    return figure


def _comparison(taste: dict[str, float]) -> str:
    difference = taste["difference"]
    if taste["low"] <= 0 <= taste["high"]:
        return "No more shared with friends"
    word = "more" if difference >= 0 else "fewer"
    return f"{abs(difference):.1f} {word} shared with friends"


def _typical(distribution: pd.DataFrame) -> str:
    """How many friends half of all users have at least."""
    counts = np.repeat(distribution["friends"].to_numpy(), distribution["users"].to_numpy())
    least = int(np.percentile(counts, 50, method="higher"))
    return f"Half of users have {least:,} {'friend' if least == 1 else 'friends'} or more"
