"""Addresses of pages, and what answers there."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qs, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tastegraph.api.graph import Graph
from tastegraph.web.pages import contents, what_if
from tastegraph.web.pages.addresses import PAGE, SHEET
from tastegraph.web.pages.changes import CHANGES, Change
from tastegraph.web.pages.kept import Content, KeptPages
from tastegraph.web.pages.rendering import render
from tastegraph.web.service.asking import asked, values_of
from tastegraph.web.service.guard import SIGN_IN
from tastegraph.web.service.openapi import document
from tastegraph.web.service.parameters import (
    ARTIST,
    DRAWN,
    FILTERS,
    ID,
    STEERING,
    TASTE,
    K,
    Parameter,
)
from tastegraph.web.service.problems import Problem
from tastegraph.web.service.token import COOKIE, Token

# Bytes of a form.
_LONGEST = 4_096

_TYPED = Parameter("q", "what is looked for")

_OTHER = Parameter("other", "the id of another person")

_LAID_OVER = Parameter("user", "the id of somebody")

_PAGES: tuple[tuple[str, str, Content, tuple[Parameter, ...]], ...] = (
    ("/search", "search", contents.search, (_TYPED, K)),
    ("/users/{id}", "person", contents.person, (ID, K, *STEERING)),
    ("/users/{id}/why-not", "why_not", contents.left_out, (ID, ARTIST, K, *FILTERS)),
    ("/users/{id}/compare", "compare", contents.compared, (ID, _OTHER)),
    (PAGE, "what_if", what_if.content, (*TASTE, K)),
    ("/artists/{id}", "artist", contents.artist, (ID,)),
    ("/tags/{id}", "tag", contents.tag, (ID,)),
    ("/map", "map", contents.artist_map, (_LAID_OVER,)),
    ("/graph", "graph", contents.drawing, DRAWN),
    ("/model", "model", contents.model, ()),
)


class Views:
    """The pages on ``graph``; with a ``token``, people sign in with it."""

    def __init__(self, graph: Graph, token: Token | None, *, writes: bool = False) -> None:
        self._graph = graph
        self._token = token
        self._writes = writes

    def routes(self) -> list[Route]:
        """A route for each page."""
        made = [
            Route(path, self._page(KeptPages(template, self._with_writes(content)), parameters))
            for path, template, content, parameters in _PAGES
        ]
        made.append(Route("/", self._page(KeptPages("home", contents.home, always=True), ())))
        made.append(Route("/api", self._described))
        made.append(Route(SHEET, self._sheet))
        if self._writes:
            made += [
                Route(path, self._change(change), methods=["POST"])
                for path, change in CHANGES.items()
            ]
        if self._token is not None:
            made += [
                Route(SIGN_IN, self._ask_in, methods=["GET"]),
                Route(SIGN_IN, self._let_in, methods=["POST"]),
            ]
        return made

    def problem(self, said: Problem) -> Response:
        """A page that says what went wrong."""
        html = render("problem", problem=said, nearest=said.more.get("nearest", []))
        return HTMLResponse(html, said.status, headers=said.headers)

    def _with_writes(self, content: Content) -> Content:
        """``content``, and whether the page can change anything."""
        return lambda graph, values: content(graph, values) | {"writes": self._writes}

    def _change(self, change: Change) -> Callable[[Request], Awaitable[Response]]:
        """Changes what a form says, and shows the page that it leads to."""

        async def answer(request: Request) -> Response:
            id_, fields = unquote(request.path_params.get("id", "")), await _fields(request)
            wanted, _ = await asked(self._graph, lambda graph: change(graph, id_, fields))
            return RedirectResponse(_here(wanted), HTTPStatus.SEE_OTHER)

        return answer

    def _page(
        self, pages: KeptPages, parameters: tuple[Parameter, ...]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            values = values_of(request, parameters, is_form=True)
            html, _ = await asked(self._graph, lambda graph: pages.html(graph, values))
            return HTMLResponse(html)

        return answer

    async def _sheet(self, request: Request) -> Response:
        values = values_of(request, TASTE, is_form=True)
        text, _ = await asked(self._graph, lambda graph: what_if.sheet(graph, values))
        headers = {"Content-Disposition": 'attachment; filename="what-if.csv"'}
        return Response(text, media_type="text/csv", headers=headers)

    async def _described(self, _: Request) -> Response:
        return HTMLResponse(render("api", document=document(self._writes)))

    async def _ask_in(self, request: Request) -> Response:
        return HTMLResponse(render("sign_in", wrong=False, next=request.query_params.get("next")))

    async def _let_in(self, request: Request) -> Response:
        assert self._token is not None
        given = await _form(request)
        wanted = given.get("next", "/")
        if not self._token.is_given(given.get("token", "")):
            html = render("sign_in", wrong=True, next=wanted)
            return HTMLResponse(html, HTTPStatus.FORBIDDEN)
        answer = RedirectResponse(_here(wanted), HTTPStatus.SEE_OTHER)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, self._token.cookie, httponly=True, samesite="lax", secure=secure)
        return answer


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, each once."""
    return {name: texts[0] for name, texts in (await _fields(request)).items()}


async def _fields(request: Request) -> dict[str, list[str]]:
    """The fields of a form, nothing where it is longer than any of ours."""
    body = b""
    async for block in request.stream():
        body += block
        if len(body) > _LONGEST:
            return {}
    return parse_qs(body.decode("utf-8", "replace"))


def _here(wanted: str) -> str:
    """``wanted``, where it is an address of this server; home otherwise."""
    is_here = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if is_here else "/"
