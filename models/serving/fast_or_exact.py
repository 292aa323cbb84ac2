"""Which query answers a recommendation: the one of candidates, or the one that scores everybody."""

from collections.abc import Sequence

from tastegraph.graph.query_files import NamedQuery, query
from tastegraph.graph.store.dialect import Dialect
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.where_conditions import as_ranges

FAST, EXACT = "recommend-fast", "recommend"

MOST_FAST = 100
"""Longest list that the query of candidates answers: they are at least ten times as many."""


def recommend_query(store: GraphStore, options: RecommendOptions, exact: bool) -> NamedQuery:
    """``recommend-fast`` where the vector index serves and ``options`` leave to it what it can.

    Filters that it has not, other orders and lists longer than MOST_FAST are of all artists, as
    is ``exact``: ``recommend``. So has to be a list of candidates that comes out short
    (``is_short``).
    """
    dialect = store.dialect
    fast = not exact and _for_candidates(options, dialect) and dialect.prefers_candidates(store)
    return query(FAST, dialect.cypher_25) if fast else query(EXACT)


def _for_candidates(options: RecommendOptions, dialect: Dialect) -> bool:
    """Whether the best candidates are the best artists."""
    if options.known or options.hidden or options.with_tags or options.without_tags:
        return False
    if options.novelty or options.diversity or options.k > MOST_FAST:
        return False
    # Filtered after it has answered, the index leaves too few.
    return not options.where or (dialect.cypher_25 and as_ranges(options.where) is not None)


def is_short(rows: Sequence[Row], options: RecommendOptions) -> bool:
    """Whether candidates gave fewer artists than were asked for, though there may be more.

    So it is where the user listens to most candidates, or artists without a vector are needed.
    """
    return len(rows) < options.k
