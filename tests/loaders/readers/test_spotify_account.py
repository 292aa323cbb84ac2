"""A Spotify account, asked by the real tekore: what it tells, and all that can go wrong."""

import socket
import sys
from _thread import interrupt_main
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from tastegraph.errors import InputError
from tastegraph.loaders.readers.likes import read_spotify
from tastegraph.loaders.readers.spotify_account import read_account
from tastegraph.runtime.ports import free_port
from tests.spotify import Spotify, status

PATIENCE = 5.0


def read(span: str = "medium", patience: float = PATIENCE) -> tuple[list[str], str]:
    """Names, and what was shown."""
    shown: list[str] = []
    names = read_account(shown.append, span, patience)
    return names, "".join(shown)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_names_of_the_account_are_those_of_its_export(spotify: Spotify, tmp_path: Path) -> None:
    names, shown = read()
    assert names == ["Muse", "Air"]
    export = tmp_path / "top.json"
    export.write_text('{"items": [{"name": "Muse"}, {"name": "Air"}, {"name": "Muse"}]}')
    assert names == read_spotify(export)
    assert f"code_challenge={spotify.asked['code_challenge']}" in shown
    assert spotify.browsed.wait(PATIENCE)
    assert "You can close this page" in spotify.page


def test_the_answer_comes_to_loopback_at_a_free_port(spotify: Spotify) -> None:
    read()
    uri = urlsplit(spotify.asked["redirect_uri"])
    assert (uri.scheme, uri.hostname, uri.path) == ("http", "127.0.0.1", "/callback")
    assert uri.port
    with pytest.raises(URLError, match="refused"):
        status(uri.geturl())


@pytest.mark.parametrize("span", ["short", "medium", "long"])
def test_spans(spotify: Spotify, span: str) -> None:
    read(span)
    assert spotify.spans == [f"{span}_term"]


def test_every_time_with_another_secret(spotify: Spotify) -> None:
    secrets = set()
    for _ in range(2):
        read()
        secrets |= {spotify.asked["state"], spotify.asked["code_challenge"]}
    assert len(secrets) == 4


def test_a_verifier_of_another_challenge_is_refused(
    spotify: Spotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def authorize(asked: dict[str, str]) -> str:
        return Spotify.authorize(spotify, asked | {"code_challenge": "another"})

    monkeypatch.setattr(spotify, "authorize", authorize)
    with pytest.raises(InputError, match="invalid_grant"):
        read()


def test_other_addresses_are_no_answer(spotify: Spotify, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []

    def browse(url: str) -> bool:
        uri = dict(parse_qsl(urlsplit(url).query))["redirect_uri"]
        found.append(status(urljoin(uri, "/favicon.ico")))
        return spotify.browse(url)

    monkeypatch.setattr("webbrowser.open", browse)
    assert read()[0] == ["Muse", "Air"]
    assert found == [404]


def test_a_connection_on_which_the_browser_asks_nothing_holds_up_nothing(
    spotify: Spotify, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, held_up = Event(), []

    def browse(url: str) -> bool:
        port = urlsplit(dict(parse_qsl(urlsplit(url).query))["redirect_uri"]).port
        with socket.create_connection(("127.0.0.1", port)):
            spotify.browse(url)
            if not ended.wait(PATIENCE):
                held_up.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    assert read()[0] == ["Muse", "Air"]
    ended.set()
    assert not held_up


def test_a_redirect_uri_of_ones_own(spotify: Spotify, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = f"http://127.0.0.1:{free_port()}"
    monkeypatch.setenv("SPOTIFY_REDIRECT_URI", uri)
    assert read()[0] == ["Muse", "Air"]
    assert spotify.asked["redirect_uri"] == uri


@pytest.mark.parametrize(
    "uri",
    [
        "https://127.0.0.1/callback",
        "http://localhost:8888/callback",
        "http://0.0.0.0:8888/callback",
        "http://127.0.0.1:99999/callback",
        "here",
    ],
)
def test_redirects_to_elsewhere_are_refused(
    spotify: Spotify, monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("SPOTIFY_REDIRECT_URI", uri)
    with pytest.raises(InputError, match="no answer can be received: register http://127"):
        read()
    assert not spotify.asked


def test_a_port_in_use(spotify: Spotify, taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOTIFY_REDIRECT_URI", f"http://127.0.0.1:{taken_port}/callback")
    with pytest.raises(InputError, match=f"port {taken_port} of SPOTIFY_REDIRECT_URI can't be"):
        read()


def test_tekore_is_an_extra(spotify: Spotify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tekore", None)
    with pytest.raises(InputError, match=r"pip install -e '\.\[spotify\]'"):
        read()


@pytest.mark.parametrize("value", [None, ""])
def test_no_client_id(spotify: Spotify, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("SPOTIFY_CLIENT_ID")
    if value is not None:
        monkeypatch.setenv("SPOTIFY_CLIENT_ID", value)
    with pytest.raises(InputError, match="SPOTIFY_CLIENT_ID is not set: make an app"):
        read()


@pytest.mark.parametrize(
    ("redirected", "said"),
    [
        ({"error": "access_denied"}, "permission was refused in the browser: try again"),
        ({"error": "server_error"}, r"gave no permission \(server_error\)"),
        ({}, r"gave no permission \(no code\)"),
        ({"code": "a-code", "state": "forged"}, "its state is another's"),
        ({"error": "access_denied", "state": "forged"}, "its state is another's"),
        ({"code": "a-stale-code"}, r"refuses \(400, invalid_grant, .+see that SPOTIFY_CLIENT_ID"),
    ],
)
def test_no_permission(spotify: Spotify, redirected: dict[str, str], said: str) -> None:
    spotify.redirected = redirected
    with pytest.raises(InputError, match=said):
        read()
    assert not spotify.spans


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, {"error": "invalid_client"}), r"refuses \(400, invalid_client\): see that"),
        ((503, b"<html>"), r"refuses \(503\): try again later"),
        ((407, b"<html>"), "another form than it should"),
        ((200, b"<html>"), "another form than it should"),
        ((200, {"token": 1}), "another form than it should"),
    ],
)
def test_no_token(spotify: Spotify, answer: tuple[int, object], said: str) -> None:
    spotify.token_answer = answer
    with pytest.raises(InputError, match=said):
        read()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {"error": {"message": "Invalid token"}}), r"\(401, Invalid token\): see that"),
        ((403, b"User not registered"), r"\(403\): the owner of your app needs .+ among its users"),
        ((429, {"error": {"status": 429}}), r"\(429\): wait a while"),
        ((502, None), r"\(502\): try again later"),
        ((200, b"<html>"), "another form than it should"),
        ((200, {"items": [{"id": 3}]}), "another form than it should"),
        ((200, {"items": []}), r"no top artists of the last year: .+ \(short, medium\)"),
    ],
)
def test_no_artists(spotify: Spotify, answer: tuple[int, object], said: str) -> None:
    spotify.artists_answer = answer
    with pytest.raises(InputError, match=said):
        read("long")


def test_nobody_answers(spotify: Spotify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    said = r"no answer .+ in 0 seconds: .+ register http://127\.0\.0\.1/callback at https"
    with pytest.raises(InputError, match=said):
        read(patience=0)


def test_no_network(spotify: Spotify) -> None:
    spotify.port = free_port()
    with pytest.raises(InputError, match=r"can't be reached .+: check the network"):
        read()


def test_ctrl_c_ends_the_wait(spotify: Spotify, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: interrupt_main())
    with pytest.raises(KeyboardInterrupt):
        read()
