"""Which query answers a recommendation: the one of candidates, or the one that scores everybody."""

from tastegraph.graph.query_files import NamedQuery, query
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.models.ranking.options import RecommendOptions

FAST, EXACT = "recommend-fast", "recommend"


def recommend_query(store: GraphStore, options: RecommendOptions, exact: bool) -> NamedQuery:
    """``recommend-fast`` where the vector index serves and ``options`` leave nothing out.

    Filters and other orders are of all artists, as is ``exact``: ``recommend``.
    """
    filtered = (
        options.known
        or options.hidden
        or options.with_tags
        or options.without_tags
        or options.where
    )
    plain = not (filtered or options.novelty or options.diversity)
    fast = plain and not exact and store.dialect.prefers_candidates(store)
    return query(FAST if fast else EXACT)
