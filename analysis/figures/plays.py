"""How plays are spread, before and after each scaling."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.sparse import csr_array

from tastegraph.models.data.scalings import SCALINGS, cut, scaled

SCALING = "scaling"
RAW = "plays"
DENSITY = "density"
VALUE = "value"

# Listens above this percentile count as outliers.
PERCENTILE = 99.0
# So many quartile distances beyond a quartile, a listen is an outlier (Tukey's fences).
FENCES = 1.5

# Points at which a density is given, and the bins that it is smoothed from.
_POINTS = 400

# Values that differ by no more, relative to them, are one.
_SAME = 1e-9

# Outliers at each end that are told one by one.
_OUTERMOST = 100

Floats = NDArray[np.float64]


def values_by_scaling(plays: csr_array) -> dict[str, Floats]:
    """The values of all listens: as they are (under RAW), and after each scaling."""
    values = {RAW: np.asarray(plays.data, dtype=np.float64)}
    return values | {name: np.asarray(scaled(plays, name).data) for name in SCALINGS}


def spread(values: dict[str, Floats]) -> pd.DataFrame:
    """One row a scaling of ``values``, which must not be empty.

    Columns scaling, mean, min, q1, median, q3, max; low and high, the least and the largest
    value within FENCES quartile distances of the quartiles; outliers_by_percentile, values above
    the 99th percentile; outliers_by_quartiles, values outside the fences.
    """
    rows = []
    for name, entries in values.items():
        q1, median, q3, top = np.percentile(entries, [25, 50, 75, PERCENTILE])
        reach = FENCES * (q3 - q1)
        inside = entries[(entries >= q1 - reach) & (entries <= q3 + reach)]
        rows.append(
            {
                SCALING: name,
                "mean": entries.mean(),
                "min": entries.min(),
                "q1": q1,
                "median": median,
                "q3": q3,
                "max": entries.max(),
                "low": inside.min(),
                "high": inside.max(),
                "outliers_by_percentile": int((entries > top).sum()),
                "outliers_by_quartiles": len(entries) - len(inside),
            }
        )
    return pd.DataFrame(rows)


def outliers(values: dict[str, Floats], spread: pd.DataFrame) -> pd.DataFrame:
    """Columns scaling, value: the values beyond low and high of ``spread``, ascending.

    Of many, the outermost and _POINTS others, evenly by rank.
    """
    frames = []
    for row in spread.to_dict("records"):
        entries = values[row[SCALING]]
        beyond = np.sort(entries[(entries < row["low"]) | (entries > row["high"])])
        places = np.arange(len(beyond))
        outermost = (places < _OUTERMOST) | (places >= len(beyond) - _OUTERMOST)
        even = places % max(len(beyond) // _POINTS, 1) == 0
        kept = beyond[outermost | even]
        frames.append(pd.DataFrame({SCALING: row[SCALING], VALUE: kept}))
    return pd.concat(frames, ignore_index=True)


def after_cut(plays: csr_array, percentile: float = PERCENTILE) -> dict[str, int]:
    """What the cut above ``percentile`` leaves out, and whom it leaves with a listen."""
    kept = cut(plays, percentile)
    return {
        "listens left out": plays.nnz - kept.nnz,
        "users left": int(np.count_nonzero(np.diff(kept.indptr))),
        "artists left": len(np.unique(kept.indices)),
    }


def densities(values: dict[str, Floats]) -> pd.DataFrame:
    """Columns scaling, value, density: smoothed, at evenly spaced places.

    Values that are all above 0 and span more than a factor of 100 are spaced by their logarithm
    (the density is that of the logarithm, to base 10). The kernel is Gaussian, its width
    Silverman's, reflected at the ends. A scaling whose values are all the same has one row, of
    density infinity.
    """
    frames = []
    for name, entries in values.items():
        positive = entries[entries > 0]
        by_log = is_wide(entries)
        used = np.log10(positive) if by_log else entries
        at, density = _smoothed(used)
        frames.append(
            pd.DataFrame({SCALING: name, VALUE: 10**at if by_log else at, DENSITY: density})
        )
    return pd.concat(frames, ignore_index=True)


def is_wide(entries: Floats) -> bool:
    """Whether values are better seen on a logarithmic axis."""
    positive = entries[entries > 0]
    return bool(
        len(positive)
        and (entries >= 0).all()
        and len(positive) > 0.99 * len(entries)
        and positive.max() > 100 * positive.min()
    )


def _smoothed(entries: Floats) -> tuple[Floats, Floats]:
    q1, q3 = np.percentile(entries, [25, 75])
    scale = min(entries.std(), (q3 - q1) / 1.349) or entries.std()
    width = 0.9 * scale * len(entries) ** -0.2
    # Robust scaling has a few values a thousand quartile distances away: the middle is shown.
    low, high = max(entries.min(), q1 - 6 * scale), min(entries.max(), q3 + 6 * scale)
    # What is scaled to be the same may differ in its last places, which no bins tell apart.
    if np.isclose(low, high, rtol=_SAME, atol=0.0):
        return np.array([low]), np.array([np.inf])
    counts, edges = np.histogram(entries, bins=_POINTS, range=(low, high))
    step = edges[1] - edges[0]
    density = gaussian_filter1d(counts / (len(entries) * step), width / step, mode="reflect")
    return (edges[:-1] + edges[1:]) / 2, density
