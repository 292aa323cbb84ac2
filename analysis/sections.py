"""The sections of ``analyse``: rows of figures, each section from one part of the data."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from tastegraph.analysis.figures import friends, listens, plays, tags
from tastegraph.analysis.source import Source, require_friends, require_listens, require_tags
from tastegraph.analysis.tag_clusters import (
    CLUSTER,
    CLUSTERS,
    SILHOUETTE,
    best_count,
    clustered,
    silhouettes,
    tag_features,
)
from tastegraph.errors import ModelError, NotFoundError, TastegraphError
from tastegraph.graph.frames import ARTIST, NAME, PICTURE_URL, PLAYS, RAW_NAME, TAG, URL, USER

SECTION = "section"
FIGURE = "figure"
VALUE = "value"

Rows = Iterator[tuple[str, object]]
Note = Callable[[str], None]


def analyse(
    source: Source, sections: Sequence[str] = (), k: int = 10, note: Note = lambda text: None
) -> pd.DataFrame:
    """Columns section, figure, value of ``sections``, or of all; ``k`` is the length of lists.

    A section whose data are not in the graph says so through ``note``, and the others come all
    the same; when no section has its data, the error of the first is raised.
    """
    rows: list[tuple[str, str, object]] = []
    missing: list[TastegraphError] = []
    for name in sections or SECTIONS:
        try:
            rows += [(name, figure, value) for figure, value in SECTIONS[name](source, k)]
        except (ModelError, NotFoundError) as error:
            note(f"no figures of {name}: {error}")
            missing.append(error)
    if missing and not rows:
        raise missing[0]
    return pd.DataFrame(rows, columns=[SECTION, FIGURE, VALUE], dtype=object)


def of_matrix(source: Source, k: int) -> Rows:
    """Sizes, sparsity, listens a user and listeners an artist."""
    data = source.snapshot.data
    require_listens(data)
    yield "users", len(data.users)
    yield "artists", len(data.artists)
    yield "listens", int(data.plays.nnz)
    yield "sparsity, %", listens.sparsity(data)
    yield from _spread("listens a user", np.diff(data.plays.indptr))
    totals = listens.artist_totals(source.snapshot)
    yield from _spread("listeners an artist", totals[listens.LISTENERS])
    percents = (1, 2, 3, 4, 5)
    for percent, count in zip(percents, listens.heard_by_at_most(totals, percents), strict=True):
        yield f"artists heard by at most {percent} % of users", count


def of_plays(source: Source, k: int) -> Rows:
    """Plays as they are and after each scaling, and what a cut leaves out."""
    matrix = source.snapshot.data.plays
    require_listens(source.snapshot.data)
    spread = plays.spread(plays.values_by_scaling(matrix))
    names = {
        "outliers_by_percentile": f"outliers above the {plays.PERCENTILE:g}th percentile",
        "outliers_by_quartiles": f"outliers beyond {plays.FENCES} quartile distances",
    }
    for row in spread.drop(columns=["low", "high"]).to_dict("records"):
        scaling = row.pop(plays.SCALING)
        prefix = "" if scaling == plays.RAW else f"{scaling}: "
        for figure, value in row.items():
            yield prefix + names.get(str(figure), str(figure)), value
    for figure, value in plays.after_cut(matrix).items():
        yield f"cut at the {plays.PERCENTILE:g}th percentile: {figure}", value


def of_artists(source: Source, k: int) -> Rows:
    """The artists with most listeners, and with most plays."""
    require_listens(source.snapshot.data)
    totals = listens.artist_totals(source.snapshot)
    for by in (listens.LISTENERS, PLAYS):
        best = listens.top(totals, by, k)
        for place, (name, value) in enumerate(zip(best[NAME], best[by], strict=True), 1):
            yield f"{place}. by {by}: {name}", int(value)
    best = listens.top(totals, listens.LISTENERS, k)
    for name, share in zip(best[NAME], best[listens.SHARE], strict=True):
        yield f"share of users, %: {name}", 100 * float(share)


def of_users(source: Source, k: int) -> Rows:
    """The users with most plays."""
    require_listens(source.snapshot.data)
    totals = listens.user_totals(source.snapshot.data)
    yield from _spread("plays a user", totals[PLAYS])
    best = listens.top(totals, PLAYS, k)
    for place, (user, value) in enumerate(zip(best[USER], best[PLAYS], strict=True), 1):
        yield f"{place}. by plays: user {user}", int(value)


def of_popularity(source: Source, k: int) -> Rows:
    """Popularity scores, how unequal popularity is, and how its measures agree."""
    require_listens(source.snapshot.data)
    totals = listens.artist_totals(source.snapshot)
    heard = totals[totals[listens.LISTENERS] > 0]
    yield from _spread("popularity score (plays a listener)", heard[listens.POPULARITY])
    for by in (listens.LISTENERS, PLAYS):
        yield f"Gini coefficient of {by}", listens.gini(totals[by])
    for by in (listens.POPULARITY, PLAYS):
        yield (
            f"rank correlation of {by} and listeners",
            listens.rank_correlation(heard[by], heard[listens.LISTENERS]),
        )


def of_tags(source: Source, k: int) -> Rows:
    """The most given tags, artists' tags and users' tags."""
    snapshot = source.snapshot
    require_tags(snapshot.data)
    totals = tags.tag_totals(snapshot)
    yield "tags", len(totals)
    yield "assignments", int(totals[tags.ASSIGNMENTS].sum())
    best = listens.top(totals, tags.ASSIGNMENTS, k)
    for place, (name, value) in enumerate(zip(best[NAME], best[tags.ASSIGNMENTS], strict=True), 1):
        yield f"{place}. by assignments: {name}", int(value)
    yield from _spread("tags an artist", np.diff(snapshot.data.tag_counts.indptr))
    yield from _spread("tags a user", tags.tags_a_user(snapshot)[tags.TAGS])
    main = pd.Series(tags.main_tag_names(snapshot)).value_counts()
    for name, artists in main.drop(tags.UNTAGGED, errors="ignore").head(k).items():
        yield f"artists whose main tag is {name}", int(artists)
    yield from _tags_of_the_most_heard(source, k)


def of_tag_clusters(source: Source, k: int) -> Rows:
    """K-means on the 100 most used tags by the plays of what carries them."""
    snapshot = source.snapshot
    require_listens(snapshot.data)
    require_tags(snapshot.data)
    features = tag_features(snapshot.taggings, snapshot.listens, snapshot.tags)
    measured = silhouettes(features)
    if measured.empty:
        raise NotFoundError(
            f"{len(features)} tags of listened artists are too few to cluster: load more data"
        )
    for row in measured.to_dict("records"):
        yield f"silhouette with {row[CLUSTERS]} clusters", row[SILHOUETTE]
    best = best_count(measured)
    for cluster, members in clustered(features, best).groupby(CLUSTER):
        yield f"tags in cluster {cluster} of {best}", len(members)
        yield f"most used in cluster {cluster} of {best}", members[NAME].head(5).tolist()


def of_friends(source: Source, k: int) -> Rows:
    """Friends a user, groups, clustering, and whether friends share taste."""
    data = source.snapshot.data
    require_friends(data)
    degrees = friends.degrees(data)
    yield "friendships", int(degrees.sum()) // 2
    yield "users with a friend", int((degrees > 0).sum())
    yield from _spread("friends a user", degrees)
    for share in (90, 99):
        yield f"friends a user, {share}th percentile", float(np.percentile(degrees, share))
    sizes = friends.component_sizes(data)
    yield "components of two or more", int((sizes > 1).sum())
    yield "users in the largest component", int(sizes[0])
    local, transitivity = friends.clustering(data)
    yield "clustering coefficient, mean", local
    yield "transitivity", transitivity
    shared = friends.shared_with(data)
    if len(shared):
        taste = friends.taste_assortativity(shared)
        yield "artists shared with a friend, mean", taste["friends"]
        yield "artists shared with a stranger, mean", taste["strangers"]
        yield "shared more with friends", taste["difference"]
        yield "shared more with friends, 95 % from", taste["low"]
        yield "shared more with friends, 95 % to", taste["high"]


def of_gaps(source: Source, k: int) -> Rows:
    """What is missing: nulls, and nodes without relationships."""
    snapshot, data = source.snapshot, source.snapshot.data
    if not len(data.users) + len(data.artists):
        raise NotFoundError("the graph is empty: 'tastegraph load PATH' fills it")
    artists = snapshot.artists
    yield "artists without a name", int(artists[NAME].isna().sum())
    yield "artists without a page", int(artists[URL].isna().sum())
    yield "artists without a picture", int(artists[PICTURE_URL].isna().sum())
    yield "artists whose name was repaired", int(artists[RAW_NAME].notna().sum())
    yield "artists without listeners", int((np.asarray(data.listeners) == 0).sum())
    yield "artists without tags", int((np.diff(data.tag_counts.indptr) == 0).sum())
    yield "users without listens", int((np.diff(data.plays.indptr) == 0).sum())
    yield "users without friends", int((friends.degrees(data) == 0).sum())
    yield "users without tags", int((tags.tags_a_user(snapshot)[tags.TAGS] == 0).sum())
    pairs = snapshot.taggings[[USER, ARTIST]].drop_duplicates()
    heard = pairs.merge(snapshot.listens[[USER, ARTIST]], on=[USER, ARTIST])
    yield "tagged pairs", len(pairs)
    yield "tagged pairs without a listen", len(pairs) - len(heard)
    unused = np.bincount(data.tag_counts.indices, minlength=len(data.tags)) == 0
    yield "tags that no artist carries", int(unused.sum())


def of_model(source: Source, k: int) -> Rows:
    """The model in the graph, and how its vectors' lengths follow popularity."""
    card, is_stale, users, artists = source.lengths
    yield "id", card.id
    yield "algorithm", card.algorithm
    yield "dimensions", card.dimensions
    yield "seed", card.seed
    yield "trained at", card.trained_at
    yield "data changed since", "yes" if is_stale else "no"
    yield "training loss", card.training_loss
    yield "artists without a vector", int((artists == 0).sum())
    yield "users without a vector", int((users == 0).sum())
    yield (
        "rank correlation of vector lengths and listeners",
        listens.rank_correlation(artists, np.asarray(source.snapshot.data.listeners)),
    )


