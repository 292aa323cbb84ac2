"""The default model's reasons, newcomers and their exactness, as each store keeps them."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from tastegraph.errors import InputError
from tastegraph.graph.hidden_artists import hide, unhide
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.models.explain.contributions import entries_of
from tastegraph.models.ranking.options import RecommendOptions
from tastegraph.models.ranking.where_conditions import read_conditions
from tastegraph.models.serving.newcomers import Newcomer, recommend_newcomer
from tastegraph.models.serving.one_user_in_database import (
    DatabaseRanker,
    recommend_one,
    with_reasons,
)
from tastegraph.models.serving.why_not import why_not
from tastegraph.models.storage.model_card import is_stale
from tastegraph.models.storage.read_graph import read_fold_in
from tests.contract.agreement import CLOSE
from tests.contract.conftest import empty_place
from tests.contract.trained import Trained, load_and_train_student

USERS = range(1, 21)


@pytest.fixture(scope="module")
def student(request: pytest.FixtureRequest, kind: str) -> Iterator[Trained]:
    """A small graph with the default model, made once a module: its tests only read."""
    with empty_place(request, kind) as place, open_store(place) as opened:
        yield load_and_train_student(opened)


@pytest.fixture
def options(student: Trained) -> RecommendOptions:
    return RecommendOptions(weights=student.card.weights)


def users_in(store: GraphStore) -> list[list[object]]:
    return store.values(
        "MATCH (u:User) OPTIONAL MATCH (u)-[r]->() RETURN count(DISTINCT u), count(r)"
    )


@pytest.mark.parametrize("novelty", [0.0, 0.5])
def test_parts_add_up_and_are_those_in_memory(student: Trained, novelty: float) -> None:
    options = RecommendOptions(weights=student.card.weights, novelty=novelty)
    kinds = set()
    for user in USERS:
        asked = student.recommender.recommend(student.data.users.rows([user]), options)
        told = with_reasons(student.store, user, asked, options)
        expected = student.explainer.with_reasons(asked, options)
        for found, wanted, score in zip(told["why"], expected["why"], asked["score"], strict=True):
            assert sum(part.value for part in found) == pytest.approx(score, abs=CLOSE)
            values = {(part.kind, part.id): part.value for part in found}
            assert len(values) == len(found)
            assert values == pytest.approx({(p.kind, p.id): p.value for p in wanted}, abs=CLOSE)
            kinds |= {part.kind for part in found}
    assert kinds == {"listen", "friend", "you", "tag"}


def test_without_a_listen_a_score_is_what_folding_in_the_others_gives(student: Trained) -> None:
    """The full-rank part goes with the listen as it stands; the factorisation is solved again."""
    fold_in = read_fold_in(student.store, student.data)
    assert fold_in is not None
    fold_in_model, artists = fold_in.model, student.recommender.vectors.artists
    width, fixed, mapping = (
        len(fold_in_model.fixed.gram),
        fold_in_model.fixed,
        fold_in_model.mapping,
    )
    for user in student.data.users.rows(USERS):
        entries = entries_of(student.data, fold_in, user, student.recommender.names)
        columns, weights = entries.columns[:, :width].astype(float), entries.weights
        np.testing.assert_allclose(
            entries.vector(fold_in_model), student.recommender.vectors.users[user], atol=1e-4
        )
        part = entries.contributions(fold_in_model).parts(artists)[:, 0]
        without = artists @ fold_in_model.vector(entries.columns[1:], weights[1:])
        # Removed with lam as it was, the factorisation's share falls by part (1 - q.p); lam
        # shrinks with the weights, too, which is solved here in full.
        system = fixed.system(columns, weights)
        vector = np.linalg.solve(system, weights @ columns)
        ridge = fixed.penalty.reg * weights[0] * np.eye(width)
        smaller = system - ridge - weights[0] * np.outer(columns[0], columns[0])
        share = np.linalg.solve(system, columns[0]) * weights[0]
        change = vector - np.linalg.solve(smaller, weights[1:] @ columns[1:])
        expected = artists @ entries.vector(fold_in_model) - part
        expected += artists @ ((share - change) @ mapping)
        np.testing.assert_allclose(without, expected, atol=1e-4)


def test_why_not_tells_place_and_what_holds_it_back(
    student: Trained, options: RecommendOptions
) -> None:
    ranking = student.recommender.recommend(
        student.data.users.rows([2]), dataclasses.replace(options, k=1000)
    )
    last = ranking.iloc[-1]
    found, notes = why_not(
        student.store, 2, int(last["artist"]), options, DatabaseRanker(student.store)
    )
    assert found["rank"].iloc[0] == pytest.approx(last["rank"], abs=2)
    assert found["score"].iloc[0] == pytest.approx(last["score"], abs=CLOSE)
    values = [part.value for part in found["why"].iloc[0]]
    assert values == sorted(values)
    assert sum(values) == pytest.approx(last["score"], abs=CLOSE)
    assert f"of {len(ranking)}" in notes[-1]

    heard = student.store.values("MATCH (:User {id: 2})-[:LISTENED]->(a) RETURN a.id LIMIT 1")
    found, notes = why_not(student.store, 2, heard[0][0], options, DatabaseRanker(student.store))
    assert len(found) == 1
    assert "play it already" in notes[0]


def test_why_not_names_the_filter_and_the_place_without_it(
    student: Trained, options: RecommendOptions
) -> None:
    best = recommend_one(student.store, 2, options).iloc[0]
    artist = int(best["artist"])
    few = read_conditions(student.store, ["listeners>100000"])
    found, notes = why_not(
        student.store,
        2,
        artist,
        dataclasses.replace(options, where=few),
        DatabaseRanker(student.store),
    )
    assert "--where 'listeners>100000' leaves it out" in notes[0]
    assert "hidden" not in notes[0]
    assert found["score"].iloc[0] == pytest.approx(best["score"], abs=CLOSE)

    hide(student.store, 2, artist)
    try:
        found, notes = why_not(student.store, 2, artist, options, DatabaseRanker(student.store))
    finally:
        unhide(student.store, 2, artist)
    assert "they have hidden it" in notes[0]
    assert found["score"].iloc[0] == pytest.approx(best["score"], abs=CLOSE)


@pytest.mark.parametrize("method", ["fold-in", "neighbours"])
def test_a_newcomer_gets_reasons_that_add_up_and_leaves_nothing(
    student: Trained, options: RecommendOptions, method: str
) -> None:
    before = users_in(student.store)
    found = recommend_newcomer(student.store, Newcomer([1, 7, 20], [2]), options, method)
    assert found["rank"].tolist() == list(range(1, 11))
    assert not {1, 7, 20} & set(found["artist"])
    kinds = set()
    for score, why in zip(found["score"], found["why"], strict=True):
        assert sum(part.value for part in why) == pytest.approx(score, abs=CLOSE)
        kinds |= {part.kind for part in why}
    assert kinds >= ({"listen", "friend"} if method == "fold-in" else {"neighbour"})
    assert users_in(student.store) == before
    assert not is_stale(student.store, student.card)


def test_neighbours_have_the_likes_among_what_they_play_most(
    student: Trained, options: RecommendOptions
) -> None:
    likes, data = [1, 7, 20], student.data
    plays = data.plays.toarray()
    overlap = plays[:, data.artists.rows(likes)].sum(axis=1) / plays.max(axis=1)
    expected = np.argsort(-overlap, kind="stable")[:5]
    found = recommend_newcomer(student.store, Newcomer(likes), options, "neighbours")
    told = {part.id for why in found["why"] for part in why if part.kind == "neighbour"}
    assert told == {data.users.ids[row] for row in expected}


def test_friends_alone_are_enough_to_fold_in(student: Trained, options: RecommendOptions) -> None:
    found = recommend_newcomer(student.store, Newcomer([], [2, 3]), options)
    assert {part.kind for why in found["why"] for part in why} >= {"friend"}
    assert found["score"].iloc[0] > 0


def test_nothing_to_go_by_is_refused(student: Trained, options: RecommendOptions) -> None:
    for newcomer, method in ((Newcomer([]), "fold-in"), (Newcomer([], [2]), "neighbours")):
        with pytest.raises(InputError, match="nothing to go by"):
            recommend_newcomer(student.store, newcomer, options, method)
