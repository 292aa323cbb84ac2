"""What is held in memory recommends as the database does, and follows its changes."""

from collections.abc import Iterator

import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.hidden_artists import hide
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import Settings
from tests.contract.agreement import CLOSE, assert_same
from tests.contract.trained import load_and_train, train_small
from tests.patience import until

CASES = (
    {},
    {"k": 25, "novelty": 0.4},
    {"diversity": 0.5},
    {"tag": ["id:1"]},
    {"exclude_tag": ["id:1"], "include_known": True},
    {"weights": {"embedding": 0.5, "tags": 1.0}},
    {"signals": ["friends"]},
)


@pytest.fixture
def graphs(settings: Settings, store: GraphStore) -> Iterator[tuple[Graph, Graph]]:
    """One that asks the database, one that holds the model in memory."""
    with Graph(settings, quiet=True) as asking, Graph(settings, quiet=True) as holding:
        holding.keep_in_memory(wait=True)
        yield asking, holding


@pytest.mark.holds(make=load_and_train)
def test_it_answers_as_the_database_and_follows_it(
    graphs: tuple[Graph, Graph], store: GraphStore
) -> None:
    asking, holding = graphs
    assert holding.is_in_memory
    assert not asking.is_in_memory
    for options in CASES:
        for user in (1, 2, 17):
            one, two = (each.recommend(user, why=True, **options) for each in graphs)
            if "diversity" in options:
                assert two["artist"].tolist() == one["artist"].tolist()
            else:
                assert_same(two.drop(columns="why"), one.drop(columns="why"))
            for mine, other in zip(two["why"], one["why"], strict=True):
                assert sum(part.value for part in mine) == pytest.approx(
                    sum(part.value for part in other), abs=10 * CLOSE
                )
    assert holding.model_card().equals(asking.model_card())

    best = holding.recommend(2, k=1)["artist"].iloc[0]
    hide(store, 2, best)
    assert until(lambda: best not in holding.recommend(2)["artist"].tolist())

    train_small(store, seed=5)
    model = asking.model_card()["value"].iloc[0]
    assert until(lambda: holding.model_card()["value"].iloc[0] == model and holding.is_in_memory)
    assert_same(holding.recommend(2), asking.recommend(2))

    store.write("CREATE (:User {id: 7777})")
    notes: list[str] = []
    noting = holding.with_note(notes.append)
    assert until(lambda: noting.recommend(2) is not None and bool(notes))
    assert "the graph has changed since the model was trained" in notes[0]
    assert until(lambda: holding.is_in_memory)
    # Nobody knows them: what most people play, all of it scored 0.
    together = [each.recommend([7777, 2], group="mean")["artist"].tolist() for each in graphs]
    assert together[0] == together[1]
    assert holding.recommend(7777)["artist"].tolist() == asking.recommend(7777)["artist"].tolist()
