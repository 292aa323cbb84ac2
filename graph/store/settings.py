"""Which store to use, and how to get in."""

import os
from dataclasses import dataclass
from pathlib import Path

from tastegraph.errors import InputError

SERVER_SCHEMES = tuple(
    f"{scheme}{security}://" for scheme in ("bolt", "neo4j") for security in ("", "+s", "+ssc")
)
DEFAULT_PLACE = "./tastegraph-store"


@dataclass(frozen=True)
class Settings:
    """Where the graph lives.

    ``place`` is a folder (the embedded store) or a URI of a Neo4j server; ``database`` may be
    None for the server's own default. User name and password are for servers only.
    """

    place: str
    database: str | None = None
    username: str | None = None
    password: str | None = None

    @classmethod
    def of(cls, place: str | os.PathLike[str], database: str | None = None) -> "Settings":
        """Settings for ``place``; the user name and password come from the environment.

        Raises InputError for a URI of a scheme that no graph server speaks, or with a password.
        """
        text = os.fspath(place)
        if "://" in text and "@" in text.split("://", 1)[1].split("/", 1)[0]:
            raise InputError(
                "the store's address holds a user name or a password: leave them out of it, and "
                "set NEO4J_USERNAME and NEO4J_PASSWORD"
            )
        if "://" in text and not text.startswith(SERVER_SCHEMES):
            known = ", ".join(SERVER_SCHEMES)
            raise InputError(
                f"{text} is no place for a graph: give a folder, or a URI that begins with "
                f"one of {known}"
            )
        return cls(
            text,
            database,
            os.environ.get("NEO4J_USERNAME") or None,
            os.environ.get("NEO4J_PASSWORD") or None,
        )

    @property
    def is_server(self) -> bool:
        """Whether the place is a server rather than a folder."""
        return self.place.startswith(SERVER_SCHEMES)

    @property
    def folder(self) -> Path:
        """The embedded store's folder."""
        return Path(self.place).expanduser().resolve()
