"""From the graph to a picture of any kind."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from tastegraph.analysis.figures import (
    clusters,
    friends,
    graphs,
    listens,
    maps,
    plays,
    scores,
    tags,
)
from tastegraph.analysis.kinds import EXPLAINED, HEATED, LISTED, NEAREST, Wish
from tastegraph.analysis.pictures import bars, heat, lines
from tastegraph.analysis.pictures import clusters as cluster_pictures
from tastegraph.analysis.pictures import graphs as graph_pictures
from tastegraph.analysis.pictures import maps as map_pictures
from tastegraph.analysis.pictures import plays as play_pictures
from tastegraph.analysis.pictures import scores as score_pictures
from tastegraph.analysis.source import Source, require_friends, require_listens, require_tags
from tastegraph.analysis.tag_clusters import (
    CLUSTER,
    best_count,
    clustered,
    silhouettes,
    tag_features,
)
from tastegraph.errors import ModelError, NotFoundError
from tastegraph.graph.frames import PLAYS, Id
from tastegraph.models.data.sparse_rows import unit_rows
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.one_user_in_database import recommend_one, with_reasons
from tastegraph.models.storage.model_card import read_card

Draw = Callable[[Source, Wish], Figure]


def draw(source: Source, kind: str, wish: Wish) -> Figure:
    """The picture ``kind``, one of KINDS; raises ModelError or NotFoundError where the graph
    lacks what it shows.
    """
    return DRAWN[kind](source, wish)


def _plays_density(source: Source, wish: Wish) -> Figure:
    require_listens(source.snapshot.data)
    values = plays.values_by_scaling(source.snapshot.data.plays)
    return play_pictures.densities(plays.densities(values), plays.spread(values))


def _plays_box(source: Source, wish: Wish) -> Figure:
    require_listens(source.snapshot.data)
    values = plays.values_by_scaling(source.snapshot.data.plays)
    spread = plays.spread(values)
    return play_pictures.boxes(spread, plays.outliers(values, spread))


def _top_artists(source: Source, wish: Wish) -> Figure:
    require_listens(source.snapshot.data)
    totals = listens.artist_totals(source.snapshot)
    most = wish.k or LISTED
    return bars.top_artists(
        listens.top(totals, listens.LISTENERS, most),
        listens.top(totals, PLAYS, most),
        len(source.snapshot.data.users),
    )


def _top_users(source: Source, wish: Wish) -> Figure:
    require_listens(source.snapshot.data)
    totals = listens.user_totals(source.snapshot.data)
    return bars.top_users(listens.top(totals, PLAYS, wish.k or LISTED))


def _top_tags(source: Source, wish: Wish) -> Figure:
    require_tags(source.snapshot.data)
    totals = tags.tag_totals(source.snapshot)
    return bars.top_tags(listens.top(totals, tags.ASSIGNMENTS, wish.k or LISTED))


def _long_tail(source: Source, wish: Wish) -> Figure:
    require_listens(source.snapshot.data)
    totals = listens.artist_totals(source.snapshot)
    unequal = {by: listens.gini(totals[by]) for by in (listens.LISTENERS, PLAYS)}
    return lines.long_tail(listens.long_tail(totals), unequal)


def _friends(source: Source, wish: Wish) -> Figure:
    data = source.snapshot.data
    require_friends(data)
    shared = friends.shared_with(data)
    taste = friends.taste_assortativity(shared) if len(shared) else None
    return lines.friends(friends.degree_distribution(data), taste)


def _tag_heatmap(source: Source, wish: Wish) -> Figure:
    require_tags(source.snapshot.data)
    return heat.co_occurrence(tags.co_occurrence(source.snapshot, wish.k or HEATED))


def _tag_clusters(source: Source, wish: Wish) -> Figure:
    snapshot = source.snapshot
    require_listens(snapshot.data)
    require_tags(snapshot.data)
    features = tag_features(snapshot.taggings, snapshot.listens, snapshot.tags)
    measured = silhouettes(features, seed=wish.seed)
    if measured.empty:
        raise NotFoundError(
            f"{len(features)} tags of listened artists are too few to cluster: load more data"
        )
    best = wish.clusters or best_count(measured)
    return cluster_pictures.tag_clusters(clustered(features, best, wish.seed), measured)


def _loss(source: Source, wish: Wish) -> Figure:
    return lines.losses(source.history)


def _artists_pca(source: Source, wish: Wish) -> Figure:
    vectors, rows = _mapped(source, wish)
    plain, explained = maps.pca(vectors[rows])
    unit, explained_unit = maps.pca(unit_rows(vectors[rows]))
    return map_pictures.two_maps(
        maps.artist_map(source.snapshot, rows, plain),
        maps.artist_map(source.snapshot, rows, unit),
        (
            f"Vectors as they are: two axes hold {_percent(explained)} of what tells artists apart",
            f"Their directions alone: {_percent(explained_unit)}",
        ),
        wish.artists,
        (explained.tolist(), explained_unit.tolist()),
    )


def _artists_tsne(source: Source, wish: Wish) -> Figure:
    return _projected(source, wish, "tsne", "t-SNE")


def _artists_umap(source: Source, wish: Wish) -> Figure:
    return _projected(source, wish, "umap", "UMAP")


def _percent(shares: np.ndarray) -> str:
    return f"{100 * shares.sum():.0f} %"


def _projected(source: Source, wish: Wish, mapping: str, title: str) -> Figure:
    vectors, rows = _mapped(source, wish)
    points = maps.MAPPINGS[mapping](vectors[rows], wish.seed, source.progress)
    frame = maps.artist_map(source.snapshot, rows, points)
    alike, chance = maps.nearest_alike(frame)
    if chance:
        title += f": for {100 * alike:.0f} % of artists the nearest has their tag"
        title += f" ({100 * chance:.0f} % by chance)"
    axes = f"{len(rows):,} artists; only nearness has a meaning, the axes have none"
    return map_pictures.artist_map(frame, title, wish.artists, axes)


def _artist_clusters(source: Source, wish: Wish) -> Figure:
    vectors, rows = _mapped(source, wish)
    found = clusters.artist_clusters(vectors[rows], wish.clusters, wish.seed, source.progress)
    points, _ = maps.pca(unit_rows(vectors[rows]))
    frame = maps.artist_map(source.snapshot, rows, points).assign(**{CLUSTER: found.labels})
    own = clusters.own_tags(source.snapshot, rows, found.labels)
    return cluster_pictures.artist_clusters(frame, own, found.silhouettes)


def _mapped(source: Source, wish: Wish) -> tuple[np.ndarray, np.ndarray]:
    """All artists' vectors, and the rows that go on a map."""
    vectors = source.learned.vectors.artists
    rows = maps.mapped_artists(source.snapshot, vectors, wish.most)
    return vectors, maps.with_named(source.snapshot, vectors, rows, wish.artists)


