"""Files served on loopback, for pages that come from another server."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from tastegraph.runtime.loopback_server import LoopbackServer

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".zip": "application/zip",
}
_TEXT = "text/plain; charset=utf-8"


class FileServer(LoopbackServer):
    """Serves what ``make_files`` gives for the server's own address, until it is stopped.

    Port 0 takes a free one. Raises InputError where the port can't be had.
    """

    def __init__(self, make_files: Callable[[str], Mapping[str, bytes]], port: int = 0) -> None:
        mend = "give --port another number, or leave it out for a free one"
        super().__init__(port, _Handler, mend)
        # Neo4j Browser fetches from this name by default, and not from 127.0.0.1.
        self.address = f"http://localhost:{self.server_port}"
        self.files = make_files(self.address)


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        """Send a file, or the list of them."""
        content = self._answer()
        if content is not None:
            self.wfile.write(content)

    def do_HEAD(self) -> None:
        """Say what GET would send."""
        self._answer()

    def do_OPTIONS(self) -> None:
        """Let pages of other servers ask, with the headers that they announce."""
        self.send_response(HTTPStatus.NO_CONTENT)
        self.send_header("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
        asked = self.headers.get("Access-Control-Request-Headers", "*")
        self.send_header("Access-Control-Allow-Headers", asked)
        self.send_header("Access-Control-Allow-Private-Network", "true")
        self.end_headers()

    def end_headers(self) -> None:
        """Let pages of other servers read the answer, and ask again for a newer one."""
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""

    def _answer(self) -> bytes | None:
        name = unquote(urlsplit(self.path).path).lstrip("/")
        content = self.server.files.get(name) if name else self._list()
        if content is None:
            self.send_error(HTTPStatus.NOT_FOUND, "No such file; / lists them")
            return None
        self.send_response(HTTPStatus.OK)
        suffix = PurePosixPath(name).suffix if name else ".html"
        self.send_header("Content-Type", _TYPES.get(suffix, _TEXT))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return content

    def _list(self) -> bytes:
        links = "\n".join(f'<li><a href="/{name}">{name}</a></li>' for name in self.server.files)
        return f"<!doctype html>\n<title>Tastegraph</title>\n<ul>\n{links}\n</ul>\n".encode()
