"""What can be changed through the service, where that is allowed, and by whom."""

from collections.abc import Iterator

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import UsageError
from tastegraph.graph.store.open import open_store
from tastegraph.graph.store.settings import Settings
from tastegraph.web.serve import serve
from tastegraph.web.service.endpoints import WRITING
from tastegraph.web.service.openapi import document
from tastegraph.web.service.token import Token
from tests.contract.trained import load_and_train
from tests.web.serving import serving

SECRET = "0123456789abcdef-secret"
TOKEN = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A graph of its own, with its model in memory."""
    settings = Settings.of(tmp_path_factory.mktemp("writing") / "store")
    with open_store(settings) as store:
        load_and_train(store)
    with Graph(settings, quiet=True) as graph:
        graph.open()
        graph.keep_in_memory(wait=True)
        yield graph


@pytest.fixture(scope="module")
def address(graph: Graph) -> Iterator[str]:
    with serving(graph, Token(SECRET), writes=True) as address:
        yield address


@pytest.fixture
def program(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, headers=TOKEN, timeout=60) as client:
        yield client


@pytest.fixture
def person(address: str) -> Iterator[httpx.Client]:
    """Somebody who has signed in, in a browser that says where forms come from."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=60) as client:
        signed = client.post("/sign-in", data={"token": SECRET, "next": "/"})
        assert signed.status_code == 303
        yield client


def best(program: httpx.Client, user: object) -> list[int]:
    answer = program.get(f"/api/users/{user}/recommendations", params={"k": 5})
    return [row["artist"] for row in answer.json()["artists"]]


def test_a_program_hides_an_artist_and_shows_it_again(program: httpx.Client) -> None:
    before = best(program, 2)
    asked = {"params": {"artist": f"id:{before[0]}"}}

    told = program.request("POST", "/api/users/2/hidden", **asked).json()
    assert [row["artist"] for row in told["hidden"]] == [before[0]]
    assert program.get("/api/users/2/hidden").json()["hidden"] == told["hidden"]
    assert best(program, 2)[:4] == before[1:]

    again = program.request("POST", "/api/users/2/hidden", **asked).json()
    assert again["hidden"] == told["hidden"]
    assert "was hidden" in again["notes"][0]

    assert program.request("DELETE", "/api/users/2/hidden", **asked).json()["hidden"] == []
    assert best(program, 2) == before


def test_a_program_keeps_a_new_person(program: httpx.Client, graph: Graph) -> None:
    liked = program.get("/api/users/2").json()["plays"][:3]
    asked = {"id": "9001", "likes": [f"id:{row['artist']}" for row in liked], "friends": ["2"]}

    told = program.post("/api/users", params=asked)

    assert told.status_code == 200, told.text
    assert told.json()["id"] == 9001
    kept = program.get("/api/users/9001").json()
    assert {row["artist"] for row in kept["plays"]} == {row["artist"] for row in liked}
    assert kept["friends"] == 1
    assert program.post("/api/users", params=asked).status_code == 400
    graph.forget(9001)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/users/404/hidden?artist=id:7", 404),
        ("POST", "/api/users/2/hidden?artist=id:404404", 404),
        ("POST", "/api/users/2/hidden", 400),
        ("POST", "/api/users?id=new", 400),
        ("POST", "/api/users?likes=id:7", 400),
        ("PUT", "/api/users/2/hidden?artist=id:7", 405),
        ("POST", "/api/artists", 405),
    ],
)
def test_what_cant_be_done_changes_nothing(
    program: httpx.Client, method: str, path: str, status: int
) -> None:
    people = program.get("/api/version").json()
    assert program.request(method, path).status_code == status
    assert program.get("/api/version").json() == people
    assert program.get("/api/users/2/hidden").json()["hidden"] == []


def test_nobody_changes_anything_without_the_token(address: str, program: httpx.Client) -> None:
    with httpx.Client(base_url=address) as stranger:
        assert stranger.post("/api/users/2/hidden?artist=id:7").status_code == 401
        assert stranger.post("/users/2/hidden", data={"artist": "id:7"}).status_code == 303
    assert program.get("/api/users/2/hidden").json()["hidden"] == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_pages_of_others_change_nothing(
    person: httpx.Client, program: httpx.Client, origin: str
) -> None:
    elsewhere = {"Origin": origin}
    form = {"artist": "id:7"}
    assert person.post("/users/2/hidden", data=form, headers=elsewhere).status_code == 403
    assert person.post("/what-if/kept", data={"id": "x"}, headers=elsewhere).status_code == 403
    assert program.get("/api/users/2/hidden").json()["hidden"] == []


def test_a_person_hides_by_the_forms_of_the_page(
    person: httpx.Client, program: httpx.Client
) -> None:
    artist = best(program, 5)[0]
    page = person.get("/users/5").text
    assert 'action="/users/5/hidden"' in page

    done = person.post("/users/5/hidden", data={"artist": f"id:{artist}"}, follow_redirects=True)

    assert done.status_code == 200
    assert "Never recommended" in done.text
    assert f'id="pick-{artist}"' not in done.text
    shown = person.post("/users/5/shown", data={"artist": f"id:{artist}"}, follow_redirects=True)
    assert "Never recommended" not in shown.text
    assert f'id="pick-{artist}"' in shown.text


def test_a_person_keeps_what_if(person: httpx.Client, program: httpx.Client, graph: Graph) -> None:
    liked = best(program, 2)[0]
    assert 'action="/what-if/kept"' in person.get(f"/what-if?likes=id:{liked}").text

    done = person.post("/what-if/kept", data={"likes": f"id:{liked}", "id": "9002", "k": "20"})

    assert (done.status_code, done.headers["location"]) == (303, "/users/9002")
    assert [row["artist"] for row in program.get("/api/users/9002").json()["plays"]] == [liked]
    graph.forget(9002)


def test_it_is_described_where_it_is_allowed_alone(program: httpx.Client) -> None:
    told = program.get("/api/openapi.json").json()
    assert told == document(writes=True)
    for each in WRITING:
        operation = told["paths"][each.path][each.method.lower()]
        assert operation["security"] == [{"token": []}]
        assert (
            each.path not in document()["paths"]
            or each.method.lower() not in (document()["paths"][each.path])
        )


def test_without_the_option_a_token_changes_nothing(graph: Graph) -> None:
    with (
        serving(graph, Token(SECRET)) as address,
        httpx.Client(base_url=address, headers=TOKEN) as program,
    ):
        assert program.post("/api/users/2/hidden?artist=id:7").status_code == 405
        assert program.post("/users/2/hidden", data={"artist": "id:7"}).status_code == 404
        assert 'action="/users/2/hidden"' not in program.get("/users/2").text


def test_the_option_needs_a_token(graph: Graph) -> None:
    with pytest.raises(UsageError, match="--allow-writes lets who has a token"):
        serve(graph, host="127.0.0.1", port=0, token=None, ready=print, writes=True)
