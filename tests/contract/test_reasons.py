"""The default model's reasons, newcomers and their exactness, as each store keeps them."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from graph.errors import InputError, NotFoundError
from graph.lookup import new_user_id
from graph.store import GraphStore, open_store
from loaders.ingest import ingest
from models.ask import has_vector, recommend_one, with_reasons
from models.card import is_stale, read_card
from models.entries import entries_of
from models.newcomer import Newcomer, recommend_newcomer, save_newcomer
from models.pull import pull_influence, pull_vectors
from models.recommender import Choice
from models.registry import create
from models.training import train
from models.why_not import why_not
from tests.contract.agreement import CLOSE
from tests.contract.conftest import empty_place
from tests.contract.trained import WEIGHTS, Trained, read_back, small_frames

USERS = range(1, 21)


def fill(store: GraphStore) -> Trained:
    ingest(store, small_frames())
    settings = {"dimensions": "8", "als_dimensions": "6", "epochs": "3", "tag_artists": "2"}
    train(store, create("collective", settings), 1, weights=WEIGHTS)
    return read_back(store)


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest, kind: str) -> Iterator[Trained]:
    """A graph with the default model; what a test saves there, it forgets again."""
    with empty_place(request, kind) as place, open_store(place) as opened:
        yield fill(opened)


@pytest.fixture
def choice(student: Trained) -> Choice:
    return Choice(weights=student.card.weights)


def users_in(store: GraphStore) -> list[list[object]]:
    return store.values(
        "MATCH (u:User) OPTIONAL MATCH (u)-[r]->() RETURN count(DISTINCT u), count(r)"
    )


@pytest.mark.parametrize("novelty", [0.0, 0.5])
def test_parts_add_up_and_are_those_in_memory(student: Trained, novelty: float) -> None:
    choice = Choice(weights=student.card.weights, novelty=novelty)
    kinds = set()
    for user in USERS:
        asked = student.recommender.recommend(student.data.users.rows([user]), choice)
        told = with_reasons(student.store, user, asked, choice)
        expected = student.explainer.with_reasons(asked, choice)
        for found, wanted, score in zip(told["why"], expected["why"], asked["score"], strict=True):
            assert sum(part.value for part in found) == pytest.approx(score, abs=CLOSE)
            values = {(part.kind, part.id): part.value for part in found}
            assert len(values) == len(found)
            assert values == pytest.approx({(p.kind, p.id): p.value for p in wanted}, abs=CLOSE)
            kinds |= {part.kind for part in found}
    assert kinds == {"listen", "friend", "you", "tag"}


def test_folding_in_without_a_listen_takes_away_what_the_reason_says(student: Trained) -> None:
    """The full-rank part falls by its part exactly; the factorisation is solved again."""
    influence = pull_influence(student.store, student.data)
    vectors = pull_vectors(student.store, student.data)
    kernel, names = influence.kernel, student.recommender.names
    width = len(kernel.fixed.gram)
    for user in student.data.users.rows(USERS):
        entries = entries_of(student.data, influence, user, names)
        np.testing.assert_allclose(entries.vector(kernel), vectors.users[user], atol=1e-4)
        without = dataclasses.replace(
            entries, columns=entries.columns[1:], weights=entries.weights[1:]
        )
        system = kernel.fixed.system(entries.columns[:, :width], entries.weights)
        part = entries.shares(kernel).parts(vectors.artists)[:, 0]
        fallen = vectors.artists @ (entries.vector(kernel) - without.vector(kernel))
        first = entries.columns[0, :width].astype(float)
        # Only the factorisation's share of the part differs from what removal takes away.
        solved = np.linalg.solve(system, first) * entries.weights[0]
        own = vectors.artists @ (solved @ kernel.mapping)
        direct = vectors.artists @ (entries.columns[0, width:] * entries.weights[0])
        np.testing.assert_allclose(part, own + direct, atol=1e-5)
        old = np.linalg.solve(system, entries.columns[:, :width].T @ entries.weights)
        lam = kernel.fixed.penalty.reg * entries.weights[0] * np.eye(width)
        smaller = system - entries.weights[0] * np.outer(first, first) - lam
        new = np.linalg.solve(smaller, without.columns[:, :width].T @ without.weights)
        np.testing.assert_allclose(
            fallen, direct + vectors.artists @ ((old - new) @ kernel.mapping), atol=1e-4
        )


def test_a_model_without_reasons_takes_the_last_ones_away(
    store: GraphStore,
) -> None:
    fill(store)
    train(store, create("mf", {"dimensions": "4", "epochs": "2"}), 1, weights=WEIGHTS)
    left = "MATCH (n) WHERE n.influence IS NOT NULL RETURN count(n)"
    assert store.values(left) == [[0]]
    choice = Choice(weights=WEIGHTS)
    told = with_reasons(store, 2, recommend_one(store, 2, choice), choice)
    assert {part.kind for why in told["why"] for part in why} >= {"embedding"}
    with pytest.raises(Exception, match="can't fold newcomers in"):
        recommend_newcomer(store, Newcomer([1]), choice)


def test_why_not_tells_place_and_what_holds_it_back(student: Trained, choice: Choice) -> None:
    ranking = student.recommender.recommend(
        student.data.users.rows([2]), dataclasses.replace(choice, k=1000)
    )
    last = ranking.iloc[-1]
    found, notes = why_not(student.store, 2, int(last["artist"]), choice)
    assert found["rank"].iloc[0] == pytest.approx(last["rank"], abs=2)
    assert found["score"].iloc[0] == pytest.approx(last["score"], abs=CLOSE)
    values = [part.value for part in found["why"].iloc[0]]
    assert values == sorted(values)
    assert sum(values) == pytest.approx(last["score"], abs=CLOSE)
    assert f"of {len(ranking)}" in notes[-1]

    heard = student.store.values("MATCH (:User {id: 2})-[:LISTENED]->(a) RETURN a.id LIMIT 1")
    found, notes = why_not(student.store, 2, heard[0][0], choice)
    assert len(found) == 1
    assert "plays it already" in notes[0]


@pytest.mark.parametrize("method", ["fold-in", "neighbours"])
def test_a_newcomer_gets_reasons_that_add_up_and_leaves_nothing(
    student: Trained, choice: Choice, method: str
) -> None:
    before = users_in(student.store)
    found = recommend_newcomer(student.store, Newcomer([1, 7, 20], [2]), choice, method)
    assert found["rank"].tolist() == list(range(1, 11))
    assert not {1, 7, 20} & set(found["artist"])
    kinds = set()
    for score, why in zip(found["score"], found["why"], strict=True):
        assert sum(part.value for part in why) == pytest.approx(score, abs=CLOSE)
        kinds |= {part.kind for part in why}
    assert kinds >= ({"listen", "friend"} if method == "fold-in" else {"neighbour"})
    assert users_in(student.store) == before
    assert not is_stale(student.store, student.card)


def test_friends_alone_are_enough_to_fold_in(student: Trained, choice: Choice) -> None:
    found = recommend_newcomer(student.store, Newcomer([], [2, 3]), choice)
    assert {part.kind for why in found["why"] for part in why} >= {"friend"}
    assert found["score"].iloc[0] > 0


def test_nothing_to_go_by_is_refused(student: Trained, choice: Choice) -> None:
    for newcomer, method in ((Newcomer([]), "fold-in"), (Newcomer([], [2]), "neighbours")):
        with pytest.raises(InputError, match="nothing to go by"):
            recommend_newcomer(student.store, newcomer, choice, method)


def test_who_is_saved_gets_as_a_user_what_they_got_before(store: GraphStore) -> None:
    student = fill(store)
    choice = Choice(weights=student.card.weights)
    newcomer = Newcomer([1, 7, 20], [2])
    first = recommend_newcomer(store, newcomer, choice)
    id_ = new_user_id(store, "901")
    save_newcomer(store, newcomer, id_, student.card)

    assert has_vector(store, id_)
    assert not is_stale(store, read_card(store))
    again = with_reasons(store, id_, recommend_one(store, id_, choice), choice)
    assert again["artist"].tolist() == first["artist"].tolist()
    assert again["score"].tolist() == pytest.approx(first["score"].tolist(), abs=CLOSE)
    assert [p.kind for p in again["why"][0]] == [p.kind for p in first["why"][0]]
    for text in ("901", "x", ""):
        with pytest.raises((InputError, NotFoundError), match="can't be the id"):
            new_user_id(store, text)
    with pytest.raises(InputError, match="already"):
        save_newcomer(store, newcomer, 901, student.card)
