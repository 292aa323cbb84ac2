"""The kinds of pictures, by the names under which ``plot`` draws them.

Nothing heavy is imported here, so that help and completion stay quick.
"""

from dataclasses import dataclass, field

from tastegraph.graph.frames import Id

ARTISTS, USER, COUNT, CLUSTERS, MOST, SEED = "artist", "user", "k", "clusters", "most", "seed"

# Artists on a map unless told otherwise, and neighbours or reasons in a small graph.
MAPPED = 3_000
NEAREST = 14
EXPLAINED = 5
LISTED = 15
HEATED = 20


@dataclass(frozen=True)
class Kind:
    """A kind of picture: what it shows, and which options of ``plot`` it takes."""

    shows: str
    options: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Wish:
    """What a picture is to show; None where the kind decides.

    artists   ids of artists to be named, or whose neighbourhood is drawn
    user      whose reasons or scores are drawn; the first of the data's users by default
    k         length of lists
    clusters  how many clusters, instead of the best number
    most      how many of the most heard artists are on a map
    """

    artists: tuple[Id, ...] = ()
    user: Id | None = None
    k: int | None = None
    clusters: int | None = None
    most: int = MAPPED
    seed: int = 0


def _kind(shows: str, *options: str) -> Kind:
    return Kind(shows, frozenset(options))


KINDS: dict[str, Kind] = {
    "plays-density": _kind("density of plays, before and after each scaling"),
    "plays-box": _kind("box plots of plays, before and after each scaling"),
    "top-artists": _kind("artists with most listeners and most plays", COUNT),
    "top-users": _kind("users with most plays", COUNT),
    "top-tags": _kind("tags given most", COUNT),
    "long-tail": _kind("listeners and plays by rank, and how unequal they are"),
    "friends": _kind("friends a user, and what friends share"),
    "tag-heatmap": _kind("which tags go together", COUNT),
    "tag-clusters": _kind("K-means on the 100 most used tags", CLUSTERS, SEED),
    "loss": _kind("each part of the loss, by epoch"),
    "artists-pca": _kind("artists by principal components", ARTISTS, MOST),
    "artists-tsne": _kind("artists by t-SNE", ARTISTS, MOST, SEED),
    "artists-umap": _kind("artists by UMAP (an extra)", ARTISTS, MOST, SEED),
    "artist-clusters": _kind("K-means on artists' vectors", CLUSTERS, MOST, SEED),
    "neighbourhood": _kind("an artist among the nearest", ARTISTS, COUNT),
    "reasons": _kind("why artists are recommended to a user", USER, COUNT),
    "scores": _kind("a user's scores against popularity", USER, COUNT),
}
