"""Names beside points: on no marker, on no other name, their lines to their own points."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.names import label_points
from tastegraph.analysis.pictures.style import COLOURS, GREY, MARKERS, new_figure, short, styled
from tests.analysis.layout import assert_readable, names_of

# From linear light to how red-blind (protanopes) and green-blind (deuteranopes) see it: Machado,
# Oliveira and Fernandes 2009, severity 1.
SEEN = {
    "all": np.eye(3),
    "red-blind": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "green-blind": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def scattered(points: np.ndarray) -> tuple[Figure, Axes]:
    figure = new_figure(4.0)
    axes = figure.subplots()
    axes.scatter(*points.T, s=11)
    axes.set_title("points")
    axes.set_xlabel("x")
    return figure, axes


@pytest.mark.parametrize("crowd", [0, 40, 800])
def test_names_hide_nothing_and_their_lines_end_at_their_points(crowd: int) -> None:
    random = np.random.default_rng(crowd)
    points = random.normal(size=(30 + crowd, 2))
    frame = pd.DataFrame(points[:30], columns=["x", "y"]).assign(
        name=[f"Artist {at}" for at in range(30)]
    )
    with styled():
        figure, axes = scattered(points)
        named = label_points(axes, frame, [at == 3 for at in range(30)], 20)
        figure.draw_without_rendering()
    assert named[3]
    assert 8 <= named.sum() <= 20
    assert set(names_of(axes)) == set(frame.loc[named, "name"])
    assert_readable(figure)
    rings = axes.transData.transform(frame.loc[named, ["x", "y"]].to_numpy())
    boxes = names_of(axes)
    for line in axes.lines:
        ends = axes.transData.transform(line.get_xydata())
        own = np.hypot(*(rings - ends[0]).T).argmin()
        box = boxes[frame.loc[named, "name"].iloc[own]].padded(3.0)
        assert box.contains(*ends[1])
        # The line passes no other ring.
        along = ends[0] + np.linspace(0, 1, 50)[:, None] * (ends[1] - ends[0])
        nearest = np.hypot(*(along[:, None] - rings[None]).transpose(2, 0, 1)).min(axis=0)
        assert (np.delete(nearest, own) > 5).all()


def test_of_points_that_coincide_one_has_a_name() -> None:
    frame = pd.DataFrame({"x": [0.0] * 5 + [1.0], "y": 0.0, "name": list("abcdef")})
    with styled():
        _, axes = scattered(frame[["x", "y"]].to_numpy())
        assert label_points(axes, frame, [False] * 6).tolist() == [True] + [False] * 4 + [True]


def test_names_are_cut_by_their_width() -> None:
    assert short("i" * 40) == "i" * 40
    assert len(short("W" * 40)) < 20
    assert short("W" * 40).endswith("…")
    assert short("椎名林檎") == "椎名林檎"


@pytest.mark.parametrize("eyes", SEEN)
def test_colours_are_told_apart(eyes: str) -> None:
    seen = np.array([lab(colour, SEEN[eyes]) for colour in COLOURS])
    apart = np.hypot.reduce((seen[:, None] - seen[None]).transpose(2, 0, 1), axis=0)
    assert apart[~np.eye(len(COLOURS), dtype=bool)].min() > 11
    assert len(set(COLOURS)) == len(COLOURS) == len(set(MARKERS))
    assert GREY not in COLOURS


def lab(colour: str, eyes: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of a colour, as ``eyes`` see it."""
    sent = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    light = np.where(sent <= 0.04045, sent / 12.92, ((sent + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.072175],
            [0.0193339, 0.119192, 0.9503041],
        ]
    )
    white = np.array([0.95047, 1, 1.08883])
    part = to_xyz @ np.clip(eyes @ light, 0, 1) / white
    root = np.where(part > 0.008856, np.cbrt(part), 7.787 * part + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
