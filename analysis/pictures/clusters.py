"""Clusters, and how well each number of them separates."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tastegraph.analysis.pictures.names import X, Y, label_points
from tastegraph.analysis.pictures.style import (
    BLUE,
    COLOURS,
    GREY,
    MARKERS,
    columns,
    new_figure,
    picture,
    plain_numbers,
    short,
)

CLUSTER = "cluster"

# Tags that are named in each cluster, and the area of their markers in points squared.
_NAMED = 6
_TAG = 22.0

# Artists that are named in each cluster.
_ARTISTS = 3


@picture
def tag_clusters(features: pd.DataFrame, silhouettes: pd.DataFrame) -> Figure:
    """K-means on tags: each tag by the plays it stands for, and the silhouettes.

    The frames of ``tastegraph.analysis.tag_clusters.clustered`` and ``silhouettes``.
    """
    count = features[CLUSTER].nunique()
    figure = new_figure(6.6 + 0.17 * (count // 3))
    points, bars = figure.subplots(2, 1, height_ratios=[3, 1])
    frame = features.rename(columns={"sum": X, "mean": Y})
    sizes = features[CLUSTER].value_counts()
    points.set_title(
        f"{len(features)} most used tags in {count} clusters, {sizes.max()} in the largest"
    )
    points.set(xscale="log", yscale="log")
    for cluster, members in frame.groupby(CLUSTER):
        _points(
            points, members, int(str(cluster)), f"cluster {cluster} ({len(members)} tags)", _TAG
        )
    points.set(xlabel="plays by those who gave the artist the tag, in all")
    points.set_ylabel("such plays a listen, mean")
    figure.legend(
        *points.get_legend_handles_labels(), loc="outside lower center", ncols=min(count, 4)
    )
    plain_numbers(points, "x", "y")
    _silhouettes(bars, silhouettes, count)
    named = frame.groupby(CLUSTER).head(_NAMED)
    label_points(points, named, [False] * len(named), area=_TAG)
    return figure


@picture
def artist_clusters(
    frame: pd.DataFrame, clusters: pd.DataFrame, silhouettes: pd.DataFrame
) -> Figure:
    """K-means on artists' vectors: a map, each cluster's own tags, and the silhouettes.

    frame        columns of ``figures.maps.artist_map`` and cluster
    clusters     cluster, size, own_tags
    silhouettes  clusters, silhouette
    """
    figure = new_figure(6.8 + 0.17 * len(clusters))
    points, bars = figure.subplots(2, 1, height_ratios=[4, 1])
    points.set_title(
        f"{len(frame):,} most heard artists in {len(clusters)} clusters of the embedding, "
        f"{clusters['size'].max():,} in the largest"
    )
    for cluster, size, tags in clusters.itertuples(index=False):
        words = ", ".join(short(tag, 26) for tag in tags) or "no tags of its own"
        members = frame[frame[CLUSTER] == cluster]
        _points(points, members, cluster, f"{cluster}: {words} ({size:,})", 9)
    points.set(xlabel="component 1", ylabel="component 2")
    points.tick_params(labelbottom=False, labelleft=False, length=0)
    handles, words = points.get_legend_handles_labels()
    figure.legend(
        handles,
        words,
        title="cluster: its own tags (artists)",
        title_fontsize=8,
        loc="outside lower center",
        ncols=columns(words, 2),
        markerscale=1.8,
    )
    _silhouettes(bars, silhouettes, len(clusters))
    named = frame.groupby(CLUSTER).head(_ARTISTS)
    label_points(points, named, [False] * len(named))
    return figure


def _marker(cluster: int) -> str:
    """A shape for each cluster: when colours come round again, with another shape."""
    turn, place = divmod(cluster - 1, len(COLOURS))
    return MARKERS[(place + 3 * turn) % len(MARKERS)]


def _points(axes: Axes, frame: pd.DataFrame, cluster: int, label: str, size: float) -> None:
    axes.scatter(
        frame[X],
        frame[Y],
        s=size,
        color=COLOURS[(cluster - 1) % len(COLOURS)],
        marker=_marker(cluster),
        alpha=0.7,
        linewidths=0,
        label=label,
    )


def _silhouettes(axes: Axes, silhouettes: pd.DataFrame, chosen: int) -> None:
    counts, values = silhouettes["clusters"], silhouettes["silhouette"]
    colours = [BLUE if count == chosen else GREY for count in counts]
    axes.bar(counts, values, color=colours, width=0.6)
    for count, value in zip(counts, values, strict=True):
        axes.text(count, max(value, 0), f"{value:.3f}", ha="center", va="bottom", fontsize=7.5)
    axes.set_title(_said(silhouettes, chosen))
    axes.set(xlabel="clusters", ylabel="mean silhouette")
    axes.set_ylim(
        min(0, values.min()) if len(values) else 0,
        1.25 * max(values.max(), 0.01) if len(values) else 1,
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="x")


def _said(silhouettes: pd.DataFrame, chosen: int) -> str:
    """Which number of clusters separates best, and whether more could do so better."""
    if silhouettes.empty:
        return f"{chosen} clusters"
    counts = silhouettes["clusters"]
    best = int(counts.to_numpy()[silhouettes["silhouette"].to_numpy().argmax()])
    words = f"{best} clusters separate best of {counts.min()} to {counts.max()}"
    if chosen != best:
        return f"{words}; {chosen} are shown"
    if best == counts.max() and len(counts) > 1:
        return f"{best} clusters separate best, the most that were tried"
    return words
