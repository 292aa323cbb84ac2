"""Recommendations for one user, computed by the database.

SciPy comes in only where its matrices are needed: a short answer would wait for its import.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tastegraph.errors import StoreQueryError
from tastegraph.graph.frames import ARTIST, USER, Id
from tastegraph.graph.query_files import query
from tastegraph.graph.store.dialect import INDEX_PARAMETERS
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.explain.parts import WHY, Part, Why, with_entries
from tastegraph.models.ranking.columns import SCORE
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.weights import SIGNALS, SignalWeights
from tastegraph.models.serving.fast_or_exact import FAST, is_short, recommend_query
from tastegraph.models.serving.user_ranker import Ranked, ranked_frame

if TYPE_CHECKING:
    from tastegraph.models.explain.contributions import Contributions

_ARTISTS = """
MATCH (a:Artist) WHERE a.id IN $artistIds AND a.norm > 0
RETURN a.id, a.embedding, a.listeners
"""


def has_vector(store: GraphStore, user: Id) -> bool:
    """Whether the model knows the user."""
    rows = store.values("MATCH (u:User {id: $user}) RETURN u.norm > 0", {"user": user})
    return bool(rows and rows[0][0])


def recommend_one(
    store: GraphStore, user: Id, options: RecommendOptions, exact: bool = False
) -> pd.DataFrame:
    """The best artists of ``user``, with the columns and numbers of Recommender.recommend.

    ``fast_or_exact`` says which query answers.
    """
    asked = options
    if options.diversity:
        from tastegraph.models.ranking.diversity import pool_size

        asked = replace(options, k=pool_size(options.k, count_artists(store)))
    ranked = rank_artists(store, user, asked, exact)
    rows = diversified_rows(store, ranked, options) if options.diversity else ranked.rows
    return ranked_frame(user, rows)


@dataclass(frozen=True)
class DatabaseRanker:
    """Has the database score every artist, a query a user."""

    store: GraphStore

    def knows(self, user: Id) -> bool:
        """Whether the model has a vector of ``user``."""
        return has_vector(self.store, user)

    def rank(self, user: Id, options: RecommendOptions) -> Ranked:
        """The best artists of ``user`` by their scores alone, without diversity."""
        return rank_artists(self.store, user, options, exact=True)

    def with_reasons(self, frame: pd.DataFrame, options: RecommendOptions) -> pd.DataFrame:
        """``frame`` of one user's artists with the column why."""
        if frame.empty:
            return frame.assign(**{WHY: pd.Series(dtype=object)})
        return with_reasons(self.store, frame[USER].iloc[0], frame, options)


def rank_artists(store: GraphStore, user: Id, options: RecommendOptions, exact: bool) -> Ranked:
    """The best artists of ``user`` by their scores alone, without diversity."""
    if has_vector(store, user):
        rows = _scored(store, user, options, exact)
        return Ranked(rows, [row[SCORE] for row in rows])
    rows = most_listened(store, user, options)
    order = [float(row.pop("listeners") or 0) for row in rows]
    return Ranked([row | dict.fromkeys((SCORE, *SIGNALS), 0.0) for row in rows], order, known=False)


def plan_recommending(store: GraphStore, user: Id, weights: SignalWeights) -> None:
    """Have a server plan what it will be asked for ``user``: it plans anew for ids of a type that
    it has not been asked about yet.
    """
    options = RecommendOptions(weights=weights)
    asked = recommend_query(store, options, exact=False)
    store.plan(asked.cypher, options.as_parameters(user) | INDEX_PARAMETERS)


def count_artists(store: GraphStore) -> int:
    """How many artists the graph has."""
    return int(store.values("MATCH (a:Artist) RETURN count(a)")[0][0])


def _scored(store: GraphStore, user: Id, options: RecommendOptions, exact: bool) -> list[Row]:
    parameters = options.as_parameters(user) | INDEX_PARAMETERS
    asked = recommend_query(store, options, exact)
    if asked.name == FAST:
        with suppress(StoreQueryError):
            # A training may take the vector index away between the look and the question.
            rows = store.rows(asked.cypher, parameters)
            if not is_short(rows, options):
                return rows
    return store.rows(recommend_query(store, options, exact=True).cypher, parameters)


def diversified_rows(store: GraphStore, pool: Ranked, options: RecommendOptions) -> list[Row]:
    """The artists to recommend out of ``pool``, and their order (``models.ranking.diversity``)."""
    from tastegraph.models.ranking.diversity import diversified, likeness

    alike = likeness(store, [row[ARTIST] for row in pool.rows])
    order = np.asarray(pool.order, dtype=np.float64)
    chosen = diversified(order, alike, options.k, options.diversity)
    return [pool.rows[place] for place in chosen]


def with_reasons(
    store: GraphStore,
    user: Id,
    recommended: pd.DataFrame,
    options: RecommendOptions,
    shares: "Contributions | None" = None,
) -> pd.DataFrame:
    """``recommended`` with the column why: the parts of each score, largest first.

    ``shares`` say what the user's vector is made of, if not of what the graph's model keeps.
    """
    artists: list[Id] = recommended[ARTIST].tolist()
    parts = {artist: Why() for artist in artists}
    parameters = options.as_parameters(user) | {"artistIds": artists}
    for row in store.rows(query("reasons").cypher, parameters):
        parts[row["artist"]].append(Part(row["kind"], row["id"], row["name"], row["value"]))
    if options.weights.embedding and any(parts.values()):
        from tastegraph.models.explain.contributions import read_contributions

        shares = shares or read_contributions(store, user)
        if shares:
            parts |= _taken_apart(store, shares, parts, options)
    reasons = pd.Series(list(parts.values()), index=recommended.index, dtype=object)
    return recommended.assign(**{WHY: reasons})


def _taken_apart(
    store: GraphStore, shares: "Contributions", parts: dict[Id, Why], options: RecommendOptions
) -> dict[Id, Why]:
    """``parts`` with the embedding's part taken apart by the user's entries."""
    rows = store.values(_ARTISTS, {"artistIds": [artist for artist, why in parts.items() if why]})
    values = shares.parts(np.array([row[1] for row in rows], dtype=np.float32))
    heard = np.array([max(row[2] or 0, 1) for row in rows], dtype=np.float64)
    values *= options.weights.embedding * heard[:, None] ** -options.novelty
    return {
        row[0]: with_entries(parts[row[0]], shares.entries, of_entries)
        for row, of_entries in zip(rows, values.tolist(), strict=True)
    }


def most_listened(store: GraphStore, user: Id, options: RecommendOptions) -> list[Row]:
    """Artists that ``options`` allow ``user``, most listened first: artist, name, listeners."""
    return store.rows(query("popular").cypher, options.as_parameters(user))
