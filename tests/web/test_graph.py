"""Parts of the graph to be drawn: neighbours in turns, ways between two, the same as a table."""

import re
from typing import Any

import httpx
import pytest

from tastegraph.api.graph import Graph
from tests.web.conftest import ODD


def keys(answer: dict[str, Any]) -> list[str]:
    """The nodes."""
    return [node["key"] for node in answer["nodes"]]


@pytest.mark.parametrize(("kind", "id_"), [("user", 2), ("artist", 7), ("tag", 1)])
def test_neighbours_come_twenty_at_a_time_and_none_twice(
    ask: httpx.Client, kind: str, id_: int
) -> None:
    centre, seen, start, more = f"{kind}:{id_}", [], 0, True
    while more and start <= 300:
        answer = ask.get("/api/graph", params={kind: id_, "start": start}).json()
        assert answer["ends"] == [centre]
        assert keys(answer)[0] == centre
        assert len(answer["nodes"]) <= 21
        for link in answer["links"]:
            assert centre in (link["source"], link["target"])
        seen += keys(answer)[1:]
        more, start = answer["more"], start + 20
    assert len(seen) == len(set(seen)) > 0


def test_links_are_those_of_the_graph(ask: httpx.Client, graph: Graph) -> None:
    answer = ask.get("/api/graph?user=2&k=60").json()
    plays = graph.run_query("user-listens", userId=2, k=100).set_index("artist")["plays"]
    friends = set(graph.run_query("user-friends", userId=2, k=100)["user"])
    kinds = {link["kind"] for link in answer["links"]}
    assert kinds == {"LISTENED", "FRIEND", "USES_TAG"}
    for link in answer["links"]:
        id_ = int(link["target"].partition(":")[2])
        if link["kind"] == "LISTENED":
            assert link["value"] == plays[id_]
        elif link["kind"] == "FRIEND":
            assert id_ in friends


def test_ways_lead_from_one_end_to_the_other(ask: httpx.Client, graph: Graph) -> None:
    recommended = graph.recommend(2, k=1)["artist"].iloc[0]
    played = graph.run_query("user-listens", userId=2, k=2)["artist"].tolist()
    asked = (
        {"user": 2, "artist": recommended},
        {"user": 2, "other": 50},
        {"artist": played[0], "other": played[1]},
    )
    for params in asked:
        answer = ask.get("/api/graph", params=params).json()
        start, end = answer["ends"]
        reached, fresh = {start}, {start}
        while fresh:
            pairs = [(link["source"], link["target"]) for link in answer["links"]]
            both = pairs + [(two, one) for one, two in pairs]
            fresh = {two for one, two in both if one in fresh} - reached
            reached |= fresh
        assert end in reached
        assert reached == set(keys(answer))


def test_the_parts_of_a_score_come_with_its_ways(ask: httpx.Client, graph: Graph) -> None:
    row = graph.recommend(2, k=1).iloc[0]
    answer = ask.get("/api/graph", params={"user": 2, "artist": row["artist"]}).json()
    by_kind = {"embedding": "embedding", "friends": "friend", "tags": "tag"}
    whole = {kind: row[signal] for signal, kind in by_kind.items()}
    for part in answer["parts"]:
        assert abs(part["value"]) <= abs(whole[part["kind"]]) + 1e-6


def test_communities_are_those_that_are_kept(ask: httpx.Client, graph: Graph) -> None:
    assert {node["community"] for node in ask.get("/api/graph?user=2").json()["nodes"]} == {None}
    members = graph.communities(members=True, write=True).set_index("user")["community"]
    try:
        for node in ask.get("/api/graph?user=2").json()["nodes"]:
            if node["kind"] == "user":
                assert node["community"] == members.get(node["id"])
    finally:
        graph.run_cypher("MATCH (u:User) REMOVE u.community", write=True)


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("?user=2&tag=none", 404, "none"),
        ("?tag=none&other=2", 404, "none"),
        ("?user=2&tag=1", 400, "name one of"),
        ("?tag=1&other=2", 400, "name one of"),
        ("?user=2&other=2", 400, "the same"),
        ("?user=nobody", 404, "nobody"),
        ("?user=2&start=301", 400, "from 0 to 300"),
    ],
)
def test_what_is_no_drawing_is_said(ask: httpx.Client, query: str, status: int, said: str) -> None:
    answer = ask.get(f"/api/graph{query}")
    assert answer.status_code == status
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("query", ["", "?other=2", "?k=5&user=&tag="])
def test_where_nothing_is_named_nothing_is_drawn(ask: httpx.Client, query: str) -> None:
    answer = ask.get(f"/api/graph{query}").json()
    assert answer["nodes"] == answer["links"] == answer["ends"] == []
    assert "name one of" in answer["notes"][0]
    page = ask.get(f"/graph{query}")
    assert page.status_code == 200
    assert "graph-canvas" not in page.text
    assert ("name one of" in page.text) == (query == "?other=2")


def test_the_page_says_the_same_as_a_table(ask: httpx.Client) -> None:
    answer = ask.get("/api/graph?user=2").json()
    html = ask.get("/graph?user=2").text
    table = html[html.index('<table id="graph-table">') :]
    assert table.count("<tr>") == len(answer["links"]) + 1
    further = re.findall(r'<a href="(/graph\?[^"]+)">The next 20', html)
    assert answer["more"] == bool(further)
    for name in ODD[:1]:
        assert "<script>alert" not in ask.get(f"/graph?artist={ODD.index(name) + 1}").text
    assert "name one of" in ask.get("/graph?user=2&tag=1").text
