"""Maps, clusters and small graphs from vectors whose answer is plain to see."""

import numpy as np
import pytest

from tastegraph.analysis.figures import clusters, graphs, maps
from tastegraph.analysis.source import Snapshot
from tastegraph.analysis.tag_clusters import clustered, silhouettes, tag_features
from tastegraph.errors import ModelError
from tastegraph.models.explain.parts import Part, Why


@pytest.fixture(scope="module")
def two_groups() -> np.ndarray:
    """Forty vectors around one direction and twenty around another, lengths from 1 to 9."""
    rng = np.random.default_rng(0)
    centres = np.repeat(np.eye(8)[:2], [40, 20], axis=0)
    rows = (centres + rng.normal(0, 0.05, (60, 8))) * rng.uniform(1, 9, (60, 1))
    return rows.astype(np.float32)


def test_clusters_are_found_and_numbered_by_size(two_groups: np.ndarray) -> None:
    found = clusters.artist_clusters(two_groups, counts=(2, 3, 4))
    assert found.labels.tolist() == [1] * 40 + [2] * 20
    assert found.silhouettes["clusters"].tolist() == [2, 3, 4]
    assert found.silhouettes["silhouette"].idxmax() == 0
    asked = clusters.artist_clusters(two_groups, 5)
    assert np.unique(asked.labels).tolist() == [1, 2, 3, 4, 5]


def test_too_few_artists_for_the_clusters(two_groups: np.ndarray) -> None:
    with pytest.raises(ModelError, match="too few for 4 clusters"):
        clusters.artist_clusters(two_groups[:3], 4)


def test_own_tags_set_a_cluster_apart(four: Snapshot) -> None:
    rows = np.arange(4)
    own = clusters.own_tags(four, rows, np.array([1, 1, 2, 2]))
    assert own["size"].tolist() == [2, 2]
    assert own["own_tags"].tolist() == [["pop", "rock"], []]


@pytest.mark.parametrize("mapping", [maps.tsne, lambda vectors: maps.pca(vectors)[0]])
def test_maps_keep_groups_apart(mapping, two_groups: np.ndarray) -> None:
    points = mapping(two_groups)
    first, second = points[:40], points[40:]
    apart = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    assert apart > 2 * max(first.std(), second.std())


def test_pca_of_fewer_dimensions_than_two() -> None:
    points, shares = maps.pca(np.array([[1.0], [2.0], [4.0]]))
    assert points[:, 1].tolist() == [0, 0, 0]
    assert shares.tolist() == [1, 0]


def test_a_map_has_the_most_heard_with_a_vector_and_who_is_named(four: Snapshot) -> None:
    vectors = np.ones((4, 3), dtype=np.float32)
    with pytest.raises(ModelError, match="only 4 artists have a vector"):
        maps.mapped_artists(four, vectors, 10)
    named = maps.with_named(four, vectors, np.array([0]), (40, 10))
    assert named.tolist() == [0, 3]
    vectors[3] = 0
    with pytest.raises(ModelError, match="no vector for artist 40"):
        maps.with_named(four, vectors, np.array([0]), (40,))


def test_neighbourhood(four: Snapshot) -> None:
    vectors = np.array([[1, 0], [2, 0.2], [0, 1], [1, 1]], dtype=np.float32)
    nodes, links = graphs.neighbourhood(four, vectors, 0, 2)
    assert nodes["name"].tolist() == ["Ann", "Bob", "Dee"]
    assert nodes["similarity"].tolist() == pytest.approx([1, 2 / np.hypot(2, 0.2), 0.5**0.5])
    assert links[["one", "other"]].to_numpy().tolist() == [[0, 1], [0, 2], [1, 2]]


def test_reasons_add_up_to_the_score() -> None:
    import pandas as pd

    parts = [Part("embedding", None, None, 0.5), Part("friend", 7, None, -0.2)]
    parts += [Part("tag", at, f"t{at}", 0.01 * at) for at in range(1, 5)]
    best = pd.DataFrame({"artist": [3], "name": ["Cid"], "score": [0.4]})
    links = graphs.reasons(best.assign(why=pd.Series([Why(parts)], dtype=object)))
    assert links["kind"].tolist() == ["embedding", "friend", "tag", "tag", "rest"]
    assert links["value"].sum() == pytest.approx(0.4)


def test_a_reason_of_one_artist_is_told_of_all() -> None:
    import pandas as pd

    large = [Part("listen", at, f"a{at}", 0.5 - at / 100) for at in range(4)]
    small = [Part("listen", 9, "a9", 0.2), Part("listen", 0, "a0", 0.01)]
    small += [Part("tag", at, f"t{at}", 0.1) for at in range(3)] + [Part("friend", 1, None, -0.01)]
    best = pd.DataFrame({"artist": [3, 4], "name": ["Cid", "Dee"], "score": [2.0, 0.5]})
    links = graphs.reasons(best.assign(why=pd.Series([Why(large), Why(small)], dtype=object)))
    second = links[links["artist"] == 4]
    assert second["reason"].tolist() == [
        *("you play a9", "tag 't0'", "tag 't1'", "tag 't2'", "you play a0", "smaller parts")
    ]
    assert second["value"].sum() == pytest.approx(0.5)


def test_tag_features_join_by_user_and_artist(four: Snapshot) -> None:
    features = tag_features(four.taggings, four.listens, four.tags)
    # rock: 5 and 3; pop: 5, 1 and 7; jazz: 7, for nobody listens to Dee.
    assert features["name"].tolist() == ["pop", "rock", "jazz"]
    assert features["sum"].tolist() == [13, 8, 7]
    assert features["median"].tolist() == [5, 4, 7]
    assert features["place"].tolist() == [1, 2, 0]
    assert silhouettes(features)["clusters"].tolist() == [2]
    assert sorted(clustered(features, 2)["cluster"]) == [1, 1, 2]
