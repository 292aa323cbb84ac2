"""The service described in OpenAPI 3.1, from its table of endpoints."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from tastegraph.web.service import map_file, metrics
from tastegraph.web.service.endpoints import ENDPOINTS, ROOT, Endpoint, endpoints
from tastegraph.web.service.problems import MEDIA_TYPE
from tastegraph.web.service.schemas import SCHEMAS

# What any endpoint may answer instead.
_REFUSALS = {
    HTTPStatus.BAD_REQUEST: "a parameter can't be used",
    HTTPStatus.UNAUTHORIZED: "the token is missing or wrong",
    HTTPStatus.FORBIDDEN: "a page of another server asks for a change",
    HTTPStatus.NOT_FOUND: "what is named is not in the graph",
    HTTPStatus.CONFLICT: "no model has been trained, or it does not know what is named",
    HTTPStatus.REQUEST_URI_TOO_LONG: "the address is too long",
    HTTPStatus.INTERNAL_SERVER_ERROR: "a fault of the program",
    HTTPStatus.SERVICE_UNAVAILABLE: "the database does not answer, or too many ask at once",
    HTTPStatus.GATEWAY_TIMEOUT: "the answer takes too long",
}

# Where lists have ids: the path, the name of its rows and of the id in each.
_ROWS = {
    "/users": ("users", "user"),
    "/artists": ("artists", "artist"),
    "/tags": ("tags", "tag"),
}


def document(writes: bool = False) -> dict[str, Any]:
    """The whole description, as JSON has it; with ``writes`` also what changes the graph."""
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints(writes):
        paths.setdefault(each.path, {})[each.method.lower()] = operation(each)
    changing = (
        "What changes the graph needs a token." if writes else "Nothing can be changed through it."
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tastegraph",
            "version": version("tastegraph"),
            "description": "Recommendations from a graph, with reasons that are the arithmetic. "
            + changing,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": ROOT}],
        "paths": paths
        | {each.PATH: {"get": _file_operation(each.described())} for each in (map_file, metrics)},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def operation(endpoint: Endpoint) -> dict[str, Any]:
    """One endpoint."""
    return {
        "operationId": endpoint.name,
        "summary": endpoint.about,
        "parameters": [each.described() for each in endpoint.parameters],
        "security": _security(endpoint),
        "responses": {
            "200": _response("the answer", "application/json", endpoint.schema) | _links(endpoint),
            **_refusals(),
        },
    }


def _security(endpoint: Endpoint) -> list[dict[str, Any]]:
    """A token, where the server has one; what changes the graph is there with one alone."""
    if endpoint.is_open:
        return []
    return [{"token": []}] if endpoint.changes else [{}, {"token": []}]


def _links(endpoint: Endpoint) -> dict[str, Any]:
    """What can be asked of the first of an answer's rows, and of the second beside it."""
    if endpoint.path not in _ROWS or endpoint.changes:
        return {}
    rows, id_ = _ROWS[endpoint.path]
    first, second = (f"$response.body#/{rows}/{at}/{id_}" for at in (0, 1))
    given = {"id": first, "other": second, id_: first}
    links = {}
    for each in ENDPOINTS:
        names = {parameter.name for parameter in each.parameters if parameter.required}
        if f"{endpoint.path}/{{id}}" in each.path or (id_ in names and "id" not in names):
            named = {name: given[name] for name in sorted(names & set(given))}
            links[each.name] = {"operationId": each.name, "parameters": named}
    return {"links": links}


def _file_operation(file: dict[str, Any]) -> dict[str, Any]:
    """What is no JSON."""
    return {
        "operationId": file["operationId"],
        "summary": file["summary"],
        "parameters": [],
        "security": [{}, {"token": []}],
        "responses": {
            "200": {"description": "the file", "content": file["content"]},
            **file["responses"],
            **_refusals(),
        },
    }


def _refusals() -> dict[str, Any]:
    return {
        str(int(status)): _response(text, MEDIA_TYPE, "Problem")
        for status, text in _REFUSALS.items()
    }


def _response(text: str, media_type: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": text, "content": {media_type: {"schema": reference}}}
