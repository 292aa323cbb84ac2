"""A user's scores beside the artists' popularity."""

import numpy as np
import pandas as pd

from tastegraph.analysis.source import Learned, Snapshot
from tastegraph.errors import ModelError
from tastegraph.graph.frames import ARTIST, NAME
from tastegraph.models.data.vectors import Matrix
from tastegraph.models.ranking.columns import SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import Recommender
from tastegraph.models.ranking.top_k import top_rows

LISTENERS = "listeners"
STATE = "state"
HEARD, RECOMMENDED, OTHER = "listened to", "recommended", "other artists"


def scores_and_listeners(
    snapshot: Snapshot, learned: Learned, user: int, k: int = 10
) -> pd.DataFrame:
    """Every artist's score for the user row ``user``, by the model's own weights.

    Columns artist, name, listeners, score, state: HEARD, RECOMMENDED (the ``k`` best that are
    not heard) or OTHER; by artist id. Raises ModelError for a user without a vector.
    """
    recommender = Recommender(snapshot.data, learned.vectors, snapshot.artist_names)
    rows = np.array([user], dtype=np.intp)
    if not recommender.has_vector(rows)[0]:
        raise ModelError(
            f"the model has no vector for user {snapshot.data.users.ids[user]}: it knew no listens "
            "and no friends; name another with --user"
        )
    parts = recommender.parts(rows, RecommendOptions(weights=learned.card.weights))
    score: Matrix = np.sum(np.concatenate(parts), axis=0, dtype=np.float32)
    plays = snapshot.data.plays
    heard = plays.indices[plays.indptr[user] : plays.indptr[user + 1]]
    state = np.full(len(score), OTHER, dtype=object)
    unheard = score.copy()
    unheard[heard] = -np.inf
    best = top_rows(unheard[None, :], k)[0]
    state[best[best >= 0]] = RECOMMENDED
    state[heard] = HEARD
    return pd.DataFrame(
        {
            ARTIST: list(snapshot.data.artists.ids),
            NAME: snapshot.artist_names,
            LISTENERS: np.asarray(snapshot.data.listeners),
            SCORE: score.astype(np.float64),
            STATE: state,
        }
    )
