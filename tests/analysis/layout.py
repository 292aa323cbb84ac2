"""Whether a picture can be read: nothing cut off, no labels on top of each other."""

from collections.abc import Iterator
from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tastegraph.analysis.pictures.style import styled

# Boxes of texts have a margin: this many pixels beyond the edge cut nothing.
_MARGIN = 2.0


def assert_readable(figure: Figure) -> None:
    """Every text lies inside the figure, none is on another, all axes say what they are."""
    with styled():
        figure.draw_without_rendering()
        texts = [(text, text.get_window_extent()) for text in _drawn(figure)]
        cut = [text.get_text() for text, box in texts if not _inside(figure, box)]
        assert not cut, f"cut off: {cut}"
        groups = [
            group
            for axes in figure.axes
            for group in (
                _tick_labels(axes.xaxis),
                _tick_labels(axes.yaxis),
                [*filter(_shown, axes.texts)],
            )
        ]
        inside = {text for group in groups for text in group}
        # Titles, what axes are called, and legends.
        groups.append([text for text, _ in texts if text not in inside])
        overlapping = [pair for group in groups for pair in _overlapping(group)]
        assert not overlapping, f"on top of each other: {overlapping}"
        assert all(_labelled(axes) for axes in figure.axes if axes.axison), "no labels"
    assert figure.get_suptitle() or any(axes.get_title("left") for axes in figure.axes), "no title"


def _labelled(axes: Axes) -> bool:
    """Whether the axes, or those that share theirs, say what they are."""
    across = axes.get_shared_x_axes().get_siblings(axes)
    beside = axes.get_shared_y_axes().get_siblings(axes)
    return any(each.get_xlabel() for each in across) or any(each.get_ylabel() for each in beside)


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
    return [tick.label1 for tick in ticks if _shown(tick.label1)]


def _shown(text: Text) -> bool:
    return bool(text.get_visible() and text.get_text().strip() and text.get_window_extent().width)


def _inside(figure: Figure, box: Bbox) -> bool:
    page = figure.bbox
    return bool(
        box.x0 >= page.x0 - _MARGIN
        and box.y0 >= page.y0 - _MARGIN
        and box.x1 <= page.x1 + _MARGIN
        and box.y1 <= page.y1 + _MARGIN
    )


def _overlapping(texts: list[Text]) -> list[tuple[str, str]]:
    boxes = [(text.get_text(), text.get_window_extent().padded(-1.0)) for text in texts]
    return [
        (one, other)
        for (one, first), (other, second) in combinations(boxes, 2)
        if first.overlaps(second)
    ]
