"""Spotify as far as Tastegraph asks it, on loopback: accounts, tokens, top artists.

It is asked by the real tekore, over HTTP; what can't be had here is Spotify itself. Its answers
have the form of 2026, in which artists have neither followers nor popularity.
"""

import base64
import hashlib
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import urlopen

import httpx

CLIENT_ID = "0123456789abcdef0123456789abcdef"
CODE, TOKEN = "a-code", "a-token"


class Spotify(ThreadingHTTPServer):
    """The server, and the browser in which somebody agrees; tests set what they answer.

    ``asked`` is what the browser came with last, ``spans`` the spans that artists were told of.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.artists = ["Muse", "Air", "Muse"]
        self.redirected: dict[str, str] = {"code": CODE}
        self.token_answer: tuple[int, object] | None = None
        self.artists_answer: tuple[int, object] | None = None
        self.asked: dict[str, str] = {}
        self.spans: list[str] = []
        self.page = ""
        self.browsed = Event()
        self.port = self.server_port

    def __enter__(self) -> "Spotify":
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()

    def client(self) -> httpx.Client:
        """A client whose requests to Spotify come to ``port``: ours, if a test sets no other."""
        return httpx.Client(transport=_Rerouted(self.port), timeout=5)

    def browse(self, url: str) -> bool:
        """Go where the program sends a browser; agree, as ``redirected`` has it."""
        assert urlsplit(url)[:3] == ("https", "accounts.spotify.com", "/authorize")
        here = f"http://127.0.0.1:{self.server_port}/authorize?{urlsplit(url).query}"
        with urlopen(here, timeout=5) as answer:
            self.page = answer.read().decode()
        self.browsed.set()
        return True

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent on to; with an error, where the question is a wrong one."""
        self.asked = asked
        right = {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "user-top-read",
            "code_challenge_method": "S256",
        }
        answer = self.redirected if right.items() <= asked.items() else {"error": "wrong question"}
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state']} | answer)}"

    def token(self, form: dict[str, str]) -> tuple[int, object]:
        """A token for the code, if the verifier is that of the challenge."""
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        rest = {key: value for key, value in form.items() if key != "code_verifier"}
        if challenge != self.asked["code_challenge"] or rest != {
            "client_id": CLIENT_ID,
            "code": CODE,
            "grant_type": "authorization_code",
            "redirect_uri": self.asked["redirect_uri"],
        }:
            refusal = {"error": "invalid_grant", "error_description": "code_verifier was incorrect"}
            return HTTPStatus.BAD_REQUEST, refusal
        return HTTPStatus.OK, {
            "access_token": TOKEN,
            "token_type": "Bearer",
            "scope": "user-top-read",
            "expires_in": 3600,
            "refresh_token": "for-later",
        }

    def top_artists(self, token: str, asked: dict[str, str]) -> tuple[int, object]:
        """The account's artists."""
        if token != f"Bearer {TOKEN}":
            return HTTPStatus.UNAUTHORIZED, {"error": {"status": 401, "message": "Invalid token"}}
        if asked["limit"] != "50":
            return HTTPStatus.BAD_REQUEST, {"error": {"status": 400, "message": "Invalid limit"}}
        self.spans.append(asked["time_range"])
        items = [{"type": "artist", "id": "x", "name": name} for name in self.artists]
        return HTTPStatus.OK, {"items": items, "limit": 50, "offset": 0, "total": len(items)}


def status(url: str) -> int:
    """The status that a browser gets at ``url``."""
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


class _Handler(BaseHTTPRequestHandler):
    server: Spotify

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/authorize":
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self.server.authorize(asked))
            self.end_headers()
        elif parts.path == "/v1/me/top/artists":
            token = self.headers["Authorization"]
            self._send(*(self.server.artists_answer or self.server.top_artists(token, asked)))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = self.server.token(dict(parse_qsl(body)))
        if self.path != "/api/token" or "Authorization" in self.headers:
            answer = HTTPStatus.BAD_REQUEST, {"error": "wrong question"}
        self._send(*(self.server.token_answer or answer))

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _send(self, code: int, content: object) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Rerouted(httpx.HTTPTransport):
    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        assert request.url.host in {"accounts.spotify.com", "api.spotify.com"}
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)
