"""Lists for many users: blocks of them on workers that have the artists' side and the graph's."""

from typing import Any

import numpy as np
import pandas as pd

from tastegraph.models.data.id_map import Rows
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import BLOCK, Recommender
from tastegraph.runtime.progress import Progress, silent
from tastegraph.spark.cluster import Cluster


class SpreadRanking:
    """``Recommender.recommend`` on a cluster: the same rows."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def __call__(
        self,
        recommender: Recommender,
        users: Rows,
        options: RecommendOptions,
        progress: Progress = silent,
    ) -> pd.DataFrame:
        """Rank for the rows ``users``; EngineError where the matrices are too large to be sent."""
        users = np.asarray(users, dtype=np.intp)
        pieces = [users[start:stop] for start, stop in self._cluster.pieces(len(users), BLOCK)]
        if not pieces:
            return recommender.recommend(users, options, progress)
        with self._cluster.shared((recommender, options), "the graph and its vectors") as shared:
            frames = self._cluster.each(
                lambda block: _ranked(shared, block),
                self._cluster.spread(pieces),
                len(pieces),
                "ranking",
                progress,
            )
        filled = [frame for frame in frames if len(frame)] or frames[:1]
        return filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)


def _ranked(shared: Any, users: Rows) -> pd.DataFrame:
    recommender, options = shared.value
    frame: pd.DataFrame = recommender.recommend(users, options)
    return frame
