"""The sections of ``analyse``: rows of figures, each section from one part of the data."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

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
from tastegraph.runtime.notes import Note, unsaid

SECTION = "section"
FIGURE = "figure"
OF = "of"
VALUE = "value"
TEXT = "text"


class Figure(NamedTuple):
    """A figure: its name, its number, what it is of (None: all of it), and what is no number."""

    figure: str
    value: float | None = None
    of: str | None = None
    text: str | None = None


Rows = Iterator[Figure]


def analyse(
    source: Source, sections: Sequence[str] = (), k: int = 10, note: Note = unsaid
) -> pd.DataFrame:
    """Columns section, figure, of, value, text of ``sections``, or of all.

    value is a number, a count a whole one; text is what is none. of names the artist, user, tag,
    scaling or cluster that the figure is about. ``k`` is the length of lists, the first first.

    A section whose data are not in the graph says so through ``note``, and the others come all
    the same; when no section has its data, the error of the first is raised.
    """
    rows: list[tuple[object, ...]] = []
    missing: list[TastegraphError] = []
    for name in sections or SECTIONS:
        try:
            rows += [
                (name, row.figure, row.of, row.value, row.text) for row in SECTIONS[name](source, k)
            ]
        except (ModelError, NotFoundError) as error:
            note(f"no figures of {name}: {error}")
            missing.append(error)
    if missing and not rows:
        raise missing[0]
    return pd.DataFrame(rows, columns=[SECTION, FIGURE, OF, VALUE, TEXT], dtype=object)


def of_matrix(source: Source, k: int) -> Rows:
    """Sizes, sparsity, listens a user and listeners an artist."""
    data = source.snapshot.data
    require_listens(data)
    yield Figure("users", len(data.users))
    yield Figure("artists", len(data.artists))
    yield Figure("listens", int(data.plays.nnz))
    yield Figure("sparsity, %", listens.sparsity(data))
    yield from _spread("listens a user", np.diff(data.plays.indptr))
    totals = listens.artist_totals(source.snapshot)
    yield from _spread("listeners an artist", totals[listens.LISTENERS])
    percents = (1, 2, 3, 4, 5)
    for percent, count in zip(percents, listens.heard_by_at_most(totals, percents), strict=True):
        yield Figure(f"artists heard by at most {percent} % of users", count)


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
        scaling = str(row.pop(plays.SCALING))
        for figure, value in row.items():
            is_count = scaling == plays.RAW and figure in ("min", "max")
            shown = int(value) if is_count else value
            yield Figure(names.get(str(figure), str(figure)), shown, scaling)
    for figure, value in plays.after_cut(matrix).items():
        yield Figure(f"cut at the {plays.PERCENTILE:g}th percentile: {figure}", value, plays.RAW)


def of_artists(source: Source, k: int) -> Rows:
    """The artists with most listeners, and with most plays."""
    require_listens(source.snapshot.data)
    totals = listens.artist_totals(source.snapshot)
    for by in (listens.LISTENERS, PLAYS):
        best = listens.top(totals, by, k)
        for name, value in zip(best[NAME], best[by], strict=True):
            yield Figure(by, int(value), name)
    best = listens.top(totals, listens.LISTENERS, k)
    for name, share in zip(best[NAME], best[listens.SHARE], strict=True):
        yield Figure("share of users, %", 100 * float(share), name)


def of_users(source: Source, k: int) -> Rows:
    """The users with most plays."""
    require_listens(source.snapshot.data)
    totals = listens.user_totals(source.snapshot.data)
    yield from _spread("plays a user", totals[PLAYS])
    best = listens.top(totals, PLAYS, k)
    for user, value in zip(best[USER], best[PLAYS], strict=True):
        yield Figure(PLAYS, int(value), str(user))


def of_popularity(source: Source, k: int) -> Rows:
    """Popularity scores, how unequal popularity is, and how its measures agree."""
    require_listens(source.snapshot.data)
    totals = listens.artist_totals(source.snapshot)
    heard = totals[totals[listens.LISTENERS] > 0]
    yield from _spread("popularity score (plays a listener)", heard[listens.POPULARITY])
    for by in (listens.LISTENERS, PLAYS):
        yield Figure("Gini coefficient", listens.gini(totals[by]), by)
    for by in (listens.POPULARITY, PLAYS):
        agreement = listens.rank_correlation(heard[by], heard[listens.LISTENERS])
        yield Figure("rank correlation with listeners", agreement, by)


def of_tags(source: Source, k: int) -> Rows:
    """The most given tags, artists' tags and users' tags."""
    snapshot = source.snapshot
    require_tags(snapshot.data)
    totals = tags.tag_totals(snapshot)
    yield Figure("tags", len(totals))
    yield Figure("assignments", int(totals[tags.ASSIGNMENTS].sum()))
    best = listens.top(totals, tags.ASSIGNMENTS, k)
    for name, value in zip(best[NAME], best[tags.ASSIGNMENTS], strict=True):
        yield Figure(tags.ASSIGNMENTS, int(value), name)
    yield from _spread("tags an artist", np.diff(snapshot.data.tag_counts.indptr))
    yield from _spread("tags a user", tags.tags_a_user(snapshot)[tags.TAGS])
    main = pd.Series(tags.main_tag_names(snapshot)).value_counts()
    for name, artists in main.drop(tags.UNTAGGED, errors="ignore").head(k).items():
        yield Figure("artists whose main tag it is", int(artists), str(name))
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
        yield Figure("silhouette", row[SILHOUETTE], f"{row[CLUSTERS]} clusters")
    best = best_count(measured)
    for cluster, members in clustered(features, best).groupby(CLUSTER):
        which = f"cluster {cluster} of {best}"
        yield Figure("tags", len(members), which)
        for place, name in enumerate(members[NAME].head(5), 1):
            yield Figure("most used tag", place, which, str(name))


def of_friends(source: Source, k: int) -> Rows:
    """Friends a user, groups, clustering, and whether friends share taste."""
    data = source.snapshot.data
    require_friends(data)
    degrees = friends.degrees(data)
    yield Figure("friendships", int(degrees.sum()) // 2)
    yield Figure("users with a friend", int((degrees > 0).sum()))
    yield from _spread("friends a user", degrees)
    for share in (90, 99):
        yield Figure(f"friends a user, {share}th percentile", float(np.percentile(degrees, share)))
    sizes = friends.component_sizes(data)
    yield Figure("components of two or more", int((sizes > 1).sum()))
    yield Figure("users in the largest component", int(sizes[0]))
    local, transitivity = friends.clustering(data)
    yield Figure("clustering coefficient, mean", local)
    yield Figure("transitivity", transitivity)
    shared = friends.shared_with(data)
    if len(shared):
        taste = friends.taste_assortativity(shared)
        yield Figure("artists shared with a friend, mean", taste["friends"])
        yield Figure("artists shared with a stranger, mean", taste["strangers"])
        yield Figure("shared more with friends", taste["difference"])
        yield Figure("shared more with friends, 95 % from", taste["low"])
        yield Figure("shared more with friends, 95 % to", taste["high"])


def of_gaps(source: Source, k: int) -> Rows:
    """What is missing: nulls, and nodes without relationships."""
    snapshot, data = source.snapshot, source.snapshot.data
    if not len(data.users) + len(data.artists):
        raise NotFoundError("the graph is empty: 'tastegraph load PATH' fills it")
    artists = snapshot.artists
    yield Figure("artists without a name", int(artists[NAME].isna().sum()))
    yield Figure("artists without a page", int(artists[URL].isna().sum()))
    yield Figure("artists without a picture", int(artists[PICTURE_URL].isna().sum()))
    yield Figure("artists whose name was repaired", int(artists[RAW_NAME].notna().sum()))
    yield Figure("artists without listeners", int((np.asarray(data.listeners) == 0).sum()))
    yield Figure("artists without tags", int((np.diff(data.tag_counts.indptr) == 0).sum()))
    yield Figure("users without listens", int((np.diff(data.plays.indptr) == 0).sum()))
    yield Figure("users without friends", int((friends.degrees(data) == 0).sum()))
    yield Figure("users without tags", int((tags.tags_a_user(snapshot)[tags.TAGS] == 0).sum()))
    pairs = snapshot.taggings[[USER, ARTIST]].drop_duplicates()
    heard = pairs.merge(snapshot.listens[[USER, ARTIST]], on=[USER, ARTIST])
    yield Figure("tagged pairs", len(pairs))
    yield Figure("tagged pairs without a listen", len(pairs) - len(heard))
    unused = np.bincount(data.tag_counts.indices, minlength=len(data.tags)) == 0
    yield Figure("tags that no artist carries", int(unused.sum()))


def of_model(source: Source, k: int) -> Rows:
    """The model in the graph, and how its vectors' lengths follow popularity."""
    card, is_stale, users, artists = source.lengths
    yield Figure("id", text=card.id)
    yield Figure("algorithm", text=card.algorithm)
    yield Figure("dimensions", card.dimensions)
    yield Figure("seed", card.seed)
    yield Figure("trained at", text=str(card.trained_at))
    yield Figure("data changed since", text="yes" if is_stale else "no")
    yield Figure("training loss", card.training_loss)
    yield Figure("artists without a vector", int((artists == 0).sum()))
    yield Figure("users without a vector", int((users == 0).sum()))
    yield Figure(
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
        yield Figure(f"{what}, mean", float(numbers.mean()))
        yield Figure(f"{what}, median", float(np.median(numbers)))
        # The least and the most of counts are counts.
        is_whole = np.issubdtype(np.asarray(values).dtype, np.integer)
        for which, value in (("least", numbers.min()), ("most", numbers.max())):
            yield Figure(f"{what}, {which}", int(value) if is_whole else float(value))


def _tags_of_the_most_heard(source: Source, k: int) -> Rows:
    """The three main tags of the artists with most listeners."""
    snapshot = source.snapshot
    main = tags.main_tags(snapshot.data)
    names = dict(zip(snapshot.tags[TAG], snapshot.tag_names, strict=True))
    for row in listens.top(listens.artist_totals(snapshot), listens.LISTENERS, k).itertuples():
        given = main.loc[main[ARTIST] == row.artist, TAG]
        for place, tag in enumerate(given, 1):
            yield Figure("main tag", place, str(row.name), names[tag])
