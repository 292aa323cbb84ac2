"""When something was heard, as programs write it, to seconds since 1970 (UTC).

1612096496, 1612096496000            seconds, milliseconds or microseconds since 1970
2021-01-31T12:34:56Z, 2021-01-31     ISO 8601; without a zone it is UTC
31 Jan 2021, 12:34                   Last.fm's own
"""

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# Before it, a clock was not set; Last.fm's unknown times are of 1970 too.
_EARLIEST = 2 * 86_400
# Clocks may be of another zone, not of another day.
_AHEAD = 86_400

# Fewer digits are a year or a day (20210131); of three more each time a second has fractions.
_SECONDS, _MILLISECONDS, _MICROSECONDS = 10**8, 10**11, 10**14

_DAY_FIRST = ("%d %b %Y %H:%M", "%d %b %Y %H:%M:%S", "%d %b %Y")


def seconds_of(cells: "Sequence[str] | pd.Series[str]") -> NDArray[np.float64]:
    """Each cell as seconds since 1970, NaN where it is empty or no time that can have been.

    None can have been before 1970-01-03, or after tomorrow.
    """
    texts = pd.Series(cells, dtype=object).reset_index(drop=True)
    found = _epochs(texts)
    for read in (_iso, _day_first):
        left = np.isnan(found)
        if not left.any():
            break
        found[left] = read(texts[left])
    possible = (found >= _EARLIEST) & (found <= time.time() + _AHEAD)
    return np.where(possible, np.floor(found), np.nan)


def moments(seconds: NDArray[np.float64]) -> list[str | None]:
    """Seconds since 1970 as YYYY-MM-DDTHH:MM:SSZ, None for NaN."""
    known = ~np.isnan(seconds)
    whole = np.where(known, seconds, 0).astype("int64").astype("datetime64[s]")
    texts = np.datetime_as_string(whole).tolist()
    return [f"{text}Z" if there else None for text, there in zip(texts, known, strict=True)]


def _epochs(texts: "pd.Series[str]") -> NDArray[np.float64]:
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    numbers = np.where(numbers >= _SECONDS, numbers, np.nan)
    numbers = np.where(numbers >= _MICROSECONDS, numbers / 1e6, numbers)
    return np.where(numbers >= _MILLISECONDS, numbers / 1e3, numbers)


def _iso(texts: "pd.Series[str]") -> NDArray[np.float64]:
    return _seconds(pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True))


def _day_first(texts: "pd.Series[str]") -> NDArray[np.float64]:
    plain = texts.str.replace(",", "", regex=False)
    found = np.full(len(texts), np.nan)
    for form in _DAY_FIRST:
        left = np.isnan(found)
        if left.any():
            read = pd.to_datetime(plain[left], format=form, errors="coerce", utc=True)
            found[left] = _seconds(read)
    return found


def _seconds(times: "pd.Series[pd.Timestamp]") -> NDArray[np.float64]:
    since = (times - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return since.to_numpy(dtype=np.float64)
