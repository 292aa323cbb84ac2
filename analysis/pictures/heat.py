"""A heat map of tags given together."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tastegraph.analysis.pictures.style import new_figure, picture, short


@picture
def co_occurrence(frame: pd.DataFrame) -> Figure:
    """Which tags go together, from the frame of ``figures.tags.co_occurrence``."""
    shares = 100 * frame.to_numpy()
    figure = new_figure(6.6)
    axes = figure.subplots()
    image = axes.imshow(np.ma.masked_invalid(shares), cmap="cividis", aspect="equal")
    names = [short(name, 20) for name in frame.index]
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set(xlabel="carry this tag as well", ylabel="of the artists with this tag")
    axes.set_title(_title(frame))
    figure.colorbar(image, ax=axes, label="share of artists, %", shrink=0.8)
    return figure


def _title(frame: pd.DataFrame) -> str:
    shares = frame.to_numpy()
    if len(frame) < 2:
        return "Tags that artists carry together"
    row, column = divmod(int(np.nanargmax(shares)), len(frame))
    one, other = short(frame.index[row], 20), short(frame.columns[column], 20)
    return f"{100 * shares[row, column]:.0f} % of “{one}” artists are “{other}” as well"
