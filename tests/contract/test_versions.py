"""The last models are kept, used again and removed; a forgotten user is in none of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from tastegraph.errors import InputError, ModelError, NotFoundError
from tastegraph.graph.forget_user import forget
from tastegraph.graph.schema import TRAINING
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.loaders.ingest.ingest import ingest
from tastegraph.models.algorithms.factory import create
from tastegraph.models.data.dataset import Dataset
from tastegraph.models.data.training_hash import TrainingHashes
from tastegraph.models.data.vectors import Matrix, Vectors
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.serving.newcomers import Newcomer, recommend_newcomer
from tastegraph.models.serving.one_user_in_database import has_vector, recommend_one, with_reasons
from tastegraph.models.serving.update import update
from tastegraph.models.solver.fold_in_model import KEPT
from tastegraph.models.storage.model_card import Card, read_card
from tastegraph.models.storage.read_graph import (
    read_dataset,
    read_fold_in,
    read_fold_in_columns,
    read_training_hashes,
    read_vectors,
)
from tastegraph.models.storage.versions import list_models, remove_model, use_model
from tastegraph.models.training.train import train
from tests.contract.test_changes import change
from tests.contract.trained import (
    WEIGHTS,
    Trained,
    load_and_train,
    load_and_train_student,
    load_small,
    small_frames,
    train_small,
)

CHOICE = RecommendOptions(weights=WEIGHTS)
FORGOTTEN = 60


@dataclass(frozen=True)
class Seen:
    """What a person sees of a model, and what it is made of."""

    card: Card
    vectors: Vectors
    hashes: tuple[TrainingHashes, TrainingHashes]
    fold_in_model: dict[str, object]
    columns: tuple[Matrix, Matrix]
    newcomer: pd.DataFrame
    reasons: list[pd.DataFrame]


def seen(store: GraphStore, data: Dataset) -> Seen:
    """The graph's model, asked for three users and a newcomer."""
    fold_in = read_fold_in(store, data)
    assert fold_in is not None
    assert fold_in.friends is not None
    return Seen(
        read_card(store),
        read_vectors(store, data),
        (
            read_training_hashes(store, "User", data.users),
            read_training_hashes(store, "Artist", data.artists),
        ),
        fold_in.model.as_properties(),
        (fold_in.friends, fold_in.artists),
        recommend_newcomer(store, Newcomer([1, 7, 20], [2]), CHOICE),
        [
            with_reasons(store, user, recommend_one(store, user, CHOICE, exact=True), CHOICE)
            for user in (2, 3, 5)
        ],
    )


def assert_whole(found: Seen, expected: Seen) -> None:
    """The same to the last place where it is kept, within 1e-6 where a database adds."""
    assert found.card == expected.card
    assert found.fold_in_model == expected.fold_in_model
    assert found.hashes[0].any()
    for after, before in zip(
        (found.vectors.users, found.vectors.artists, *found.hashes, *found.columns),
        (expected.vectors.users, expected.vectors.artists, *expected.hashes, *expected.columns),
        strict=True,
    ):
        np.testing.assert_array_equal(after, before)
    lists = zip(
        [found.newcomer, *found.reasons], [expected.newcomer, *expected.reasons], strict=True
    )
    for after, before in lists:
        assert after["artist"].tolist() == before["artist"].tolist()
        for told, known in zip(after["why"], before["why"], strict=True):
            assert {(part.kind, part.id): part.value for part in told} == pytest.approx(
                {(part.kind, part.id): part.value for part in known}, abs=1e-6
            )


@pytest.mark.holds(make=load_and_train_student)
def test_models_come_back_whole(held: Trained) -> None:
    """As they were trained; what an update made of one is what an update makes of it again."""
    student, store = held, held.store
    change(store)
    data = read_dataset(store)
    done = update(store)
    first = seen(store, data)
    train_small(store, 2)
    second = seen(store, data)

    assert use_model(store, "2") == (student.card.id, [])
    assert list_models(store)["current"].tolist() == [False, True]
    assert read_card(store) == student.card
    known = data.users.rows(student.data.users.ids)
    rolled = read_vectors(store, data)
    np.testing.assert_array_equal(rolled.users[known], student.recommender.vectors.users)
    assert not has_vector(store, 903)
    assert update(store).frame.equals(done.frame)
    assert_whole(seen(store, data), first)

    assert use_model(store, second.card.id) == (second.card.id, [])
    assert_whole(seen(store, data), second)
    assert store.dialect.has_vector_indexes(store)
    assert update(store).frame["changed"].tolist() == [0, 0]
    with pytest.raises(InputError, match="in use"):
        remove_model(store, second.card.id)
    assert remove_model(store, "2") == student.card.id
    with pytest.raises(NotFoundError, match=f"kept are {second.card.id}"):
        use_model(store, student.card.id)


