"""All places of the map in one small file, which a browser keeps while the map is the same."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tastegraph.api.graph import Graph
from tastegraph.web.answers.artist_map import ArtistMap
from tastegraph.web.service.asking import asked, values_of

PATH = "/map.bin"
MEDIA_TYPE = "application/octet-stream"


def map_route(graph: Graph, root: str) -> Route:
    """The route of the file below ``root``."""
    return Route(f"{root}{PATH}", _answering(graph))


def described() -> dict[str, Any]:
    """The file in OpenAPI."""
    return {
        "operationId": "map_bin",
        "summary": "The places of all artists, the best known first: the letters TGM1, how many "
        "artists (uint32), then of all of them listeners (uint32), x and y (float32) and colour "
        "(uint8: the place of the tag in /map's tags, 7 for other tags, 8 for none), "
        "little-endian",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        "responses": {"304": {"description": "what If-None-Match names is still the same"}},
    }


def _answering(graph: Graph) -> Callable[[Request], Awaitable[Response]]:
    def read(own: Graph) -> tuple[bytes, str]:
        found = ArtistMap.of(own)
        return found.content, f'"{found.version}"'

    async def answer(request: Request) -> Response:
        values_of(request, ())
        (content, mark), _ = await asked(graph, read)
        # Packing on the way makes a strong mark a weak one.
        known = request.headers.get("if-none-match", "")
        headers = {"ETag": f"W/{mark}"}
        if mark in known:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(content, media_type=MEDIA_TYPE, headers=headers)

    return answer