SECTIONS: dict[str, Callable[[Source, int], Rows]] = {
    "matrix": of_matrix,
    "plays": of_plays,
    "artists": of_artists,
    "users": of_users,
    "popularity": of_popularity,
    "tags": of_tags,
    "tag-clusters": of_tag_clusters,
    "friends": of_friends,
    "gaps": of_gaps,
    "model": of_model,
}


def _spread(what: str, values: object) -> Rows:
    """Mean, median, least and most of something counted."""
    numbers = np.asarray(values, dtype=np.float64)
    if len(numbers):
        yield f"{what}, mean", float(numbers.mean())
        yield f"{what}, median", float(np.median(numbers))
        yield f"{what}, least", float(numbers.min())
        yield f"{what}, most", float(numbers.max())


def _tags_of_the_most_heard(source: Source, k: int) -> Rows:
    """The three main tags of the artists with most listeners."""
    snapshot = source.snapshot
    main = tags.main_tags(snapshot.data)
    names = dict(zip(snapshot.tags[TAG], snapshot.tag_names, strict=True))
    for row in listens.top(listens.artist_totals(snapshot), listens.LISTENERS, k).itertuples():
        given = main.loc[main[ARTIST] == row.artist, TAG]
        if len(given):
            yield f"main tags of {row.name}", [names[tag] for tag in given]
