"""What all pictures share: size, colours, type, and how they are saved."""

import functools
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import ParamSpec
from unicodedata import bidirectional

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from tastegraph.analysis.pictures.fonts import STANDARD, settle, width
from tastegraph.runtime.process import quieten
from tastegraph.runtime.whole_file import whole_file

P = ParamSpec("P")

SUFFIXES = (".png", ".svg", ".pdf")

# Inches: the width of a printed page's text.
WIDTH = 7.0
DPI = 150

# Okabe and Ito's colours, which the colour-blind tell apart, and four that stay apart from them;
# the last is for "other".
BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILION, BLACK = "#56B4E9", "#D55E00", "#000000"
BROWN, WINE, LIME, VIOLET, ROSE = "#6B4423", "#882255", "#B5CF3A", "#6A3FD0", "#E8A9B8"
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BROWN, BLACK, WINE, LIME, VIOLET, ROSE)
GREY = "#9A9A9A"
# Shapes say the same as colours, for black-and-white print.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", "p", ">", "d")

# Widths of an n: what a label has room for, a legend in all, and the marker of one of its words.
_LONGEST, _ROOM, _MARKED = 26, 96.0, 6.0

# Stands for what a name has no room for, and the mark around names that read from the right.
_MORE, _LEFT_TO_RIGHT = "…", "\u200e"

# Signs that join others, as in emoji, are left out; any other that can't be seen is a space.
_IN_PLACE = {"\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": ""}

_STYLE = {
    "font.family": [STANDARD],
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    # A dollar sign in a name is a dollar sign.
    "text.parse_math": False,
    "axes.formatter.use_mathtext": False,
    # The same picture gives the same file.
    "svg.hashsalt": "tastegraph",
    "pdf.fonttype": 42,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the shared style, without words about fonts."""
    quieten("matplotlib", logging.ERROR)
    with mpl.rc_context(_STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield


def picture(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make ``draw`` draw in the shared style, with a font for every letter that has one."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with styled():
            figure = draw(*args, **kwargs)
            # Ticks get their labels, and parts their places, now and in this style.
            figure.draw_without_rendering()
            if settle(figure):
                figure.draw_without_rendering()
            figure.set_layout_engine("none")
        return figure

    return drawn


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure of ``width`` x ``height`` inches that arranges its parts itself."""
    return Figure(figsize=(width, height), layout="constrained", dpi=DPI)


def save(figure: Figure, file: Path) -> None:
    """Write ``figure`` to ``file``, as its suffix says: the whole file or nothing.

    Raises InputError where it can't be written.
    """
    with whole_file(file) as unfinished:
        unfinished.write_bytes(rendered(figure, file.suffix.lower().lstrip(".")))


def rendered(figure: Figure, kind: str = "png", dpi: int = DPI) -> bytes:
    """``figure`` as a png, svg or pdf, without date."""
    undated = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    buffer = BytesIO()
    with styled():
        figure.savefig(buffer, format=kind, dpi=dpi, metadata=undated[kind])
    return buffer.getvalue()


def said(figure: Figure) -> str:
    """What the titles of ``figure`` say, as one sentence."""
    titles = [figure.get_suptitle(), *(axes.get_title("left") for axes in figure.axes)]
    return "; ".join(" ".join(title.split()) for title in titles if title)


def short(name: object, longest: int = _LONGEST) -> str:
    """A name on one line, cut where it is wider than ``longest`` letters n."""
    visible = (sign if sign.isprintable() else _IN_PLACE.get(sign, " ") for sign in str(name))
    line = " ".join("".join(visible).split())
    if width(line) > longest:
        room = longest - width(_MORE)
        fitting = [end for end in range(len(line)) if width(line[:end]) <= room]
        line = f"{line[: fitting[-1]].rstrip()}{_MORE}"
    if any(bidirectional(letter) in ("R", "AL") for letter in line):
        # What stands beside the name keeps its place.
        return f"{_LEFT_TO_RIGHT}{line}{_LEFT_TO_RIGHT}"
    return line


def columns(words: Sequence[str], most: int = 4) -> int:
    """How many columns of a legend have room for ``words`` and their markers, ``most`` at most."""
    widest = max(map(width, words), default=0.0) + _MARKED
    return max(1, min(most, int(_ROOM / widest)))


def counted(number: float) -> str:
    """A number as a tick has room for it: 0.25, 1e-05, 2,500, 10k, 2.5M."""
    size = abs(number)
    if size >= 1e6:
        return f"{number / 1e6:,g}M"
    if size >= 1e4:
        return f"{number / 1e3:g}k"
    if 0 < size < 1e-3:
        return f"{number:.0e}"
    return f"{number:,.0f}" if size >= 1e3 else f"{number:g}"


def plain_numbers(axes: Axes, *names: str) -> None:
    """Tick labels of the axes ``names`` ("x", "y") as plain numbers, and enough of them."""
    for name in names:
        axis = axes.xaxis if name == "x" else axes.yaxis
        axis.set_major_formatter(FuncFormatter(lambda number, _: counted(number)))
        if axis.get_scale() == "log":
            axis.set_minor_formatter(NullFormatter())
            low, high = axis.get_view_interval()
            if high < 100 * low:
                axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
