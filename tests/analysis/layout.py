"""Whether a picture can be read: nothing cut off, nothing hidden by words, no words by words."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from tastegraph.analysis.pictures.style import said, styled

# Boxes of texts have a margin: this many pixels beyond the edge cut nothing.
_MARGIN = 2.0

# Points of the smallest type, and how many of them a line on the report's page is high at least.
_SMALLEST = 7.0

Boxes = list[tuple[str, Bbox]]


def assert_readable(figure: Figure) -> None:
    """Every text lies inside the figure, none on another or on a marker; all is labelled."""
    with styled():
        figure.draw_without_rendering()
        texts = [*_drawn(figure)]
        boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
        cut = [words for words, box in boxes if not _inside(figure.bbox, box)]
        assert not cut, f"cut off: {cut}"
        assert not (pairs := [*_overlapping(boxes)]), f"on top of each other: {pairs}"
        hidden = [pair for axes in figure.axes for pair in _hidden(axes)]
        assert not hidden, f"on markers: {hidden}"
        long = [axes.get_ylabel() for axes in figure.axes if _is_too_long(axes)]
        assert not long, f"longer than their axes: {long}"
        assert all(_labelled(axes) for axes in figure.axes if axes.axison), "no labels"
    small = [text.get_text() for text in texts if text.get_fontsize() < _SMALLEST]
    assert not small, f"too small: {small}"
    assert said(figure), "no title"


def names_of(axes: Axes) -> dict[str, Bbox]:
    """The boxes of texts inside ``axes``."""
    return {text.get_text(): text.get_window_extent() for text in axes.texts if _shown(text)}


def _labelled(axes: Axes) -> bool:
    """Whether the axes, or those that share theirs, say what they are."""
    across = axes.get_shared_x_axes().get_siblings(axes)
    beside = axes.get_shared_y_axes().get_siblings(axes)
    return any(each.get_xlabel() for each in across) or any(each.get_ylabel() for each in beside)


def _is_too_long(axes: Axes) -> bool:
    label = axes.yaxis.label
    room = axes.get_window_extent().height + 2 * _MARGIN
    return _shown(label) and label.get_window_extent().height > room


def _drawn(figure: Figure) -> Iterator[Text]:
    """All texts but the labels of ticks that are out of sight."""
    axes = [axis for each in figure.axes for axis in (each.xaxis, each.yaxis)]
    ticks = [tick for axis in axes for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())]
    hidden = {label for tick in ticks for label in (tick.label1, tick.label2)}
    hidden -= {label for axis in axes for label in _tick_labels(axis)}
    for text in figure.findobj(Text):
        if text not in hidden and _shown(text):
            yield text


def _tick_labels(axis: Axis) -> list[Text]:
    low, high = sorted(axis.get_view_interval())
    if not axis.axes.axison:
        return []
    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    labels = [label for tick in ticks for label in (tick.label1, tick.label2)]
    return [label for label in labels if _shown(label)]


def _shown(text: Text) -> bool:
    return bool(text.get_visible() and text.get_text().strip() and text.get_window_extent().width)


def _inside(page: Bbox, box: Bbox) -> bool:
    return bool(
        box.x0 >= page.x0 - _MARGIN
        and box.y0 >= page.y0 - _MARGIN
        and box.x1 <= page.x1 + _MARGIN
        and box.y1 <= page.y1 + _MARGIN
    )


def _overlapping(boxes: Boxes) -> Iterator[tuple[str, str]]:
    for (one, first), (other, second) in combinations(boxes, 2):
        if first.padded(-1.0).overlaps(second.padded(-1.0)):
            yield one, other


def _hidden(axes: Axes) -> Iterator[tuple[str, list[float]]]:
    """Texts, and legends, of ``axes`` with a marker below them."""
    markers = _markers(axes)
    boxes: Sequence[tuple[str, Bbox]] = [*names_of(axes).items()]
    if (legend := axes.get_legend()) is not None:
        boxes = [*boxes, ("legend", legend.get_window_extent())]
    for words, box in boxes:
        inside = ((markers > [box.x0, box.y0]) & (markers < [box.x1, box.y1])).all(axis=1)
        if inside.any():
            yield words, markers[inside][0].tolist()


def _markers(axes: Axes) -> NDArray[np.float64]:
    """Where markers are, in pixels."""
    found = [np.empty((0, 2))]
    for each in axes.collections:
        if isinstance(each, PathCollection) and len(each.get_offsets()):
            found.append(axes.transData.transform(np.asarray(each.get_offsets())))
    for line in axes.lines:
        if line.get_marker() not in ("None", "", " ", None) and len(line.get_xydata()):
            found.append(line.get_transform().transform(np.asarray(line.get_xydata())))
    return np.vstack(found)
