"""Places on the map of artists, apart from any graph."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tastegraph.analysis.artist_map import placed


def test_who_is_no_landmark_stands_where_it_is_nearest() -> None:
    random = np.random.default_rng(1)
    middles = np.eye(3, 8) * 5
    known = np.repeat(middles, 20, axis=0) + random.normal(scale=0.3, size=(60, 8))
    others = middles + random.normal(scale=0.3, size=(3, 8))
    points = placed(np.vstack([known, others]), np.arange(60))
    homes = points[:60].reshape(3, 20, 2).mean(axis=1)
    distances = np.linalg.norm(points[60:, None] - homes[None], axis=2)
    assert distances.argmin(axis=1).tolist() == [0, 1, 2]


@settings(max_examples=10, deadline=None)
@given(st.integers(5, 40), st.integers(0, 60), st.integers(0, 5))
def test_everybody_has_a_place_of_their_own(known: int, others: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(known + others, 6))
    # As many of one listener's artists have: the same vector.
    vectors[known:] = vectors[known : known + 1] if others else vectors[known:]
    points = placed(vectors, np.arange(known), seed)
    assert np.isfinite(points).all()
    assert len(np.unique(points.round(9), axis=0)) == len(points)
