"""Who may ask: on this machine anybody who knows its name, elsewhere who has the token."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tastegraph.api.graph import Graph
from tastegraph.errors import InputError, UsageError
from tastegraph.web.serve import listen, serve
from tastegraph.web.service import guard
from tastegraph.web.service.hosts import Hosts, is_loopback
from tastegraph.web.service.token import COOKIE, Token, read_token
from tests.web.serving import serving

SECRET = "0123456789abcdef-secret"


@pytest.fixture(scope="module")
def locked(graph: Graph) -> Iterator[httpx.Client]:
    with serving(graph, Token(SECRET)) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture(autouse=True)
def _no_cookies(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "locked" in request.fixturenames:
        request.getfixturevalue("locked").cookies.clear()


@pytest.mark.parametrize("path", ["/", "/users/2", "/api/users/2", "/api", "/static/page.css"])
def test_every_answer_keeps_others_out(ask: httpx.Client, path: str) -> None:
    headers = ask.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers
    assert "server" not in headers


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "10.0.0.1"])
def test_other_names_are_refused(ask: httpx.Client, host: str) -> None:
    assert ask.get("/api/users/2", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:99", "LOCALHOST.", "[::1]:8", "127.0.0.1"]
)
def test_own_names_are_taken(host: str) -> None:
    assert Hosts("127.0.0.1").has(host)


def test_who_listens_everywhere_is_called_by_any_address_and_no_strange_name() -> None:
    assert Hosts("0.0.0.0").has("192.168.7.7:8484")
    assert Hosts("::").has("[fe80::1]:8484")
    assert not Hosts("0.0.0.0").has("evil.example")
    assert not Hosts("192.168.7.7").has("192.168.7.8")
    assert Hosts("music.example").has("music.example:8484")


def test_what_is_too_long_is_refused(ask: httpx.Client) -> None:
    assert ask.get("/api/search?q=" + "a" * 40_000).status_code == 414


def test_too_many_at_once_are_told_to_wait(
    ask: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_MOST", 0)
    answer = ask.get("/api/users/2")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


def test_programs_need_the_token(locked: httpx.Client) -> None:
    answer = locked.get("/api/users/2")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    for wrong in ("Bearer wrong", f"Basic {SECRET}", f"Bearer {SECRET}x", "Bearer", f"{SECRET}"):
        assert locked.get("/api/users/2", headers={"Authorization": wrong}).status_code == 401
    right = {"Authorization": f"Bearer {SECRET}"}
    assert locked.get("/api/users/2", headers=right).status_code == 200
    assert locked.get(f"/api/users/2?token={SECRET}").status_code == 401


def test_health_and_looks_need_none(locked: httpx.Client) -> None:
    assert locked.get("/api/health").json() == {"status": "ok"}
    assert locked.get("/static/page.css").status_code == 200
    assert locked.get("/static/../pages/views.py").status_code in (303, 404)


def test_people_sign_in_by_a_form(locked: httpx.Client) -> None:
    asked = locked.get("/users/2?k=3")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=%2Fusers%2F2%3Fk%3D3"
    form = locked.get(asked.headers["location"]).text
    assert 'value="/users/2?k=3"' in form
    assert locked.post("/sign-in", data={"token": "wrong"}).status_code == 403
    done = locked.post("/sign-in", data={"token": SECRET, "next": "/users/2?k=3"})
    assert done.headers["location"] == "/users/2?k=3"
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert SECRET not in cookie
    assert locked.get("/users/2").status_code == 200
    locked.cookies.set(COOKIE, SECRET)
    assert locked.get("/api/users/2", headers={"Cookie": f"{COOKIE}=x"}).status_code == 401


@pytest.mark.parametrize("next_", ["//evil.example", "/\\evil.example", "https://evil.example", ""])
def test_signing_in_leads_nowhere_else(locked: httpx.Client, next_: str) -> None:
    done = locked.post("/sign-in", data={"token": SECRET, "next": next_})
    assert done.headers["location"] == "/"


def test_a_form_of_a_megabyte_is_no_form_of_ours(locked: httpx.Client) -> None:
    assert locked.post("/sign-in", content=b"token=" + b"a" * 1_000_000).status_code == 403


@pytest.mark.parametrize("text", ["short", "", "a" * 15, "ä" * 20, "a b\nc" * 9])
def test_what_can_be_guessed_is_no_token(text: str) -> None:
    with pytest.raises(InputError, match="openssl rand"):
        Token(text)


def test_tokens_come_from_a_file_or_the_environment(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TASTEGRAPH_TOKEN", raising=False)
    assert read_token(None) is None
    monkeypatch.setenv("TASTEGRAPH_TOKEN", SECRET)
    found = read_token(None)
    assert found is not None
    assert found.is_given(SECRET)
    assert SECRET not in repr(found)


def test_others_are_let_in_with_a_token_alone(graph: Graph) -> None:
    assert is_loopback("127.0.0.2")
    assert not is_loopback("0.0.0.0")
    with pytest.raises(UsageError, match="TASTEGRAPH_TOKEN"):
        serve(graph, host="0.0.0.0", port=0, token=None, ready=print)


def test_answers_do_not_wait_until_their_first_half_is_acknowledged() -> None:
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        taken, _ = listening.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_in_use_is_said() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} of 127.0.0.1 can't be used"):
            listen("127.0.0.1", port)
    with pytest.raises(InputError, match="no name of this machine"):
        listen("no.such.name.example", 0)
