"""What ranks all artists for one user and says why: the database, or a model in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from tastegraph.graph.frames import ARTIST, NAME, USER, Id
from tastegraph.graph.store.result import Row
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SIGNALS

COLUMNS = (USER, RANK, ARTIST, NAME, SCORE, *SIGNALS)


@dataclass(frozen=True)
class Ranked:
    """Artists for one user, best first.

    rows   artist, name, score, embedding, friends, tags
    order  what puts them in their order: the scores, or the listeners where the model knows
           nothing of the user, whose scores are 0
    known  whether it does
    """

    rows: list[Row]
    order: list[float]
    known: bool = True


class UserRanker(Protocol):
    """Ranks artists for one user after another, each of whom the graph has."""

    def knows(self, user: Id) -> bool:
        """Whether the model has a vector of ``user``."""

    def rank(self, user: Id, options: RecommendOptions) -> Ranked:
        """The best artists of ``user`` by their scores alone, without diversity."""

    def with_reasons(self, frame: pd.DataFrame, options: RecommendOptions) -> pd.DataFrame:
        """``frame`` of one user's artists, with COLUMNS, and the column why: the parts of each
        score, largest first.
        """


def ranked_frame(user: Id, rows: Sequence[Row]) -> pd.DataFrame:
    """A row with COLUMNS for each of ``rows``, in their order."""
    ranked = [{USER: user, RANK: rank} | row for rank, row in enumerate(rows, 1)]
    return pd.DataFrame(ranked, columns=list(COLUMNS))