def _neighbourhood(source: Source, wish: Wish) -> Figure:
    vectors = source.learned.vectors.artists
    data = source.snapshot.data
    chosen = wish.artists[:1] or _most_heard(source)
    rows = maps.with_named(source.snapshot, vectors, np.zeros(0, dtype=np.intp), chosen)
    if not len(data.artists) > 1:
        raise NotFoundError("there is one artist in the graph alone: nobody is near it")
    nodes, links = graphs.neighbourhood(source.snapshot, vectors, int(rows[0]), wish.k or NEAREST)
    return graph_pictures.neighbourhood(nodes, links)


def _reasons(source: Source, wish: Wish) -> Figure:
    user = _user(source, wish)
    choice = RecommendOptions(k=wish.k or EXPLAINED, weights=read_card(source.store).weights)
    best = recommend_one(source.store, user, choice)
    links = graphs.reasons(with_reasons(source.store, user, best, choice))
    if links.empty:
        raise ModelError(
            f"there are no reasons to draw for user {user}: the model does not know them, or no "
            "artist is left to recommend; name another with --user"
        )
    return graph_pictures.reasons(links, user)


def _scores(source: Source, wish: Wish) -> Figure:
    user = _user(source, wish)
    row = source.snapshot.data.users.row(user)
    frame = scores.scores_and_listeners(source.snapshot, source.learned, row, wish.k or 10)
    unheard = frame[frame[scores.STATE] != scores.HEARD]
    agreement = listens.rank_correlation(unheard["score"], unheard[scores.LISTENERS])
    return score_pictures.scores_and_listeners(frame, user, agreement)


def _most_heard(source: Source) -> tuple[Id, ...]:
    """The artist with most listeners."""
    require_listens(source.snapshot.data)
    data = source.snapshot.data
    return (data.artists.ids[int(np.argmax(data.listeners))],)


def _user(source: Source, wish: Wish) -> Id:
    """The user of the wish, or the first who listens to something."""
    if wish.user is not None:
        return wish.user
    require_listens(source.snapshot.data)
    listening = np.flatnonzero(np.diff(source.snapshot.data.plays.indptr))
    return source.snapshot.data.users.ids[int(listening[0])]


DRAWN: dict[str, Draw] = {
    "plays-density": _plays_density,
    "plays-box": _plays_box,
    "top-artists": _top_artists,
    "top-users": _top_users,
    "top-tags": _top_tags,
    "long-tail": _long_tail,
    "friends": _friends,
    "tag-heatmap": _tag_heatmap,
    "tag-clusters": _tag_clusters,
    "loss": _loss,
    "artists-pca": _artists_pca,
    "artists-tsne": _artists_tsne,
    "artists-umap": _artists_umap,
    "artist-clusters": _artist_clusters,
    "neighbourhood": _neighbourhood,
    "reasons": _reasons,
    "scores": _scores,
}
