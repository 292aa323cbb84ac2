"""What the model in memory answers besides: groups, why not, two people beside each other, ways."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.open import open_store
from tastegraph.models.ranking.group_scores import AGGREGATIONS
from tests.contract.agreement import CLOSE, assert_same
from tests.contract.conftest import empty_place
from tests.contract.trained import load_and_train


@pytest.fixture(scope="module")
def graphs(request: pytest.FixtureRequest, kind: str) -> Iterator[tuple[Graph, Graph]]:
    """One that asks the database, one that holds the model in memory; tests only read."""
    with empty_place(request, kind) as place:
        with open_store(place) as store:
            load_and_train(store)
        with Graph(place, quiet=True) as asking, Graph(place, quiet=True) as holding:
            holding.keep_in_memory(wait=True)
            yield asking, holding


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_groups_are_those_of_the_database(graphs: tuple[Graph, Graph], aggregation: str) -> None:
    for options in ({}, {"novelty": 0.4, "why": True}, {"tag": ["id:1"]}, {"diversity": 0.5}):
        asked: dict[str, Any] = {"group": aggregation, **options}
        one, two = (each.recommend([2, 17, 31], **asked) for each in graphs)
        assert two["artist"].tolist() == one["artist"].tolist()
        assert two["score"].tolist() == pytest.approx(one["score"].tolist(), abs=CLOSE)
        for mine, other in zip(two["members"], one["members"], strict=True):
            assert [asdict(each) for each in mine] == [
                pytest.approx(asdict(each), abs=CLOSE) for each in other
            ]
        for mine, other in zip(two.get("why", ()), one.get("why", ()), strict=True):
            assert [each.user for each in mine] == [each.user for each in other]
            assert sum(each.part.value for each in mine) == pytest.approx(
                sum(each.part.value for each in other), abs=10 * CLOSE
            )


def test_why_not_is_that_of_the_database(graphs: tuple[Graph, Graph]) -> None:
    asking, _ = graphs
    last = asking.recommend(2, k=1000)["artist"].iloc[-1]
    played = asking.run_query("user-listens", userId=2, k=1)["artist"].iloc[0]
    for artist, options in ((last, {}), (played, {}), (last, {"tag": ["id:1"], "novelty": 0.3})):
        told: list[list[str]] = [[], []]
        rows = [
            each.with_note(notes.append).why_not(2, f"id:{artist}", **options)
            for each, notes in zip(graphs, told, strict=True)
        ]
        assert len(rows[0]) == 1
        assert_same(rows[1].drop(columns="why"), rows[0].drop(columns="why"))
        assert told[1] == told[0]
        mine, other = (frame["why"].iloc[0] for frame in rows)
        assert [part.value for part in mine] == pytest.approx(
            [part.value for part in other], abs=10 * CLOSE
        )


def test_two_people_compare_as_in_the_database(graphs: tuple[Graph, Graph]) -> None:
    one, two = (each.compare_users(2, 31, k=6) for each in graphs)
    assert (one["section"] == "might like").sum() == 12
    assert two.drop(columns="value").equals(one.drop(columns="value"))
    assert two["value"].tolist() == pytest.approx(one["value"].tolist(), abs=CLOSE)


def test_ways_are_those_of_the_query(graphs: tuple[Graph, Graph]) -> None:
    asking, _ = graphs
    for user in (1, 2, 17):
        recommended = asking.recommend(user, k=2)["artist"].tolist()
        played = asking.run_query("user-listens", userId=user, k=1)["artist"].tolist()
        for artist in (*recommended, *played):
            one, two = (each.ways(user, f"id:{artist}", parts=8) for each in graphs)
            assert links(one) == links(two)
            values = [
                frame.drop_duplicates(["kind", "id"]).set_index(["kind", "id"])["value"].to_dict()
                for frame in (one, two)
            ]
            assert values[1] == pytest.approx(values[0], abs=CLOSE)


def links(frame: pd.DataFrame) -> set[tuple[object, ...]]:
    """What is drawn of each part."""
    found: set[tuple[object, ...]] = set()
    for row in frame.itertuples():
        told = (row.kind, row.id, row.name)
        if row.link is None:
            found.add((*told, row.source))
            continue
        numbers = {row.link.properties.get(name) for name in ("plays", "count")} - {None}
        ends = frozenset((str(row.source), str(row.target)))
        found.add((*told, row.link.type, ends, *numbers))
    return found