@pytest.mark.holds(make=load_and_train)
def test_who_is_forgotten_is_in_no_kept_model(held: Trained) -> None:
    store, model = held.store, held.card.id
    data = read_dataset(store)
    row = data.users.row(FORGOTTEN)
    before = of_users(store, data)
    for content, rows in zip(kept(store, model), before, strict=True):
        assert content.count(rows[row].tobytes()) == 1

    forget(store, FORGOTTEN)

    for content, rows in zip(kept(store, model), before, strict=True):
        assert rows[row].tobytes() not in content
    listed = store.values("MATCH (v:KeptVectors {label: 'User'}) RETURN v.ids")
    assert FORGOTTEN not in [id_ for (ids,) in listed for id_ in ids]
    ingest(store, small_frames())
    use_model(store, model)
    for found, rows in zip(of_users(store, data), before, strict=True):
        assert not found[row].any()
        others = np.arange(len(data.users)) != row
        np.testing.assert_array_equal(found[others], rows[others])


def of_users(store: GraphStore, data: Dataset) -> tuple[Matrix, Matrix, TrainingHashes]:
    """What the graph's model knows of users: vectors, columns and hashes."""
    return (
        read_vectors(store, data).users,
        read_fold_in_columns(store, "User", data.users),
        read_training_hashes(store, "User", data.users),
    )


def kept(store: GraphStore, model: str) -> list[bytes]:
    """What ``model`` keeps of users: vectors, columns and hashes."""
    rows = store.values(
        "MATCH (v:KeptVectors {model: $model, label: 'User'}) "
        "RETURN v.vectors, v.columns, v.hashes ORDER BY v.part",
        {"model": model},
    )
    return [b"".join(contents) for contents in zip(*rows, strict=True)]


@pytest.mark.holds(make=load_and_train)
def test_what_an_earlier_version_kept_comes_back_and_says_what_it_lacks(held: Trained) -> None:
    store, first = held.store, held.card
    listed = recommend_one(store, 2, CHOICE, exact=True)
    # As it was kept before: vectors and the model's own properties alone.
    store.write("MATCH (v:KeptVectors) REMOVE v.columns, v.hashes")
    store.write("MATCH (m:KeptModel) REMOVE " + ", ".join(f"m.{name}" for name in KEPT))
    id_, notes = use_model(store, "1")
    assert id_ == first.id
    assert [note for note in notes if "kept by an earlier version" in note]
    told = with_reasons(store, 2, recommend_one(store, 2, CHOICE, exact=True), CHOICE)
    assert told["artist"].tolist() == listed["artist"].tolist()
    assert "embedding" in {part.kind for why in told["why"] for part in why}
    for label, training in TRAINING.items():
        left = (
            f"MATCH (t:{training}) WHERE t.foldInColumn IS NOT NULL OR t.trainingHash IS NOT NULL "
            "RETURN count(t)"
        )
        assert store.values(left) == [[0]], label
    with pytest.raises(ModelError, match="keeps nothing to fold in"):
        update(store)


@pytest.mark.holds(make=load_small)
def test_only_the_last_few_are_kept(store: GraphStore) -> None:
    model = create("als", {"dimensions": "4", "epochs": "1"})
    cards = [train(store, model, seed, keep_models=2).card.id for seed in (1, 2, 3)]
    assert list_models(store)["model"].tolist() == cards[:0:-1]
    counted = "MATCH (v:KeptVectors) RETURN DISTINCT v.model AS model ORDER BY model"
    assert [row[0] for row in store.values(counted)] == sorted(cards[1:])
    train(store, model, 4, keep_models=0)
    assert list_models(store).empty
    assert store.values("MATCH (v:KeptVectors) RETURN count(v)") == [[0]]


@pytest.mark.holds(make=load_small)
def test_the_order_of_models_is_not_the_clocks(store: GraphStore) -> None:
    model = create("als", {"dimensions": "4", "epochs": "1"})
    tomorrow = train(store, model, 1).card.id
    # The clock was a day ahead, and an earlier version of the program gave no numbers.
    store.write(
        "MATCH (m:KeptModel) SET m.trainedAt = '2999-01-01T00:00:00.000+00:00' REMOVE m.number"
    )
    today = [train(store, model, seed).card.id for seed in (2, 3)]
    assert list_models(store)["model"].tolist() == [*today[::-1], tomorrow]
    later = train(store, model, 4).card.id
    assert list_models(store)["model"].tolist() == [later, *today[::-1]]
