"""What stands before all else: who may ask, by which name, how much at once; and safe headers."""

from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tastegraph.web.service.hosts import Hosts
from tastegraph.web.service.problems import Problem, busy
from tastegraph.web.service.token import COOKIE, Token

SIGN_IN = "/sign-in"

# What is reached without a token: the form for it, what pages look like, whether it runs.
_OPEN = (SIGN_IN, "/api/health")
_OPEN_BELOW = "/static/"

# Bytes of an address, and requests at once.
_LONGEST = 32_768
_MOST = 64

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses what may not be asked, before anything looks at it.

    Paths go on undecoded, so that an id with a slash in it is one part of the path.
    """

    def __init__(self, app: ASGIApp, hosts: Hosts, token: Token | None = None) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token
        self._asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = dict(scope, path=scope["raw_path"].decode("ascii", "replace"))
        answer: ASGIApp = self._refusal(scope) or self._app
        self._asked += 1
        try:
            await answer(scope, receive, _with_headers(send, scope["path"]))
        finally:
            self._asked -= 1

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._hosts.has(headers.get("host", "")):
            return Problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "this server is not called so: ask by the address that 'tastegraph serve' names",
            ).response()
        if len(scope["path"]) + len(scope["query_string"]) > _LONGEST:
            return Problem(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                f"the address is longer than {_LONGEST:,} bytes: ask for less at once",
            ).response()
        if self._asked >= _MOST:
            return busy().response()
        if _comes_from_elsewhere(scope["method"], headers):
            return Problem(
                HTTPStatus.FORBIDDEN,
                "only pages of this server, and programs that send the token, change anything here",
            ).response()
        return None if self._may(scope["path"], headers) else _sign_in(scope)

    def _may(self, path: str, headers: Headers) -> bool:
        if self._token is None or path in _OPEN or path.startswith(_OPEN_BELOW):
            return True
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        header = headers.get("authorization", "")
        return self._token.is_cookie(cookie) or self._token.is_in_header(header)


def _comes_from_elsewhere(method: str, headers: Headers) -> bool:
    """Whether a page of another server wants something changed.

    Cookies are not sent with that either; this stands where a browser knows no SameSite.
    """
    origin = headers.get("origin")
    if method in ("GET", "HEAD") or origin is None:
        return False
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _sign_in(scope: Scope) -> Response:
    """A program is told what is missing, a person is asked for it."""
    if scope["path"].startswith("/api/"):
        return Problem(
            HTTPStatus.UNAUTHORIZED,
            "a token is needed: send the header 'Authorization: Bearer TOKEN'",
            {"WWW-Authenticate": 'Bearer realm="tastegraph"'},
        ).response()
    wanted = scope["path"] + ("?" + scope["query_string"].decode("ascii", "replace")).rstrip("?")
    return RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", HTTPStatus.SEE_OTHER)


def _with_headers(send: Send, path: str) -> Send:
    kept = "public, max-age=86400" if path.startswith(_OPEN_BELOW) else "private, no-cache"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", kept)
        await send(message)

    return sending
