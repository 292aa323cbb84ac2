"""Where an artist stands in a user's ranking, and what holds it back."""

import dataclasses

import pandas as pd

from tastegraph.graph.frames import ARTIST, NAME, Id
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.explain.reasons import WHY, HeldBack
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.ranker import RANK, SCORE
from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons

# More than any graph has artists.
_ALL = 10_000_000


def why_not(
    store: GraphStore, user: Id, artist: Id, options: RecommendOptions
) -> tuple[pd.DataFrame, list[str]]:
    """The row of ``artist`` in the whole ranking of ``user``, and sentences about it.

    Columns as of ``recommend`` with reasons; why has the parts that hold the artist back first.
    What the options leaves out is ranked among all artists, and it is said so.
    """
    ranking, notes = _ranking(store, user, artist, options)
    row = ranking[ranking[ARTIST] == artist]
    if row.empty:
        return row.assign(**{WHY: pd.Series(dtype=object)}), notes
    explained = with_reasons(store, user, row, options)
    reversed_: list[HeldBack] = [HeldBack(why[::-1]) for why in explained[WHY]]
    last = ranking.iloc[min(options.k, len(ranking)) - 1]
    rank, score, name = (row[column].iloc[0] for column in (RANK, SCORE, NAME))
    notes.append(
        f"{name} stands at {rank:,} of {len(ranking):,} for user {user} with {score:.4f}; "
        f"place {last[RANK]} has {last[SCORE]:.4f}"
    )
    return explained.assign(**{WHY: pd.Series(reversed_, index=row.index, dtype=object)}), notes


def _ranking(
    store: GraphStore, user: Id, artist: Id, options: RecommendOptions
) -> tuple[pd.DataFrame, list[str]]:
    everything = dataclasses.replace(options, k=_ALL)
    known = dataclasses.replace(everything, known=True)
    tries = (
        (everything, None),
        (known, "plays it already"),
        (
            dataclasses.replace(known, with_tags=(), without_tags=()),
            "would not get it by the tags that were asked for",
        ),
    )
    notes: list[str] = []
    ranking = pd.DataFrame()
    for tried, reason in tries:
        ranking = recommend_one(store, user, tried, exact=True)
        if reason:
            notes = [f"user {user} {reason}: this is its place among all artists"]
        if (ranking[ARTIST] == artist).any():
            break
    return ranking, notes
