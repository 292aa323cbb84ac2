"""Names beside points: no name hides a marker, another name or the line of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.text import Text
from numpy.typing import NDArray

from tastegraph.analysis.pictures.fonts import families, settle
from tastegraph.analysis.pictures.style import short
from tastegraph.graph.frames import NAME

X, Y = "x", "y"

# Area of the ring around a named point, in points squared, the second around one in bold: at
# least so much, and so many times as much as its marker.
_RINGS = (26.0, 70.0)
_AROUND = (2.4, 4.0)

Pixels = NDArray[np.float64]

# Pixels from a ring to its name that are tried, nearest first, and directions, the right first.
_GAPS = (3.0, 10.0, 18.0, 28.0, 40.0, 54.0, 70.0, 88.0, 108.0, 130.0)
_ANGLES = np.array(sorted(np.arange(-180, 180, 15), key=lambda at: (abs(at), -at)))

# A name this far from its ring, in pixels, has a line to it.
_APART = 6.0

# Pixels between two places of a line that are looked at.
_STEP = 3.0

_GREY = "#555555"


@dataclass
class _Taken:
    """What names keep away from, in pixels.

    boxes    (n, 4) left, bottom, right, top    names
    markers  (n, 3) x, y, radius
    lines    (n, 2) places along the lines of names
    rings    (n, 3) x, y, radius                points that have their name
    coming   (n, 3) x, y, radius                all points that may get one
    """

    markers: Pixels
    coming: Pixels
    boxes: list[Pixels] = field(default_factory=list)
    lines: list[Pixels] = field(default_factory=list)
    rings: list[Pixels] = field(default_factory=list)


def label_points(
    axes: Axes,
    frame: pd.DataFrame,
    bold: Sequence[bool],
    most: int | None = None,
    area: float = 11.0,
) -> NDArray[np.bool_]:
    """Ring points of ``frame`` (columns x, y, name) and name them beside; gives which.

    Their markers have ``area`` points squared. Bold ones come first, then the others in order,
    ``most`` in all. One that has no room is left out: for a bold name, the place that hides least
    is taken. Names that stand apart have a line to their point.
    """
    figure = axes.get_figure(root=True)
    named = np.zeros(len(frame), dtype=np.bool_)
    if figure is None or frame.empty:
        return named
    axes.margins(0.06)
    settle(figure)
    figure.draw_without_rendering()
    rings = np.where(bold, *(max(_RINGS[at], _AROUND[at] * area) for at in (1, 0)))
    points = axes.transData.transform(frame[[X, Y]].to_numpy(dtype=np.float64))
    radii = _radius(axes, rings)
    coming = np.column_stack([points, radii])
    taken = _Taken(np.vstack([_markers(axes), coming]), coming)
    names = frame[NAME].tolist()
    for at in sorted(range(len(frame)), key=lambda at: not bold[at]):
        if most is not None and named.sum() >= most and not bold[at]:
            break
        named[at] = _label(axes, taken, coming[at], names[at], bool(bold[at]))
    axes.scatter(
        frame.loc[named, X],
        frame.loc[named, Y],
        s=rings[named],
        facecolors="none",
        edgecolors="black",
        linewidths=np.where(bold, 1.4, 0.7)[named].tolist(),
        zorder=4,
    )
    return named


def _label(axes: Axes, taken: _Taken, ring: Pixels, name: object, strong: bool) -> bool:
    """Write ``name`` beside ``ring`` where there is room; whether it stands."""
    text = _text(axes, name, strong)
    extent = text.get_window_extent()
    point, radius = ring[:2], float(ring[2])
    boxes = _places(point, radius, extent.width, extent.height)
    boxes = boxes[_inside(boxes, axes)]
    place = _first_free(boxes, ring, taken)
    if place is None and strong and len(boxes):
        place = int(np.argmin([_hidden(box, taken) for box in boxes]))
    if place is None:
        text.remove()
        return False
    box = boxes[place]
    text.set_position(_in_data(axes, box[:2]))
    line = _line(point, radius, box)
    if len(line):
        ends = np.array([_in_data(axes, end) for end in (line[0], line[-1])])
        axes.plot(*ends.T, color=_GREY, linewidth=0.6, zorder=3.5, in_layout=False)
    taken.boxes.append(box)
    taken.lines.append(line)
    taken.rings.append(ring)
    return True


def _text(axes: Axes, name: object, strong: bool) -> Text:
    words = short(name)
    return axes.text(
        *_in_data(axes, np.asarray(axes.bbox.min)),
        words,
        fontsize=8 if strong else 7.5,
        fontweight="bold" if strong else "normal",
        fontfamily=families(words),
        ha="left",
        va="bottom",
        zorder=5,
        # The parts of the picture stay where they are while names find their places.
        in_layout=False,
    )


def _markers(axes: Axes) -> Pixels:
    """All points of scatters: x, y and radius in pixels."""
    found = [np.empty((0, 3))]
    for each in axes.collections:
        offsets = np.asarray(each.get_offsets())
        if isinstance(each, PathCollection) and len(offsets):
            centres = axes.transData.transform(offsets)
            radii = np.broadcast_to(_radius(axes, np.asarray(each.get_sizes())), len(centres))
            found.append(np.column_stack([centres, radii]))
    return np.vstack(found)


def _radius(axes: Axes, area: Any) -> Any:
    """Pixels from the middle to the corner of a marker of ``area`` points squared."""
    figure = axes.get_figure(root=True)
    return 0.6 * np.sqrt(area) * (figure.dpi if figure is not None else 72.0) / 72


def _places(point: Pixels, radius: float, width: float, height: float) -> Pixels:
    """Boxes around ``point`` that a name may have, the best first; (n, 4)."""
    turn = np.deg2rad(_ANGLES)
    ways = np.column_stack([np.cos(turn), np.sin(turn)])
    size = np.array([width, height])
    boxes = []
    for gap in _GAPS:
        # A name ends where the way from its point meets it.
        middles = point + ways * (radius + gap) + np.sign(np.round(ways, 6)) * size / 2
        level = np.abs(ways[:, 1]) < 0.5
        middles[level, 1] = (point + ways[level] * (radius + gap))[:, 1]
        boxes.append(np.hstack([middles - size / 2, middles + size / 2]))
    return np.vstack(boxes)


def _inside(boxes: Pixels, axes: Axes) -> NDArray[np.bool_]:
    room = axes.get_window_extent()
    low, high = np.array([room.x0, room.y0]), np.array([room.x1, room.y1])
    return np.asarray((boxes[:, :2] >= low + 1).all(axis=1) & (boxes[:, 2:] <= high).all(axis=1))


def _first_free(boxes: Pixels, ring: Pixels, taken: _Taken) -> int | None:
    """The best box that hides nothing, its line off other rings: of names to come if it can be."""
    point, radius = ring[:2], float(ring[2])
    met = any(_touches(line, ring) for line in taken.lines)
    if met or any(_touches(point[None], other) for other in taken.rings):
        # Nobody could tell which of the two points is meant.
        return None
    others = [other for other in taken.coming if (other != ring).any()]
    second = None
    for place, box in enumerate(boxes):
        if _hidden(box, taken) or _is_crossing(line := _line(point, radius, box), taken):
            continue
        if not any(_touches(line, other) for other in others):
            return place
        second = place if second is None else second
    return second


def _touches(line: Pixels, ring: Pixels) -> bool:
    return bool((np.hypot(*(line - ring[:2]).T) < ring[2] + 1).any())


def _hidden(box: Pixels, taken: _Taken) -> int:
    """How many markers, names and places of lines a name in ``box`` would lie on."""
    count = int(_within(taken.markers, box, taken.markers[:, 2]).sum())
    for other in taken.boxes:
        count += 1_000 * bool((box[:2] < other[2:] + 2).all() and (other[:2] < box[2:] + 2).all())
    for line in taken.lines:
        count += 100 * int(_within(line, box, 1.0).any())
    for ring in taken.rings:
        count += 100 * bool(_within(ring[None], box, float(ring[2])).any())
    return count


def _within(places: Pixels, box: Pixels, margin: Pixels | float) -> NDArray[np.bool_]:
    """Which ``places``, by their first two columns, are in ``box`` or as near as ``margin``."""
    x, y = places[:, 0], places[:, 1]
    left, bottom, right, top = box
    level = (x > left - margin) & (x < right + margin)
    return np.asarray(level & (y > bottom - margin) & (y < top + margin))


def _line(point: Pixels, radius: float, box: Pixels) -> Pixels:
    """Places from the ring to the name in ``box``; (n, 2), none where the name stands close."""
    end = np.clip(point, box[:2], box[2:])
    length = float(np.hypot(*(end - point)))
    if length - radius < _APART:
        return np.empty((0, 2))
    along = np.linspace(radius / length, 1, max(int((length - radius) / _STEP), 2))
    return np.asarray(point + along[:, None] * (end - point))


def _is_crossing(line: Pixels, taken: _Taken) -> bool:
    """Whether a line runs through another's name or ring, or comes close to another line."""
    if not len(line):
        return False
    through = any(_within(line, other, 1.0).any() for other in taken.boxes)
    rings = any(_touches(line, ring) for ring in taken.rings)
    return through or rings or any(_is_close(line, other) for other in taken.lines)


def _is_close(line: Pixels, other: Pixels) -> bool:
    if not len(other):
        return False
    apart = np.hypot(*(line[:, None] - other[None]).transpose(2, 0, 1))
    return bool(apart.min() < _STEP)


def _in_data(axes: Axes, place: Pixels) -> tuple[float, float]:
    x, y = axes.transData.inverted().transform(place)
    return float(x), float(y)
