"""The service's JSON says what the Python API says, as its own description has it."""

import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tastegraph.api.graph import Graph
from tastegraph.web.service import map_file, metrics
from tastegraph.web.service.endpoints import ENDPOINTS, ROOT
from tastegraph.web.service.openapi import document

PROBLEM = "application/problem+json"
EXAMPLES = {"/users/{id}": "/users/2", "/artists/{id}": "/artists/7", "/tags/{id}": "/tags/1"}
QUERIES = {
    "/search": "?q=an",
    "/graph": "?user=2",
    "/users/{id}/why-not": "?artist=id:7",
    "/users/{id}/compare": "?other=5",
    "/recommendations": "?user=2&user=5&why=true",
    "/recommendations/group": "?user=2&user=5&why=true",
    "/what-if": "?likes=id:7&friends=2&dislikes=id:9&moved_by=dislikes:9&why=true",
}


def example(path: str) -> str:
    """An address of an endpoint."""
    start = re.sub(r"/\w+/\{id\}", lambda found: EXAMPLES[found[0]], path)
    return f"{ROOT}{start}{QUERIES.get(path, '')}"


def valid(answer: Any, schema: str) -> None:
    """Raise unless ``answer`` is as ``schema`` of the description says."""
    reference = {"$ref": f"#/components/schemas/{schema}", **document()}
    Draft202012Validator(reference).validate(answer)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.path)
def test_answers_are_as_described(ask: httpx.Client, endpoint: Any) -> None:
    answer = ask.get(example(endpoint.path))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    valid(answer.json(), endpoint.schema)


def test_description_has_every_endpoint(ask: httpx.Client) -> None:
    told = ask.get("/api/openapi.json").json()
    assert told == document()
    assert set(told["paths"]) == {
        *(each.path for each in ENDPOINTS),
        map_file.PATH,
        metrics.PATH,
    }
    names = [each["get"]["operationId"] for each in told["paths"].values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("path", "operations"),
    [
        ("/users", {"users_id_recommendations", "users_id_compare", "recommendations_group"}),
        ("/artists", {"artists_id", "artists_id_similar", "map_artists_id"}),
        ("/tags", {"tags_id"}),
    ],
)
def test_links_lead_to_what_is_there(ask: httpx.Client, path: str, operations: set[str]) -> None:
    described = document()["paths"]
    paths = {each["get"]["operationId"]: below for below, each in described.items()}
    links = described[path]["get"]["responses"]["200"]["links"]
    assert operations <= set(links)
    found = ask.get(f"{ROOT}{path}").json()
    for link in links.values():
        given = {}
        for name, expression in link["parameters"].items():
            rows, at, column = expression.removeprefix("$response.body#/").split("/")
            given[name] = found[rows][int(at)][column]
        asked = paths[link["operationId"]].replace("{id}", str(given.pop("id", "")))
        if "why-not" in asked:
            given["artist"] = "id:7"
        assert ask.get(f"{ROOT}{asked}", params=given).status_code == 200, asked


def test_recommendations_are_those_of_python(ask: httpx.Client, graph: Graph) -> None:
    steering = {"k": 5, "novelty": 0.3, "diversity": 0.2, "include_known": True}
    asked = {**steering, "weight_tags": 0.4, "why": True}
    answer = ask.get("/api/users/2/recommendations", params=asked).json()
    weights = {**answer["weights"], "tags": 0.4}
    frame = graph.recommend(2, why=True, weights=weights, **steering)
    assert answer["weights"]["tags"] == 0.4
    assert [row["artist"] for row in answer["artists"]] == frame["artist"].tolist()
    for row, score in zip(answer["artists"], frame["score"], strict=True):
        assert row["score"] == pytest.approx(score)
        assert sum(part["value"] for part in row["why"]) == pytest.approx(score, abs=1e-3)


@pytest.mark.parametrize(
    "steering",
    [{}, {"why": True, "novelty": 0.3, "diversity": 0.2, "weight_tags": 0.4}, {"tag": "id:1"}],
    ids=["plain", "steered", "filtered"],
)
def test_many_get_the_lists_that_each_gets(ask: httpx.Client, steering: dict[str, Any]) -> None:
    asked = {"k": 5, **steering}
    answer = ask.get("/api/recommendations", params={"user": [10, 2, 5, 2], **asked}).json()
    assert [each["id"] for each in answer["users"]] == [10, 2, 5]
    for each in answer["users"]:
        alone = ask.get(f"/api/users/{each['id']}/recommendations", params=asked).json()
        assert each["artists"] == alone["artists"]
        assert (answer["model"], answer["weights"]) == (alone["model"], alone["weights"])


