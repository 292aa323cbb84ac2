"""Which store to use, and how to get in."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tastegraph.errors import InputError
from tastegraph.runtime.environment import (
    PASSWORD,
    SOURCE_PASSWORD,
    SOURCE_USERNAME,
    STORE,
    URI,
    USERNAME,
    Variable,
)

SERVER_SCHEMES = tuple(
    f"{scheme}{security}://" for scheme in ("bolt", "neo4j") for security in ("", "+s", "+ssc")
)
DEFAULT_PLACE = "./tastegraph-store"

# Anything before an @ in an address; without a scheme, a name, a colon and anything.
_CREDENTIALS = re.compile(r"[^:]*:/?/.*@|[^:/\\]{2,}:.*@", re.DOTALL)

CARD = "tastegraph.json"
"""The file by which a folder is known as a store."""


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds, where that is less than usual.

    patience  that a database is waited for which does not answer
    query     that a server works on one query, which it then ends
    """

    patience: float | None = None
    query: float | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Settings:
    """Where the graph lives.

    ``place`` is a folder (the embedded store) or a URI of a Neo4j server; ``database`` may be
    None for the server's own default. User name and password are for servers only. ``limits``
    are for who can't wait as long as a person at a terminal.
    """

    place: str
    database: str | None = None
    username: str | None = None
    password: str | None = None
    limits: Limits = NO_LIMITS

    @classmethod
    def find(
        cls,
        place: str | os.PathLike[str] | None = None,
        database: str | None = None,
        username: str | None = None,
        password: str | None = None,
    ) -> "Settings":
        """Settings for ``place``, or for the store that the environment or a folder names.

        In order: ``place``, TASTEGRAPH_STORE, NEO4J_URI, the folder tastegraph-store in the
        current folder or one above it.
        """
        named = place or STORE.value or URI.value or default_place()
        found = cls.of(named, database)
        return replace(
            found,
            username=username or found.username,
            password=password or found.password,
        )

    @classmethod
    def of(cls, place: str | os.PathLike[str], database: str | None = None) -> "Settings":
        """Settings for ``place``; the user name and password come from the environment.

        Raises InputError for a URI of a scheme that no graph server speaks, or with a password.
        """
        text = os.fspath(place)
        _refuse_credentials(text, "store", USERNAME, PASSWORD)
        if "://" in text and not text.startswith(SERVER_SCHEMES):
            known = ", ".join(SERVER_SCHEMES)
            raise InputError(
                f"{text} is no place for a graph: give a folder, or a URI that begins with "
                f"one of {known}"
            )
        return cls(
            text,
            database,
            USERNAME.value,
            PASSWORD.value,
        )

    @classmethod
    def of_source(cls, place: str, database: str | None = None) -> "Settings":
        """Settings for somebody else's graph at ``place``, a server.

        Its user name and password are those of TASTEGRAPH_SOURCE_USERNAME and _PASSWORD, never the
        store's. Raises InputError for anything but a URI of a server, or one with a password.
        """
        _refuse_credentials(place, "source", SOURCE_USERNAME, SOURCE_PASSWORD)
        if not place.startswith(SERVER_SCHEMES):
            known = ", ".join(SERVER_SCHEMES)
            raise InputError(
                f"{place} is no address of a graph: give a URI that begins with one of {known}"
            )
        return cls(place, database, SOURCE_USERNAME.value, SOURCE_PASSWORD.value)

    @property
    def is_server(self) -> bool:
        """Whether the place is a server rather than a folder."""
        return self.place.startswith(SERVER_SCHEMES)

    @property
    def exists(self) -> bool:
        """Whether there is a store: a server, or a folder that holds one."""
        return self.is_server or (self.folder / CARD).exists()

    @property
    def identity(self) -> str:
        """What tells this store from others, however it was named."""
        return f"{self.place if self.is_server else self.folder} {self.database or ''}"

    @property
    def folder(self) -> Path:
        """The embedded store's folder."""
        return Path(self.place).expanduser().resolve()


def _refuse_credentials(place: str, what: str, username: Variable, password: Variable) -> None:
    if holds_credentials(place):
        raise InputError(
            f"the {what}'s address holds a user name or a password: leave them out of it, and "
            f"set {username.name} and {password.name}"
        )


def holds_credentials(place: str) -> bool:
    """Whether ``place`` seems to hold a user name or a password, however it is misspelt.

    A password may itself have any sign, slashes and colons among them. A folder that is there
    is a folder.
    """
    return _CREDENTIALS.match(place) is not None and not Path(place).expanduser().exists()


def default_place(here: Path | None = None) -> str:
    """The store's folder that is nearest: in the current folder, or in one above it."""
    start = (here or Path.cwd()).resolve()
    name = Path(DEFAULT_PLACE).name
    for folder in start.parents:
        if (start / name / CARD).exists():
            break
        if (folder / name / CARD).exists():
            return os.path.relpath(folder / name, start)
    return DEFAULT_PLACE
