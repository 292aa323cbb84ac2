"""When two lists of recommendations say the same."""

from itertools import pairwise

import numpy as np
import pandas as pd

from tastegraph.models.ranking.weights import SIGNALS

# The queries and NumPy add in another order and precision; closer scores may change places.
CLOSE = 1e-4
NUMBERS = ["score", *SIGNALS]


def assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """The same artists in the same order where scores are apart, and the same numbers."""
    assert list(found.columns) == list(expected.columns)
    assert found["rank"].tolist() == expected["rank"].tolist()
    np.testing.assert_allclose(found["score"], expected["score"], atol=CLOSE, rtol=0)
    assert_descending(found)
    last = expected["score"].min()
    wanted = expected.set_index("artist")
    for rank, row in enumerate(found.to_dict("records"), 1):
        if row["artist"] not in wanted.index:
            assert abs(row["score"] - last) <= CLOSE, f"{row} is not among {expected}"
            continue
        other = wanted.loc[row["artist"]]
        assert rank == other["rank"] or abs(row["score"] - wanted["score"].iloc[rank - 1]) <= CLOSE
        assert row["name"] == other["name"]
        assert row["user"] == other["user"]
        numbers = [row[name] for name in NUMBERS]
        np.testing.assert_allclose(numbers, other[NUMBERS].astype(float), atol=CLOSE, rtol=0)


def assert_descending(frame: pd.DataFrame) -> None:
    """Best first, equal scores by id."""
    order = list(zip(-frame["score"], frame["artist"], strict=True))
    assert all(before < after for before, after in pairwise(order))
    np.testing.assert_allclose(frame["score"], frame[list(SIGNALS)].sum(axis=1), atol=CLOSE, rtol=0)