@pytest.mark.parametrize("group", ["mean", "least-misery", "most-pleasure"])
def test_a_group_gets_the_list_of_python(ask: httpx.Client, graph: Graph, group: str) -> None:
    asked = {"user": [2, 10], "group": group, "k": 5, "why": True}
    answer = ask.get("/api/recommendations/group", params=asked).json()
    frame = graph.recommend([2, 10], group=group, k=5, why=True)
    assert (answer["group"], answer["users"]) == (group, [2, 10])
    assert [row["artist"] for row in answer["artists"]] == frame["artist"].tolist()
    for row, score in zip(answer["artists"], frame["score"], strict=True):
        assert row["score"] == pytest.approx(score)
        for member in row["members"]:
            parts = [part["value"] for part in row["why"] if part["user"] == member["user"]]
            assert sum(parts) == pytest.approx(member["score"], abs=1e-3)


@pytest.mark.parametrize("path", ["/recommendations", "/recommendations/group"])
@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 400, "user is missing"),
        ("?user=", 400, "empty"),
        ("?" + "&".join(["user=2"] * 51), 400, "given 51 times"),
        ("?user=2&user=nobody", 404, "there is no user nobody"),
        ("?user=2&tag=no+such+tag", 404, "no such tag"),
        ("?user=2&group=luck", 400, "group"),
    ],
)
def test_many_that_cant_be_asked_for_are_said(
    ask: httpx.Client, path: str, query: str, status: int, said: str
) -> None:
    answer = ask.get(f"/api{path}{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    valid(answer.json(), "Problem")
    assert said in answer.json()["detail"]


def test_filters_filter(ask: httpx.Client) -> None:
    tag = ask.get("/api/tags?k=1").json()["tags"][0]
    carriers = {row["artist"] for row in ask.get(f"/api/tags/{tag['tag']}?k=100").json()["artists"]}
    path = "/api/users/2/recommendations"
    only = ask.get(path, params={"tag": tag["name"]}).json()["artists"]
    none = ask.get(path, params={"exclude_tag": tag["name"], "k": 100}).json()["artists"]
    many = ask.get(path, params={"where": "listeners>=5"}).json()["artists"]
    assert only
    assert {row["artist"] for row in only} <= carriers
    assert not {row["artist"] for row in none} & carriers
    for row in many:
        assert ask.get(f"/api/artists/{row['artist']}").json()["listeners"] >= 5


def test_weights_of_nothing_are_said(ask: httpx.Client) -> None:
    nothing = {f"weight_{signal}": 0 for signal in ("embedding", "friends", "tags")}
    answer = ask.get("/api/users/2/recommendations", params=nothing).json()
    assert "all weights are 0" in " ".join(answer["notes"])


def test_an_id_is_never_taken_for_a_name(ask: httpx.Client) -> None:
    name = ask.get("/api/artists/7").json()["name"]
    assert ask.get(f"/api/artists/{name}").status_code == 404


def test_what_is_not_there_comes_with_the_nearest(ask: httpx.Client) -> None:
    name = ask.get("/api/artists/7").json()["name"]
    answer = ask.get(f"/api/artists/{name[:-1]}x")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM
    valid(answer.json(), "Problem")
    assert name in [row["name"] for row in answer.json()["nearest"]]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/users/2?k=0", "from 1 to 100"),
        ("/users/2?k=101", "from 1 to 100"),
        ("/users/2?k=1.5", "whole number"),
        ("/users/2?k=" + "9" * 5000, "whole number"),
        ("/users/2?k=1&k=2", "once"),
        ("/users/2?kk=1", "did you mean 'k'?"),
        ("/users/2/recommendations?novelty=nan", "from 0 to 1"),
        ("/users/2/recommendations?why=perhaps", "true or false"),
        ("/users/2/recommendations?where=listeners", "no condition"),
        ("/artists/7/similar?by=luck", "vectors, tags"),
        ("/search", "missing"),
        ("/search?q=%20", "empty"),
        ("/search?q=" + "a" * 201, "at most 200"),
        ("/artists/%FF", "UTF-8"),
    ],
)
def test_what_cant_be_asked_is_said(ask: httpx.Client, path: str, said: str) -> None:
    answer = ask.get(f"/api{path}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == PROBLEM
    valid(answer.json(), "Problem")
    assert said in answer.json()["detail"]


def test_nothing_can_be_changed(ask: httpx.Client) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = ask.request(method, "/api/users/2")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]
        assert answer.headers["content-type"] == PROBLEM
    assert ask.get("/api/nowhere").headers["content-type"] == PROBLEM
