"""A heat map of tags given together."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.fonts import width
from tastegraph.analysis.pictures.style import WIDTH, new_figure, picture, short

# Inches of a square, of all of them at least, of a letter n of a name, and of an axis's label.
_SQUARE, _LEAST, _LETTER, _LABEL = 0.2, 1.6, 0.071, 0.45


@picture
def co_occurrence(frame: pd.DataFrame) -> Figure:
    """Which tags go together, from the frame of ``figures.tags.co_occurrence``."""
    shares = 100 * frame.to_numpy()
    # Squares keep their size, so that names stay readable: the figure grows with them.
    names = [short(name) for name in frame.index]
    side = max(_LEAST, _SQUARE * len(frame))
    beside = _LETTER * max(map(width, names)) + _LABEL
    figure = new_figure(side + beside + 0.4, max(WIDTH, side + beside + 1.0))
    axes = figure.subplots()
    image = axes.imshow(np.ma.masked_invalid(shares), cmap="cividis", aspect="equal")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set(xlabel="carry this tag as well", ylabel="of the artists with this tag")
    figure.suptitle(_title(frame), x=0.01, ha="left", fontsize=10, fontweight="bold")
    if np.isfinite(shares).any():
        figure.colorbar(image, ax=axes, label="share of artists, %", shrink=0.8)
    return figure


def _title(frame: pd.DataFrame) -> str:
    shares = frame.to_numpy()
    if len(frame) < 2:
        return f"“{short(frame.index[0], 20)}” is the only tag"
    row, column = divmod(int(np.nanargmax(shares)), len(frame))
    one, other = short(frame.index[row], 20), short(frame.columns[column], 20)
    return f"{100 * shares[row, column]:.0f} % of “{one}” artists are “{other}” as well"
