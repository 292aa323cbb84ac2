"""One list of recommendations for several people."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from tastegraph.graph.frames import ARTIST, NAME, USER, Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.explain.parts import WHY, Part, Why
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.diversity import pool_size
from tastegraph.models.ranking.group_scores import group_scores
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SIGNALS
from tastegraph.models.serving.one_user_in_database import (
    count_artists,
    diversified_rows,
    most_listened,
)
from tastegraph.models.serving.user_ranker import COLUMNS as OF_ONE
from tastegraph.models.serving.user_ranker import Ranked, UserRanker
from tastegraph.runtime.progress import Progress, silent

MEMBERS = "members"
COLUMNS = (RANK, ARTIST, NAME, SCORE, MEMBERS)


@dataclass(frozen=True)
class Member:
    """The score of an artist for one of a group, as ``recommend`` gives it, and its parts."""

    user: Id
    score: float
    embedding: float
    friends: float
    tags: float

    def __str__(self) -> str:
        """The member and the score."""
        return f"{self.user}: {self.score:.4f}"

    def as_dict(self) -> dict[str, Any]:
        """The member as it appears in JSON."""
        return asdict(self)


@dataclass(frozen=True)
class MemberPart:
    """A part of one member's score."""

    user: Id
    part: Part

    def as_dict(self) -> dict[str, Any]:
        """The part as it appears in JSON."""
        return {"user": self.user} | self.part.as_dict()


class GroupWhy(list[MemberPart]):
    """The parts of each member's score, member by member, largest first."""

    @property
    def lines(self) -> list[str]:
        """What matters most to each member, in words."""
        members = groupby(self, key=lambda each: each.user)
        return [f"{user}: {Why(each.part for each in parts)}" for user, parts in members]

    def __str__(self) -> str:
        """The same in one line."""
        return "; ".join(self.lines)


def recommend_group(
    store: GraphStore,
    users: Sequence[Id],
    options: RecommendOptions,
    aggregation: str,
    ranker: UserRanker,
    *,
    why: bool = False,
    progress: Progress = silent,
) -> pd.DataFrame:
    """The best artists for all of ``users`` together, with the columns COLUMNS.

    score is that of ``group_scores``, members has a ``Member`` for each of ``users``, and with
    ``why`` there is a column of that name with a ``GroupWhy``. What one of them listens to or
    has hidden is left out for all, as ``options`` say. Every artist that is left is scored;
    filters choose among them, and change no score. Ties go to the smaller id. Who has no vector
    has no say; where nobody has one, it is the most listened artists.
    """
    artists = count_artists(store)
    everything = replace(options, k=artists, with_tags=(), without_tags=(), where=(), diversity=0.0)
    rankings = []
    with progress("ranking for each", len(users)) as advance:
        for user in users:
            rankings.append(ranker.rank(user, everything))
            advance(1)
    best = _best(rankings, aggregation)
    if options.with_tags or options.without_tags or options.where:
        anybodys = replace(options, k=artists, known=True, hidden=True)
        fitting = {row[ARTIST] for row in most_listened(store, users[0], anybodys)}
        best = [each for each in best if each[0] in fitting]
    pool = best[: pool_size(options.k, artists) if options.diversity else options.k]
    rows = _rows(users, rankings, pool)
    if options.diversity:
        rows = diversified_rows(store, Ranked(rows, [order for _, order in pool]), options)
    frame = pd.DataFrame(
        [{RANK: place} | row for place, row in enumerate(rows, 1)], columns=list(COLUMNS)
    )
    return _with_reasons(ranker, users, frame, options) if why else frame


def _best(rankings: Sequence[Ranked], aggregation: str) -> list[tuple[Id, float]]:
    """The artists that every ranking has, and what the group ranks them by, best first."""
    heard = [ranking for ranking in rankings if ranking.known] or rankings
    orders = [
        {row[ARTIST]: value for row, value in zip(each.rows, each.order, strict=True)}
        for each in heard
    ]
    artists = sorted(
        set.intersection(*({row[ARTIST] for row in ranking.rows} for ranking in rankings))
    )
    values = np.array([[order[artist] for artist in artists] for order in orders], dtype=np.float64)
    order = group_scores(values, aggregation)
    best = np.argsort(-order, kind="stable")
    return [(artists[place], float(order[place])) for place in best]


def _rows(
    users: Sequence[Id], rankings: Sequence[Ranked], best: Sequence[tuple[Id, float]]
) -> list[Row]:
    """Rows of COLUMNS, without their rank, for the artists ``best``."""
    found = [{row[ARTIST]: row for row in ranking.rows} for ranking in rankings]
    known = any(ranking.known for ranking in rankings)
    return [
        {
            ARTIST: artist,
            NAME: found[0][artist][NAME],
            SCORE: order if known else 0.0,
            MEMBERS: [
                Member(user, *(rows[artist][column] for column in (SCORE, *SIGNALS)))
                for user, rows in zip(users, found, strict=True)
            ],
        }
        for artist, order in best
    ]


def _with_reasons(
    ranker: UserRanker, users: Sequence[Id], frame: pd.DataFrame, options: RecommendOptions
) -> pd.DataFrame:
    """``frame`` with the column why, a ``GroupWhy`` a row."""
    reasons = [GroupWhy() for _ in range(len(frame))]
    for place, user in enumerate(users):
        explained = ranker.with_reasons(_of_member(frame, place), options)
        for told, parts in zip(reasons, explained[WHY], strict=True):
            told += [MemberPart(user, part) for part in parts]
    return frame.assign(**{WHY: pd.Series(reasons, index=frame.index, dtype=object)})


def _of_member(frame: pd.DataFrame, place: int) -> pd.DataFrame:
    """The artists of ``frame`` as rows of one member, with that one's scores."""
    members = [asdict(each[place]) for each in frame[MEMBERS]]
    return frame.drop(columns=[SCORE, MEMBERS]).join(
        pd.DataFrame(members, index=frame.index, columns=[USER, SCORE, *SIGNALS])
    )[list(OF_ONE)]
