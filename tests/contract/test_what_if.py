"""What if without a model in memory, and without one at all."""

from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import Settings
from tests.contract.trained import load_and_train, load_small, small_frames
from tests.web.serving import serving
from tests.web.test_what_if import API, PAGE, TASTE, named


@pytest.fixture
def answering(settings: Settings) -> Iterator[httpx.Client]:
    """A service of a store without its model in memory: the database answers."""
    with (
        Graph(settings, quiet=True) as graph,
        serving(graph) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        # So that the first answer does not wait for the queries to be planned.
        graph.new_listener(like=["id:7"])
        yield client


@pytest.mark.holds(make=load_and_train)
def test_a_database_answers_as_the_memory_does(
    answering: httpx.Client, store: GraphStore, settings: Settings
) -> None:
    asked = {**TASTE, "moved_by": "dislikes:9"}
    answer = answering.get(API, params=asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert store.values("MATCH (u:User) RETURN count(u)") == [[len(small_frames().users)]]
    with Graph(settings, quiet=True) as graph:
        graph.keep_in_memory(wait=True)
        with serving(graph) as address:
            held = httpx.get(f"{address}{API}", params=asked, timeout=60).json()
    assert named(found["artists"]) == named(held["artists"])
    assert found["gone"] == held["gone"]
    assert [row["before"] for row in found["artists"]] == [row["before"] for row in held["artists"]]


@pytest.mark.holds(make=load_small)
def test_a_graph_without_a_model_says_how_to_get_one(settings: Settings) -> None:
    with Graph(settings, quiet=True) as graph:
        graph.keep_in_memory()
        with serving(graph) as address, httpx.Client(base_url=address, timeout=60) as client:
            empty, page = client.get(PAGE), client.get(PAGE, params=TASTE)
            assert empty.status_code == page.status_code == 200
            for each in (empty, page):
                assert "'tastegraph train'" in unescape(each.text)
            assert client.get(API, params=TASTE).status_code == 409
