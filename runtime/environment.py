"""Every environment variable that Tastegraph reads."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """An environment variable; one that is empty counts as not set."""

    name: str

    @property
    def value(self) -> str | None:
        """What it is set to, None where it is not."""
        return os.environ.get(self.name) or None


STORE = Variable("TASTEGRAPH_STORE")
"""The store: a folder, or a URI of a Neo4j server."""

URI = Variable("NEO4J_URI")
"""The store, where TASTEGRAPH_STORE is not set."""

USERNAME = Variable("NEO4J_USERNAME")
"""The user name for a server."""

PASSWORD = Variable("NEO4J_PASSWORD")
"""The password for a server."""

SOURCE_USERNAME = Variable("TASTEGRAPH_SOURCE_USERNAME")
"""The user name for somebody else's graph, which is loaded by a mapping or written back to."""

SOURCE_PASSWORD = Variable("TASTEGRAPH_SOURCE_PASSWORD")
"""The password for somebody else's graph."""

HEAP = Variable("TASTEGRAPH_HEAP")
"""Memory of the embedded store's JVM, such as 4g."""

BOLT_PORT = Variable("TASTEGRAPH_BOLT_PORT")
"""Where an embedded store listens that is opened; a free port otherwise."""

CACHE = Variable("TASTEGRAPH_CACHE")
"""Where work that is not done is kept, and the embedded store's Java ready to start."""

JAVA_CACHE = Variable("TASTEGRAPH_JAVA_CACHE")
"""'off' starts the embedded store's JVM without its cache, and makes none."""

ARCADEDB_JVM_ARGS = Variable("ARCADEDB_JVM_ARGS")
"""More options of the embedded store's JVM, which arcadedb-embedded reads."""

JAVA_TOOL_OPTIONS = Variable("JAVA_TOOL_OPTIONS")
"""Options of every JVM, which Java reads."""

JAVA_OPTIONS = Variable("_JAVA_OPTIONS")
"""The same, under another name."""

TOKEN = Variable("TASTEGRAPH_TOKEN")
"""What lets others in who ask 'tastegraph serve'."""

SPOTIFY_CLIENT_ID = Variable("SPOTIFY_CLIENT_ID")
"""The client id of your app at Spotify."""

SPOTIFY_REDIRECT_URI = Variable("SPOTIFY_REDIRECT_URI")
"""Where Spotify redirects the browser to."""
