"""The last models are kept, used again and removed; a forgotten user is in none of them."""

import numpy as np
import pytest

from graph.errors import InputError, NotFoundError
from graph.store import GraphStore
from loaders.forget import forget
from loaders.ingest import ingest
from models.ask import has_vector, recommend_one
from models.card import read_card
from models.kept import list_models, remove_model, use_model
from models.pull import pull, pull_vectors
from models.recommender import Choice
from models.registry import create
from models.training import train
from tests.contract.trained import small_frames, train_small


def test_back_to_the_first_of_two(store: GraphStore) -> None:
    ingest(store, small_frames())
    first = train_small(store, 1).card
    data = pull(store)
    before = pull_vectors(store, data)
    choice = Choice(weights=first.weights)
    listed = recommend_one(store, 2, choice, exact=True)
    second = train(store, create("als", {"dimensions": "4", "epochs": "2"}), 2).card
    assert list_models(store)[["model", "current"]].to_numpy().tolist() == [
        [second.id, True],
        [first.id, False],
    ]
    with pytest.raises(InputError, match="in use"):
        remove_model(store, second.id)
    forget(store, 60)
    assert use_model(store, "2") == first.id
    assert read_card(store) == first
    after = pull_vectors(store, data)
    others = np.asarray(data.users.ids) != 60
    np.testing.assert_array_equal(after.users[others], before.users[others])
    np.testing.assert_array_equal(after.artists, before.artists)
    assert not after.users[~others].any()
    assert store.dialect.has_vector_indexes(store)
    again = recommend_one(store, 2, choice, exact=True)
    assert again["artist"].tolist() == listed["artist"].tolist()
    ingest(store, small_frames())
    use_model(store, first.id)
    assert not has_vector(store, 60)
    remove_model(store, second.id)
    assert list_models(store)["model"].tolist() == [first.id]
    with pytest.raises(NotFoundError, match=f"kept are {first.id}"):
        use_model(store, second.id)


def test_only_the_last_few_are_kept(store: GraphStore) -> None:
    ingest(store, small_frames())
    model = create("als", {"dimensions": "4", "epochs": "1"})
    cards = [train(store, model, seed, keep_models=2).card.id for seed in (1, 2, 3)]
    assert list_models(store)["model"].tolist() == cards[:0:-1]
    counted = "MATCH (v:KeptVectors) RETURN DISTINCT v.model AS model ORDER BY model"
    assert [row[0] for row in store.values(counted)] == sorted(cards[1:])
    train(store, model, 4, keep_models=0)
    assert list_models(store).empty
    assert store.values("MATCH (v:KeptVectors) RETURN count(v)") == [[0]]
