"""Rows of tag precision for a graph small enough to compute by hand.

Artists 10 to 50, tags 7 and 8: 40 carries none, 50 has neither listeners nor a vector.
User 2 has assigned no tag, user 3 has no vector.
"""

import dataclasses

import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.errors import InputError, ModelError
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.data.vectors import Vectors
from tastegraph.models.evaluation.tag_overlap import MEASURES
from tastegraph.models.evaluation.tag_precision import COLUMNS, Neighbour, Neighbours, TagPrecision

DATA = Dataset(
    users=IdMap([1, 2, 3]),
    artists=IdMap([10, 20, 30, 40, 50]),
    tags=IdMap([7, 8]),
    plays=csr_array([[5.0, 0, 0, 0, 0], [3, 4, 0, 0, 0], [0, 0, 9, 1, 0]]),
    friends=csr_array((3, 3)),
    tag_counts=csr_array([[2.0, 0], [1, 1], [0, 3], [0, 0], [1, 0]]),
)
VECTORS = Vectors(
    users=np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32),
    artists=np.array([[1, 0], [1, 1], [0, 1], [2, -1], [0, 0]], dtype=np.float32),
)


def measured(data: Dataset = DATA) -> TagPrecision:
    return TagPrecision(
        data,
        VECTORS,
        user_tags=csr_array([[1.0, 0], [0, 0], [0, 2]]),
        artist_names=np.array(["Ten", "Twenty", "Thirty", "Forty", "Fifty"], dtype=object),
        tag_names=np.array(["seven", "eight"], dtype=object),
        weights=(1.0, 0.0, 0.0),
    )


def test_neighbours_of_an_artist() -> None:
    found = measured().artist(10, k=2, least=1)
    assert found.notes == []
    row = found.frame.iloc[0]
    assert tuple(found.frame) == COLUMNS
    assert row["shared"] == [
        Neighbour(40, "Forty", False, False, []),
        Neighbour(20, "Twenty", True, True, ["seven"]),
    ]
    # Candidates are 20, 30 and 40, of one listener each.
    assert row[list(MEASURES)].tolist() == pytest.approx([0.5, 0.5, 1 / 3, 1 / 3, 0.5, 0.5])
    assert (row["subject"], row["k"]) == ("Ten", 2)


def test_recommendations_of_a_user() -> None:
    found = measured().user(1, k=2)
    row = found.frame.iloc[0]
    assert [neighbour.id for neighbour in row["shared"]] == [40, 20]
    # Candidates are 20 to 50, of which 20 and 50 carry tag 7; 20 and 30 have most listeners.
    assert row[list(MEASURES)].tolist() == [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert (row["subject"], row["k"], found.notes) == (1, 2, [])


def test_a_user_without_a_vector_gets_the_most_listened() -> None:
    found = measured().user(3, k=2)
    assert [neighbour.id for neighbour in found.frame["shared"][0]] == [10, 20]
    assert found.frame["precision"].tolist() == [0.5]
    assert found.notes == [
        "the model has no vector for user 3: these are the most listened artists"
    ]


def test_k_above_what_there_is_is_said() -> None:
    found = measured().artist(10, k=1_000_000, least=1)
    assert found.frame["k"].tolist() == [3]
    assert found.notes == ["only 3 artists are there to choose from, so k is 3"]


def test_means_over_artists_and_users() -> None:
    compare = measured()
    found = compare.everybody(k=2, least=1, most=4)
    assert found.frame["subject"].tolist() == ["artists", "users"]
    assert found.frame["shared"].tolist() == [[], []]
    artists = [compare.artist(artist, 2, 1).frame for artist in (10, 20, 30)]
    users = [compare.user(user, 2).frame for user in (1, 3)]
    for row, singles in zip(found.frame.to_dict("records"), (artists, users), strict=True):
        for measure in MEASURES:
            assert row[measure] == pytest.approx(np.mean([each[measure][0] for each in singles]))
    assert found.notes == [
        "left out for carrying no tag: 1 of 4 most heard artists",
        "left out for having assigned no tag: 1 of 3 users",
    ]


def test_means_say_how_many_lists_are_short() -> None:
    found = measured().everybody(k=3, least=2, most=1)
    assert "with fewer than 3 artists to choose from: 1 of 1 artists" in found.notes
    assert found.frame.loc[0, list(MEASURES)].isna().all()


def test_what_can_not_be_measured_is_an_error() -> None:
    compare = measured()
    with pytest.raises(InputError, match="Forty carries no tag"):
        compare.artist(40, 2, 1)
    with pytest.raises(ModelError, match="no vector for Fifty"):
        compare.artist(50, 2, 1)
    with pytest.raises(InputError, match="9 listeners or more: lower --min-listeners"):
        compare.artist(10, 2, 9)
    with pytest.raises(InputError, match="user 2 has assigned no tag"):
        compare.user(2, 2)
    with pytest.raises(InputError, match="load"):
        measured(dataclasses.replace(DATA, tag_counts=csr_array((5, 2))))
    everything = dataclasses.replace(DATA, plays=csr_array(np.ones((3, 5))))
    with pytest.raises(InputError, match="user 1 listens to every artist"):
        measured(everything).user(1, 2)


def test_neighbours_in_words() -> None:
    several = Neighbour(1, "One", True, True, ["a", "b", "c", "d", "e"])
    none = Neighbour(2, "Two", False, False, [])
    assert str(Neighbours([several, none])) == "One (strict): a, b, c, 2 more; Two: no tag shared"
