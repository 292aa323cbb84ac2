"""The artists that a Spotify account listens to most, asked of Spotify itself.

The person agrees in a browser: authorisation code with proof key (RFC 7636), which needs no
secret. What Spotify answers is redirected to a server on loopback (RFC 8252) that takes one answer
and ends. The token that it brings asks one question, and is kept nowhere.
"""

import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from importlib.util import find_spec
from threading import Thread
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from tastegraph.errors import InputError
from tastegraph.loaders.readers.likes import top_artists
from tastegraph.runtime.environment import SPOTIFY_CLIENT_ID, SPOTIFY_REDIRECT_URI
from tastegraph.runtime.loopback_server import LoopbackServer

# As tekore's own configuration names them.
CLIENT_ID, REDIRECT_URI = SPOTIFY_CLIENT_ID.name, SPOTIFY_REDIRECT_URI.name

ANY_PORT = "http://127.0.0.1/callback"
"""The redirect URI where none is set: registered like this, any port of loopback will do."""

SPANS = {"short": "four weeks", "medium": "six months", "long": "year"}
"""How long Spotify looks back, by the names that it has for it less ``_term``."""

# As many as Spotify gives in one answer.
_MOST = 50

# Seconds that somebody gets to sign in and agree, and seconds between two looks for the answer.
_PATIENCE, _POLL = 300.0, 0.1

_DASHBOARD = "https://developer.spotify.com/dashboard"
_INSTEAD = "or name artists with --like"
_CHECK = f"see that {CLIENT_ID} is the client id of your app at {_DASHBOARD} and try again"
_NEXT = {
    HTTPStatus.BAD_REQUEST: _CHECK,
    HTTPStatus.UNAUTHORIZED: _CHECK,
    HTTPStatus.FORBIDDEN: "the owner of your app needs Spotify Premium, and the account has to be "
    f"among its users at {_DASHBOARD}",
    HTTPStatus.TOO_MANY_REQUESTS: "wait a while and try again",
}
_PAGE = b"""<!doctype html>
<title>Tastegraph</title>
<p>Spotify's answer has arrived. You can close this page: Tastegraph goes on where you started it.
"""


def read_account(
    show: Callable[[str], None], span: str = "medium", patience: float = _PATIENCE
) -> list[str]:
    """Names of the (at most 50) artists that a Spotify account listened to most over ``span``.

    ``show`` gets the address at which to agree, which is opened in a browser as well; the answer
    is awaited for ``patience`` seconds. InputError where tekore or the client id is missing, the
    port can't be had, permission is not given, Spotify can't be reached or refuses, or the
    account has no top artists.
    """
    if find_spec("tekore") is None:
        raise InputError(
            "Reading a Spotify account is an extra that is not installed: in a checkout, "
            "pip install -e '.[spotify]' adds it; or give an export with --spotify FILE"
        )
    try:
        names = top_artists(_ask(show, span, patience))
    except ValueError as error:
        raise InputError(_unreadable()) from error
    if not names:
        others = ", ".join(each for each in SPANS if each != span)
        raise InputError(
            f"this account has no top artists of the last {SPANS[span]}: "
            f"ask for another span ({others}), {_INSTEAD}"
        )
    return names


def _ask(show: Callable[[str], None], span: str, patience: float) -> object:
    """Spotify's answer to GET /me/top/artists, once the account's owner has agreed."""
    import tekore

    client_id = SPOTIFY_CLIENT_ID.value
    if not client_id:
        raise InputError(
            f"{CLIENT_ID} is not set: make an app at {_DASHBOARD} with the redirect URI "
            f"{ANY_PORT}, and set {CLIENT_ID} to its client id"
        )
    given = SPOTIFY_REDIRECT_URI.value or ANY_PORT
    with _Redirect(given) as redirect, closing(tekore.SyncSender()) as sender:
        credentials = tekore.Credentials(client_id, redirect_uri=redirect.uri, sender=sender)
        auth = tekore.UserAuth(credentials, tekore.scope.user_top_read, pkce=True)
        show(
            "Spotify asks in your browser whether your top artists may be read. "
            f"If no page opens, go to\n\n  {auth.url}\n"
        )
        # Some browsers run in the terminal, and return only when they are closed.
        Thread(target=webbrowser.open, args=(auth.url,), daemon=True).start()
        code = _code(redirect.wait(patience), auth.state)
        with _as_input_errors():
            spotify = tekore.Spotify(auth.request_token(code, auth.state), sender=sender)
            # tekore's models insist on fields of an artist that Spotify no longer sends.
            asked = {"time_range": f"{span}_term", "limit": _MOST}
            response = spotify.send(tekore.Request("GET", "me/top/artists", asked))
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise InputError(_refusal(response))
    return response.content


