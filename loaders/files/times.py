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

from tastegraph.graph.moments import as_seconds, seconds_since_1970

# Before it, a clock was not set; Last.fm's unknown times are of 1970 too.
_EARLIEST = 2 * 86_400
# Clocks may be of another zone, not of another day.
_AHEAD = 86_400

# Fewer digits are a year or a day (20210131); of three more each time a second has fractions.
_SECONDS, _MILLISECONDS, _MICROSECONDS, _TOO_MANY = 10**8, 10**11, 10**14, 10**17

_DAY_FIRST = ("%d %b %Y %H:%M", "%d %b %Y %H:%M:%S", "%d %b %Y")


def seconds_of(cells: "Sequence[str] | pd.Series[str]") -> NDArray[np.float64]:
    """Each cell as seconds since 1970, NaN where it is empty or no time that can have been.

    None can have been before 1970-01-03, or after tomorrow.
    """
    texts = pd.Series(cells, dtype=object).reset_index(drop=True)
    found = _epochs(texts)
    for read in (seconds_since_1970, _day_first):
        left = np.isnan(found)
        if not left.any():
            break
        found[left] = read(texts[left])
    return seconds_that_can_be(found)


def seconds_of_epochs(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of numbers since 1970, in whichever unit, which is much quicker than of text."""
    return seconds_that_can_be(_scaled(numbers))


def seconds_that_can_be(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds since 1970 without fractions, NaN for what can't have been."""
    possible = (found >= _EARLIEST) & (found <= time.time() + _AHEAD)
    return np.where(possible, np.floor(found), np.nan)


def _epochs(texts: "pd.Series[str]") -> NDArray[np.float64]:
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return _scaled(numbers)


def _scaled(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    possible = (numbers >= _SECONDS) & (numbers < _TOO_MANY)
    numbers = np.where(possible, numbers, np.nan)
    numbers = np.where(numbers >= _MICROSECONDS, numbers / 1e6, numbers)
    return np.where(numbers >= _MILLISECONDS, numbers / 1e3, numbers)


def _day_first(texts: "pd.Series[str]") -> NDArray[np.float64]:
    plain = texts.str.replace(",", "", regex=False)
    found = np.full(len(texts), np.nan)
    for form in _DAY_FIRST:
        left = np.isnan(found)
        if left.any():
            read = pd.to_datetime(plain[left], format=form, errors="coerce", utc=True)
            found[left] = as_seconds(read)
    return found
