"""Curves of evaluations: newcomers by what is known of them, and what each knob costs and wins."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from tastegraph.analysis.pictures.style import (
    COLOURS,
    MARKERS,
    columns,
    new_figure,
    picture,
    plain_numbers,
    short,
)

_LINES = ("-", "--", "-.", ":", (0, (5, 1.5, 1, 1.5, 1, 1.5)))

# What is told of newcomers, by method; the order is that of colours and shapes.
_METHODS = {
    "fold-in": "fold-in of likes and friends",
    "likes alone": "fold-in of likes alone",
    "neighbours": "neighbours' mean",
    "friends alone": "fold-in of friends alone",
    "most listened": "most listened",
}

# What recommend's options and weights are called, and measures with their units.
_KNOBS = {
    "novelty": "--novelty",
    "diversity": "--diversity",
    "friends": "weight of friends",
    "tags": "weight of tags",
}
_MEASURES = {
    "ndcg": "NDCG@{k}",
    "novelty": "novelty, bits",
    "coverage": "coverage,\n% of artists",
    "diversity": "diversity,\n1 - cosine of tags",
}
# Likes that the title of a cold start speaks of.
_TITLED = 5

# Letters of a model's name that leave room beside them in a title.
_BESIDE = 30

# Of level lines.
_FAINT = 0.6

# Values of a knob that are written at the axis.
_TICKS = (0, 0.05, 0.2, 0.5, 1)

# What a knob may cost for the title to say how far it turns.
_CHEAP = 0.02


@picture
def cold_start(frame: pd.DataFrame) -> Figure:
    """NDCG of newcomers by the likes known of them, a line a method with its 95 % interval.

    ``frame`` is that of ``evaluate --cold-start``; each of its models and ks has a panel.
    """
    panels = list(frame.groupby(["model", "k"], sort=False))
    columns = min(len(panels), 2)
    rows = -(-len(panels) // columns)
    figure = new_figure(1.0 + (3.4 if columns == 1 else 2.7) * rows)
    places = figure.subplots(rows, columns, squeeze=False, sharey=True).ravel()
    for axes, ((model, k), rows_of) in zip(places, panels, strict=False):
        _newcomers(axes, rows_of)
        axes.set_title(f"{short(model, 30 * (3 - columns))}\n{_told(rows_of, brief=columns > 1)}")
        axes.set(xlabel="likes known of a newcomer", ylabel=f"NDCG@{k}")
    for axes in places[len(panels) :]:
        axes.remove()
    handles, words = places[0].get_legend_handles_labels()
    figure.legend(
        handles,
        words,
        loc="outside lower center",
        ncols=3,
        title=f"{frame['users'].iloc[0]:,} newcomers; shaded: 95 % interval of the mean",
        title_fontsize=8,
        handlelength=3.6,
    )
    return figure


def _told(frame: pd.DataFrame, brief: bool) -> str:
    """What comes of folding in the _TITLED likes, beside the studies' way unless ``brief``."""
    likes = _TITLED if (frame["listens"] == _TITLED).any() else frame["listens"].max()
    found = frame[frame["listens"] == likes].set_index("method")["ndcg"]
    told = f"{likes} likes and friends"
    if brief:
        return f"{told}: {found['fold-in']:.3f}"
    return f"{told} folded in: {found['fold-in']:.3f}; neighbours' mean: {found['neighbours']:.3f}"


def _newcomers(axes: Axes, frame: pd.DataFrame) -> None:
    for place, (method, words) in enumerate(_METHODS.items()):
        rows = frame[frame["method"] == method]
        axes.fill_between(
            rows["listens"], rows["ci_low"], rows["ci_high"], color=COLOURS[place], alpha=0.1, lw=0
        )
        axes.plot(
            rows["listens"],
            rows["ndcg"],
            color=COLOURS[place],
            linestyle=_LINES[place],
            marker=MARKERS[place],
            # Where methods agree, the one below looks out behind the one above.
            markersize=7 - 0.8 * place,
            linewidth=1.4,
            label=words,
        )
    axes.set_xticks(sorted(frame["listens"].unique()))
    axes.set_ylim(bottom=0)
    plain_numbers(axes, "x", "y")


