"""Errors as problem details (RFC 9457)."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from tastegraph.errors import (
    InputError,
    ModelError,
    NotFoundError,
    StoreError,
    StoreQueryError,
    TastegraphError,
)

MEDIA_TYPE = "application/problem+json"

# Seconds after which it is worth asking again.
_AGAIN = 2


@dataclass(frozen=True)
class Problem:
    """One refusal: why, in a sentence, and what else there is to say."""

    status: HTTPStatus
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What kind of problem it is."""
        return self.status.phrase

    def response(self) -> JSONResponse:
        """As a program gets it."""
        content = {
            "type": "about:blank",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
        }
        return JSONResponse(
            content | self.more,
            status_code=self.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


# The first that fits counts.
_STATUS: tuple[tuple[type[TastegraphError], HTTPStatus], ...] = (
    (InputError, HTTPStatus.BAD_REQUEST),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (ModelError, HTTPStatus.CONFLICT),
    (StoreQueryError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
)


def problem_of(error: Exception) -> Problem:
    """What to answer where ``error`` was raised; nothing of one that is a fault of ours."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            again = status is HTTPStatus.SERVICE_UNAVAILABLE
            return Problem(status, str(error), {"Retry-After": str(_AGAIN)} if again else {})
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here, not with you")


def busy() -> Problem:
    """There is too much to do."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too many ask at once: ask again in a moment",
        {"Retry-After": str(_AGAIN)},
    )


def too_slow(seconds: float) -> Problem:
    """It took too long."""
    return Problem(
        HTTPStatus.GATEWAY_TIMEOUT,
        f"no answer was found in {seconds:g} s: ask for less",
        {"Retry-After": str(_AGAIN)},
    )
