"""Files reach a page of another server, and nobody but this machine."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from tastegraph.errors import InputError
from tastegraph.web.file_server import FileServer

FILES = {"guide.html": "<p>é</p>".encode(), "style.grass": b"node {}", "all.zip": b"PK"}


@pytest.fixture(scope="module")
def server() -> Iterator[FileServer]:
    with FileServer(lambda address: FILES | {"address.txt": address.encode()}) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: FileServer, method: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_listens_on_loopback_alone(server: FileServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://localhost:{server.server_port}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("guide.html", "text/html; charset=utf-8"),
        ("style.grass", "text/plain; charset=utf-8"),
        ("all.zip", "application/zip"),
    ],
)
def test_sends_files_to_any_page(server: FileServer, name: str, kind: str) -> None:
    response, body = ask(server, "GET", f"/{name}?_=1", Origin="http://localhost:7474")
    assert (response.status, body) == (200, FILES[name])
    assert response.headers["Content-Type"] == kind
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    head, empty = ask(server, "HEAD", f"/{name}")
    assert (head.status, empty) == (200, b"")
    assert head.headers["Content-Length"] == str(len(FILES[name]))


def test_files_know_where_they_are_served(server: FileServer) -> None:
    assert ask(server, "GET", "/address.txt")[1].decode() == server.address


def test_answers_what_a_page_asks_first(server: FileServer) -> None:
    asked = {"Access_Control_Request_Headers": "cache-control,pragma"}
    response, _ = ask(server, "OPTIONS", "/guide.html", Origin="http://localhost:7474", **asked)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Headers"] == "cache-control,pragma"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]


def test_root_lists_the_files(server: FileServer) -> None:
    body = ask(server, "GET", "/")[1].decode()
    assert all(f'href="/{name}"' in body for name in FILES)


@pytest.mark.parametrize("path", ["/none", "/../pyproject.toml", "/%2e%2e/pyproject.toml"])
def test_has_no_other_files(server: FileServer, path: str) -> None:
    assert ask(server, "GET", path)[0].status == 404


def test_a_port_that_is_taken_is_said(server: FileServer) -> None:
    with pytest.raises(InputError, match=rf"port {server.server_port} can't be used .*--port"):
        FileServer(lambda _: {}, server.server_port)