@picture
def knobs(frame: pd.DataFrame) -> Figure:
    """What is measured by each knob's value: a column a knob, a row a measure, a line a model.

    ``frame`` is that of ``evaluate --knobs``. Level lines show each model with its knobs at rest.
    """
    models = [rows for _, rows in frame.groupby("model", sort=False)]
    turned = [knob for knob in _KNOBS if (frame["knob"] == knob).any()]
    figure = new_figure(7.6)
    grid = figure.subplots(len(_MEASURES), len(turned), squeeze=False, sharex="col", sharey="row")
    for knob, column in zip(turned, grid.T, strict=True):
        for measure, axes in zip(_MEASURES, column, strict=True):
            for place, rows in enumerate(models):
                _turned(axes, rows, knob, measure, place)
            _roots(axes)
        column[0].set_title(knob)
        column[-1].set_xlabel(_KNOBS[knob])
    for words, axes in zip(_MEASURES.values(), grid[:, 0], strict=True):
        axes.set_ylabel(words.format(k=frame["k"].iloc[0]))
    figure.align_ylabels()
    figure.suptitle(_cheap(models), x=0.01, ha="left", fontsize=10, fontweight="bold")
    _knobs_legend(figure, *grid[0, 0].get_legend_handles_labels())
    return figure


def _knobs_legend(figure: Figure, handles: list[Any], words: list[str]) -> None:
    """The models, and level lines in the colours of the first of them."""
    level = [
        Line2D([], [], color=line.get_color(), alpha=_FAINT, linewidth=0.8) for line in handles[:3]
    ]
    shown: list[Any] = [*handles, tuple(level)]
    figure.legend(
        shown,
        [*words, "as it is: no novelty, no diversity, its own weights"],
        loc="outside lower center",
        ncols=columns(words, 2),
        handlelength=3.6,
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.3)},
    )


def _turned(axes: Axes, frame: pd.DataFrame, knob: str, measure: str, place: int) -> None:
    scale = 100 if measure == "coverage" else 1
    colour = COLOURS[place % len(COLOURS)]
    for value in _at_rest(frame)[measure]:
        axes.axhline(scale * value, color=colour, alpha=_FAINT, linewidth=0.8)
    rows = frame[frame["knob"] == knob]
    axes.plot(
        rows["value"],
        scale * rows[measure],
        color=colour,
        linestyle=_LINES[place % len(_LINES)],
        marker=MARKERS[place % len(MARKERS)],
        markersize=3.5,
        linewidth=1.2,
        label=short(frame["model"].iloc[0], 44),
    )


def _roots(axes: Axes) -> None:
    """Spread the small values of a knob, which are those that are used."""
    axes.set_xscale(
        "function",
        functions=(lambda x: np.sign(x) * np.sqrt(np.abs(x)), lambda x: np.sign(x) * x**2),
    )
    axes.set_xticks(_TICKS)
    axes.set_xlim(-0.003, 1.1)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
    plain_numbers(axes, "x", "y")


def _at_rest(frame: pd.DataFrame) -> pd.DataFrame:
    """The row of one model's rows in which no knob is turned."""
    return frame[(frame["knob"] == "novelty") & (frame["value"] == 0)]


def _cheap(models: Sequence[pd.DataFrame]) -> str:
    """How far one model's novelty and diversity turn at a cost of _CHEAP at most, as a title."""
    frame = models[0]
    ndcg = f"NDCG@{frame['k'].iloc[0]}"
    if len(models) > 1:
        return f"What each knob costs in {ndcg}, and what it wins"
    least = (1 - _CHEAP) * _at_rest(frame)["ndcg"].iloc[0]
    furthest = {}
    for knob in ("novelty", "diversity"):
        rows = frame[frame["knob"] == knob]
        dear = rows[rows["ndcg"] < least]["value"].min()
        furthest[knob] = rows[~(rows["value"] >= dear)]["value"].max()
    model = short(frame["model"].iloc[0], 70)
    between = ": " if len(model) < _BESIDE else ":\n"
    return (
        f"{model}{between}{100 * _CHEAP:.0f} % of its {ndcg} buys novelty up to "
        f"{furthest['novelty']:g} or diversity up to {furthest['diversity']:g}"
    )
