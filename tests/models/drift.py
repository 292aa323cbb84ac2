"""Invented listens whose users turn from one kind of music to another, or do not."""

import numpy as np
from scipy.sparse import csr_array

from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap

DAY = 86_400.0
DAYS = 720
PHASES, HEARD = 4, 32
KINDS, ARTISTS_A_KIND = 12, 30
POPULARITY = np.arange(ARTISTS_A_KIND, 0, -1) / np.arange(ARTISTS_A_KIND + 1).sum()


def listens_over_time(users: int, *, drift: bool, seed: int) -> Dataset:
    """Listens of ``users`` over two years, each with the day on which it was last heard.

    Everybody likes some kinds of music. With ``drift`` they are heard one after the other, without
    it all of them all the time.
    """
    rng = np.random.default_rng(seed)
    shape = (users, KINDS * ARTISTS_A_KIND)
    heard = np.full(shape, np.nan)
    for row in heard:
        days = rng.uniform(0, DAYS, HEARD)
        phases = (days if drift else rng.permutation(days)) * PHASES // DAYS
        for phase, kind in enumerate(rng.choice(KINDS, PHASES, replace=False)):
            chosen = days[phases == phase][:ARTISTS_A_KIND]
            artists = rng.choice(ARTISTS_A_KIND, len(chosen), replace=False, p=POPULARITY)
            row[kind * ARTISTS_A_KIND + artists] = chosen * DAY
    plays = np.where(np.isnan(heard), 0.0, rng.geometric(0.1, shape))
    return Dataset(
        IdMap.of(range(users)),
        IdMap.of(range(shape[1])),
        IdMap.of([]),
        csr_array(plays),
        csr_array((users, users)),
        csr_array((shape[1], 0)),
        heard=heard[~np.isnan(heard)],
    )
