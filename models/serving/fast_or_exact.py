"""Which query answers a recommendation: the one of candidates, or the one that scores everybody."""

from collections.abc import Sequence

from tastegraph.graph.query_files import NamedQuery, query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.result import Row
from tastegraph.models.ranking.options import RecommendOptions

FAST, EXACT = "recommend-fast", "recommend"

MOST_FAST = 100
"""Longest list that the query of candidates answers: they are at least ten times as many."""


def recommend_query(store: GraphStore, options: RecommendOptions, exact: bool) -> NamedQuery:
    """``recommend-fast`` where the vector index serves and ``options`` leave nothing out.

    Filters, other orders and lists longer than MOST_FAST are of all artists, as is ``exact``:
    ``recommend``. So has to be a list of candidates that comes out short (``is_short``).
    """
    filtered = (
        options.known
        or options.hidden
        or options.with_tags
        or options.without_tags
        or options.where
    )
    plain = not (filtered or options.novelty or options.diversity) and options.k <= MOST_FAST
    fast = plain and not exact and store.dialect.prefers_candidates(store)
    return query(FAST if fast else EXACT)


def is_short(rows: Sequence[Row], options: RecommendOptions) -> bool:
    """Whether candidates gave fewer artists than were asked for, though there may be more.

    So it is where the user listens to most candidates, or artists without a vector are needed.
    """
    return len(rows) < options.k
