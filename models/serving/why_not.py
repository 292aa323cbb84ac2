"""Where an artist stands in a user's ranking, and what holds it back."""

import shlex
from dataclasses import replace

import pandas as pd

from tastegraph.graph.frames import ARTIST, NAME, Id
from tastegraph.graph.hidden_artists import is_hidden
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.explain.parts import WHY, HeldBack
from tastegraph.models.ranking.columns import RANK, SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.one_user_in_database import count_artists
from tastegraph.models.serving.user_ranker import UserRanker, ranked_frame
from tastegraph.models.serving.why_nothing_fits import failed_filters


def why_not(
    store: GraphStore, user: Id, artist: Id, options: RecommendOptions, ranker: UserRanker
) -> tuple[pd.DataFrame, list[str]]:
    """The row of ``artist`` in the whole ranking of ``user``, and sentences about it.

    Columns as of ``recommend`` with reasons; why has the parts that hold the artist back first.
    What the options leave out is ranked among all artists, and it is said so.
    """
    ranking, notes = _ranking(store, user, artist, options, ranker)
    row = ranking[ranking[ARTIST] == artist]
    if row.empty:
        return row.assign(**{WHY: pd.Series(dtype=object)}), notes
    explained = ranker.with_reasons(row, options)
    reversed_: list[HeldBack] = [HeldBack(why[::-1]) for why in explained[WHY]]
    last = ranking.iloc[min(options.k, len(ranking)) - 1]
    rank, score, name = (row[column].iloc[0] for column in (RANK, SCORE, NAME))
    notes.append(
        f"{name} stands at {rank:,} of {len(ranking):,} for user {user} with {score:.4f}; "
        f"place {last[RANK]} has {last[SCORE]:.4f}"
    )
    return explained.assign(**{WHY: pd.Series(reversed_, index=row.index, dtype=object)}), notes


def _ranking(
    store: GraphStore, user: Id, artist: Id, options: RecommendOptions, ranker: UserRanker
) -> tuple[pd.DataFrame, list[str]]:
    """The first ranking that holds ``artist``: as asked, then with what left it out taken away."""

    def ranked(asked: RecommendOptions) -> pd.DataFrame:
        return ranked_frame(user, ranker.rank(user, asked).rows)

    everything = replace(options, k=count_artists(store))
    ranking = ranked(everything)
    if (ranking[ARTIST] == artist).any():
        return ranking, []
    reasons = left_out_by(store, user, artist, options)
    note = f"user {user} would not get it: {', '.join(reasons)}. This is its place"
    unfiltered = replace(everything, with_tags=(), without_tags=(), where=())
    ranking = ranked(unfiltered)
    if (ranking[ARTIST] == artist).any():
        return ranking, [f"{note} without that"]
    anything = replace(unfiltered, known=True, hidden=True)
    return ranked(anything), [f"{note} among all artists"]


def left_out_by(store: GraphStore, user: Id, artist: Id, options: RecommendOptions) -> list[str]:
    """What keeps ``artist`` from being recommended to ``user``: hiding, listens, filters."""
    reasons = []
    if is_hidden(store, user, artist):
        ids = shlex.join([str(user), str(artist)])
        reasons.append(f"they have hidden it ('tastegraph unhide {ids}' brings it back)")
    listens = store.values(
        "MATCH (:User {id: $user})-[l:LISTENED]->(:Artist {id: $artist}) RETURN count(l)",
        {"user": user, "artist": artist},
    )
    if listens[0][0] and not options.known:
        reasons.append("they play it already (--include-known)")
    return reasons + failed_filters(store, artist, options)
