"""Newcomers who want less like something: in the database, and in memory, with the same numbers."""

from collections.abc import Iterator

import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, ModelError
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.models.algorithms.factory import create
from tastegraph.models.training.train import train
from tests.contract.agreement import CLOSE
from tests.contract.conftest import filled_place
from tests.contract.prepared import Filled, Make
from tests.contract.trained import load_and_train, load_and_train_student, load_small

PEOPLE = (
    {"like": ["id:1", "id:7"]},
    {"like": ["id:1", "id:7"], "dislikes": ["id:4", "id:9"]},
    {"like": ["id:7"], "friend": [2, 5, 11], "dislikes": ["id:12"]},
    {"friend": [3], "dislikes": ["id:1"]},
    {"friend": [3, 4]},
)


@pytest.fixture(
    scope="module", params=[load_and_train, load_and_train_student], ids=["factors", "full-rank"]
)
def make(request: pytest.FixtureRequest) -> Make:
    """A model of either kind; the tests of one come after those of the other."""
    return request.param


@pytest.fixture
def filled(request: pytest.FixtureRequest, kind: str, make: Make) -> Filled:
    """A graph with that model."""
    return filled_place(request, kind, make)


@pytest.fixture
def graphs(settings: Settings, store: GraphStore) -> Iterator[tuple[Graph, Graph]]:
    """One that asks the database, one that holds the model in memory."""
    with Graph(settings, quiet=True) as asking, Graph(settings, quiet=True) as holding:
        holding.keep_in_memory(wait=True)
        assert holding.is_in_memory
        yield asking, holding


def values(row: pd.Series) -> dict[tuple[str, object], float]:
    return {(part.kind, part.id): part.value for part in row["why"]}


def test_both_ways_give_the_same_parts_which_add_up(graphs: tuple[Graph, Graph]) -> None:
    for person in PEOPLE:
        asked, held = (each.new_listener(**person, k=15) for each in graphs)
        assert held["artist"].tolist() == asked["artist"].tolist()
        assert held["name"].tolist() == asked["name"].tolist()
        for (_, one), (_, other) in zip(asked.iterrows(), held.iterrows(), strict=True):
            mine, theirs = values(one), values(other)
            assert mine == pytest.approx(theirs, abs=10 * CLOSE)
            assert sum(theirs.values()) == pytest.approx(other["score"], abs=10 * CLOSE)
        kinds = {part.kind for why in held["why"] for part in why}
        assert ("dislike" in kinds) == ("dislikes" in person)
        named = {int(name[3:]) for name in [*person.get("like", []), *person.get("dislikes", [])]}
        assert not named & set(held["artist"])
        assert "why" not in graphs[1].new_listener(**person, why=False)


def test_a_dislike_lowers_what_is_like_it(graphs: tuple[Graph, Graph]) -> None:
    _, graph = graphs
    before = graph.new_listener(like=["id:1", "id:7"], k=300).set_index("artist")["score"]
    disliked = before.index[0]
    after = graph.new_listener(like=["id:1", "id:7"], dislikes=[f"id:{disliked}"], k=300)
    scores = after.set_index("artist")["score"]
    near = graph.similar_artists(f"id:{disliked}", k=10)["artist"]
    near = [artist for artist in near if artist in scores.index and artist in before.index]
    fallen = (before.reindex(near) - scores.reindex(near)).mean()
    assert fallen > (before.reindex(scores.index) - scores).mean()
    assert disliked not in scores.index


def test_what_the_memory_has_not_seen_the_database_answers(
    graphs: tuple[Graph, Graph], store: GraphStore
) -> None:
    store.write("CREATE (:Artist {id: 9001, name: 'Newest of all', nameKey: 'newest of all'})")
    for graph in graphs:
        found = graph.new_listener(like=["id:1", "id:9001"])
        assert found["artist"].tolist() == graph.new_listener(like=["id:1"])["artist"].tolist()
        alone = graph.new_listener(like=["id:9001"], k=300)
        assert not alone["score"].any()
        assert 9001 not in alone["artist"].tolist()


def test_what_cant_be_is_said(graphs: tuple[Graph, Graph]) -> None:
    for graph in graphs:
        _, name = graph.named_artist("id:5")
        with pytest.raises(InputError, match="both liked and disliked") as raised:
            graph.new_listener(like=["id:5"], dislikes=[name])
        assert repr(name) in str(raised.value)
        with pytest.raises(InputError, match="beside those of --dislike"):
            graph.new_listener(dislikes=["id:5"])
        with pytest.raises(InputError, match="nothing to go by"):
            graph.new_listener()
        with pytest.raises(InputError, match="nothing to take away"):
            graph.new_listener(like=["id:1"], dislikes=["id:5"], method="neighbours")


def test_who_is_saved_gets_the_list_and_never_what_they_dislike(
    graphs: tuple[Graph, Graph], store: GraphStore
) -> None:
    asking, _ = graphs
    notes: list[str] = []
    asking.update()
    person = {"like": ["id:1", "id:7"], "dislikes": ["id:4", "id:9"]}
    first = asking.with_note(notes.append).new_listener(**person, save=950)
    assert any("hidden" in note for note in notes)
    assert sorted(asking.hide(950)["artist"]) == [4, 9]
    again = asking.recommend(950, why=True)
    assert again["artist"].tolist() == first["artist"].tolist()
    for why, score in zip(again["why"], again["score"], strict=True):
        assert sum(part.value for part in why) == pytest.approx(score, abs=10 * CLOSE)
        assert "change" in {part.kind for part in why}
    assert asking.update()["changed"].tolist()[0] == 0
    assert not {4, 9} & set(asking.recommend(950, k=300)["artist"])


def test_a_model_that_cant_fold_in_says_so(request: pytest.FixtureRequest, kind: str) -> None:
    place = filled_place(request, kind, load_small).place
    with open_store(place) as store, Graph(place, quiet=True) as graph:
        train(store, create("mf", {"dimensions": "4", "epochs": "1"}), 1)
        graph.keep_in_memory(wait=True)
        with pytest.raises(ModelError, match="can't fold newcomers in"):
            graph.new_listener(like=["id:1"])
