"""How a model treats the popular and the rare."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tastegraph.graph.popularity_bands import BANDS, bands_of
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.evaluation.compare import SeedRuns
from tastegraph.models.evaluation.metrics import hits

COLUMNS = ("model", "k", "band", "artists", "precision", "share", "held_share")


def bands(data: Dataset) -> NDArray[np.intp]:
    """Band of each artist by the listens of ``data``, as a place in BANDS, shape (artists,)."""
    return bands_of(data.listeners)


def band_table(runs: Sequence[SeedRuns], ks: Sequence[int]) -> pd.DataFrame:
    """One row a model, k and band; columns COLUMNS.

    precision is the share of hits among the recommendations of the band's artists, share the
    band's part of all recommendations, held_share its part of the held-out listens, which is
    the share of a recommender that is fair to the bands. Means over seeds.
    """
    rows = [
        {"model": label, "k": k, **row}
        for label in runs[0].by_model
        for k in ks
        for row in _mean_rows([_rows(run, label, k) for run in runs])
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(run: SeedRuns, label: str, k: int) -> pd.DataFrame:
    band_of, held = bands(run.split.data), run.split.held[run.split.users]
    top = run.by_model[label].ranking.top[:, :k]
    found, band = hits(top, held)[top >= 0], band_of[top[top >= 0]]
    size = len(BANDS)
    listed, hit = np.bincount(band, minlength=size), np.bincount(band, found, minlength=size)
    wanted = np.bincount(band_of[held.indices], minlength=size)
    return pd.DataFrame(
        {
            "artists": np.bincount(band_of, minlength=size),
            "precision": np.divide(hit, listed, out=np.full(size, np.nan), where=listed > 0),
            "share": listed / max(listed.sum(), 1),
            "held_share": wanted / max(wanted.sum(), 1),
        }
    )


def _mean_rows(frames: Sequence[pd.DataFrame]) -> list[dict[str, object]]:
    mean = pd.concat(frames).groupby(level=0).mean()
    counts = mean["artists"].round().astype(int)
    columns = mean.assign(band=BANDS, artists=counts)
    names = list(columns.columns)
    return [dict(zip(names, row, strict=True)) for row in columns.itertuples(index=False)]