def _code(answer: dict[str, str], state: str) -> str:
    """What a token can be had for, out of what was redirected to us."""
    if answer.get("state") != state:
        raise InputError(
            "what came back from the browser was no answer to this question (its state is "
            "another's): close old pages of Spotify's and try again"
        )
    if answer.get("error") == "access_denied":
        raise InputError(f"permission was refused in the browser: try again and agree, {_INSTEAD}")
    if "code" not in answer:
        said = answer.get("error", "no code")
        raise InputError(f"Spotify gave no permission ({said}): try again later, {_INSTEAD}")
    return answer["code"]


@contextmanager
def _as_input_errors() -> Iterator[None]:
    """Say what to do about what tekore raises."""
    import httpx
    import tekore

    try:
        yield
    except tekore.HTTPError as error:
        raise InputError(_refusal(error.response)) from error
    except httpx.HTTPError as error:
        raise InputError(
            f"Spotify can't be reached ({error}): check the network and try again, {_INSTEAD}"
        ) from error
    except (TypeError, KeyError) as error:
        # tekore takes for granted that every answer is JSON with the fields of a token.
        raise InputError(_unreadable()) from error


def _refusal(response: Any) -> str:
    """A sentence for an answer (tekore's Response) of status 400 or more."""
    content = response.content if isinstance(response.content, dict) else {}
    error = content.get("error")
    said = error.get("message") if isinstance(error, dict) else error
    reasons = [str(each) for each in (said, content.get("error_description")) if each]
    what = ", ".join([str(response.status_code), *reasons])
    return f"Spotify refuses ({what}): {_NEXT.get(response.status_code, 'try again later')}"


def _unreadable() -> str:
    return f"Spotify's answer has another form than it should: try again later, {_INSTEAD}"


class _Redirect(LoopbackServer):
    """Receives what Spotify redirects a browser to ``given`` with; without a port, on any.

    Raises InputError for an address that is not on loopback, or whose port can't be had.
    """

    timeout = _POLL

    def __init__(self, given: str) -> None:
        parts, port = _on_loopback(given)
        mend = f"end what uses it, or register {ANY_PORT} at {_DASHBOARD} and unset {REDIRECT_URI}"
        super().__init__(port, _Handler, mend, REDIRECT_URI)
        self.given = given
        self.path = parts.path or "/"
        self.uri = parts._replace(netloc=f"127.0.0.1:{self.server_port}").geturl()
        self.answer: dict[str, str] | None = None

    def wait(self, seconds: float) -> dict[str, str]:
        """The parameters of the redirect; InputError when it has not come after ``seconds``."""
        deadline = time.monotonic() + seconds
        while self.answer is None:
            if time.monotonic() > deadline:
                raise InputError(
                    f"no answer has come from the browser in {seconds:g} seconds: try again; where "
                    f"Spotify says 'Invalid redirect URI', register {self.given} at {_DASHBOARD}"
                )
            self.handle_request()
        return self.answer


class _Handler(BaseHTTPRequestHandler):
    server: _Redirect

    def do_GET(self) -> None:
        """Take the answer, and tell the person where it goes on."""
        asked = urlsplit(self.path)
        if asked.path != self.server.path:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with suppress(ConnectionError):
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(_PAGE)))
            self.end_headers()
            self.wfile.write(_PAGE)
        # The page comes first: the program may end as soon as it has the answer.
        self.server.answer = dict(parse_qsl(asked.query))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""


def _on_loopback(given: str) -> tuple[SplitResult, int]:
    """The parts of a redirect URI, and its port or 0; InputError where it does not lead here."""
    try:
        parts = urlsplit(given)
        port = parts.port or 0
    except ValueError:
        parts, port = urlsplit(""), 0
    if (parts.scheme, parts.hostname) != ("http", "127.0.0.1"):
        raise InputError(
            f"{REDIRECT_URI} is {given}, where no answer can be received: register {ANY_PORT} at "
            f"{_DASHBOARD} and unset {REDIRECT_URI}, or set it to http://127.0.0.1:PORT/callback"
        )
    return parts, port
