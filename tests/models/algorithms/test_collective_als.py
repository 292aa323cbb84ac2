import numpy as np
import pytest
from scipy.sparse import csr_array

from tastegraph.errors import InputError
from tastegraph.models.algorithms.collective_als import CollectiveAls, CollectiveAlsConfig
from tastegraph.models.algorithms.whole_graph import (
    collective_matrix,
    learned_tags,
)
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.id_map import IdMap
from tastegraph.models.solver.fold_in import fold_in, parts
from tests.models.cases import dataset

SMALL = CollectiveAlsConfig(dimensions=6, epochs=4, reg=0.1)


def sparse(rows):
    return csr_array(np.array(rows, dtype=np.float32))


def tiny():
    return Dataset(
        IdMap.of([1, 2]),
        IdMap.of([10, 20, 30]),
        IdMap.of([5, 6]),
        sparse([[np.e - 1, np.e**3 - 1, 0], [0, 0, 7]]),
        sparse([[0, 1], [1, 0]]),
        sparse([[1, 0], [2, 0], [1, 1]]),
    )


def test_the_matrix_holds_listens_friends_and_tags():
    config = CollectiveAlsConfig(friend_weight=0.5, tag_weight=2.0, tag_artists=3)
    data = tiny()
    tags = learned_tags(data.tag_counts, 3)
    assert tags.tolist() == [0]
    expected = [
        [0.5, 1.5, 0, 0, 0.5],
        [0, 0, 1, 0.5, 0],
        [2 * np.log(2), 2 * np.log(3), 2 * np.log(2), 0, 0],
    ]
    np.testing.assert_allclose(collective_matrix(data, tags, config).toarray(), expected, rtol=1e-6)


def test_negative_weights_are_refused():
    with pytest.raises(InputError, match="tag_weight"):
        CollectiveAlsConfig(tag_weight=-0.1)


@pytest.fixture(scope="module")
def trained():
    data, model = dataset(), CollectiveAls(SMALL)
    model.fit(data, seed=3)
    return data, model


def test_everything_gets_a_vector_in_one_space(trained):
    data, model = trained
    vectors = model.vectors
    assert vectors.users.shape == (len(data.users), 6)
    assert vectors.artists.shape == (len(data.artists), 6)
    assert vectors.tags.shape == (len(data.tags), 6)
    assert model.friends.shape == vectors.users.shape
    assert {part.dtype for part in (vectors.users, vectors.artists, vectors.tags)} == {
        np.dtype(np.float32)
    }
    assert model.training_loss > 0


def test_a_rare_tag_has_a_vector_of_zeros():
    data, model = tiny(), CollectiveAls(SMALL)
    model.fit(data)
    assert model.vectors.tags[0].any()
    assert not model.vectors.tags[1].any()


def test_folding_in_a_user_from_artists_and_friends_gives_the_stored_vector(trained):
    data, model = trained
    listens = SMALL.weights(data)
    for user in range(len(data.users)):
        heard = slice(listens.indptr[user], listens.indptr[user + 1])
        friends = data.friends.indices[data.friends.indptr[user] : data.friends.indptr[user + 1]]
        vectors = np.vstack([model.vectors.artists[listens.indices[heard]], model.friends[friends]])
        weights = np.concatenate([listens.data[heard], np.full(len(friends), SMALL.friend_weight)])
        stored = model.vectors.users[user]
        folded = fold_in(vectors, weights, model.for_users)
        np.testing.assert_allclose(folded, stored, rtol=1e-4, atol=1e-5)
        shares = parts(model.vectors.artists, vectors, weights, model.for_users)
        np.testing.assert_allclose(
            shares.sum(axis=1), model.score(np.array([user]))[0], rtol=1e-4, atol=1e-5
        )


def test_the_same_seed_gives_the_same_model(trained):
    data, model = trained
    again = CollectiveAls(SMALL)
    again.fit(data, seed=3)
    np.testing.assert_array_equal(again.vectors.users, model.vectors.users)
    np.testing.assert_array_equal(again.vectors.artists, model.vectors.artists)


def test_a_graph_of_listens_alone_can_be_learned():
    plain = Dataset(
        IdMap.of([1]), IdMap.of([1]), IdMap.of([]), sparse([[3]]), sparse([[0]]), csr_array((1, 0))
    )
    model = CollectiveAls(SMALL)
    model.fit(plain)
    assert model.score(np.array([0]))[0, 0] > 0.5
    assert model.vectors.tags.shape == (0, 6)
