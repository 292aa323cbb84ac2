"""Times as they stand in the graph, such as 2021-01-31T12:34:56Z, and as numbers."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def moments(seconds: NDArray[np.float64]) -> list[str | None]:
    """Seconds since 1970 (UTC) as YYYY-MM-DDTHH:MM:SSZ, None for NaN."""
    known = ~np.isnan(seconds)
    whole = np.where(known, seconds, 0).astype("int64").astype("datetime64[s]")
    texts = np.datetime_as_string(whole).tolist()
    return [f"{text}Z" if there else None for text, there in zip(texts, known, strict=True)]


def seconds_since_1970(texts: "Sequence[str | None] | pd.Series[str]") -> NDArray[np.float64]:
    """Times and days in ISO 8601 as seconds since 1970 (UTC), NaN for None and what is none."""
    written = pd.Series(np.asarray(texts, dtype=object))
    return as_seconds(pd.to_datetime(written, format="ISO8601", errors="coerce", utc=True))


def as_seconds(times: "pd.Series[pd.Timestamp]") -> NDArray[np.float64]:
    """Times in UTC as seconds since 1970, NaN for NaT."""
    naive = times.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(naive), np.nan, naive.astype("int64").astype(np.float64))
