"""A warm Neo4j: one that is named, or one that is started."""

import os
from contextlib import AbstractContextManager, ExitStack

from tests.neo4j_container import Neo4jContainer
from tests.neo4j_packages import NEO4J_5, UnavailableError
from tests.neo4j_server import Auth, Neo4jServer, Server
from tests.neo4j_wipe import count_nodes, wipe


class Neo4j:
    """An empty Neo4j that may be filled and wiped; it is wiped at the end.

    UnavailableError where there is none, or the one at ``uri`` holds somebody's data.
    """

    def __init__(self, uri: str | None, resources: ExitStack) -> None:
        password = os.environ.get("NEO4J_PASSWORD")
        user = os.environ.get("NEO4J_USERNAME", "neo4j")
        self._auth: Auth = (user, password) if uri and password else None
        self.uri = uri or resources.enter_context(_server()).uri
        if nodes := count_nodes(self.uri, self._auth):
            raise UnavailableError(f"{self.uri} holds {nodes} nodes, which would be deleted")
        resources.callback(self.wipe)

    def wipe(self) -> None:
        """Delete everything."""
        wipe(self.uri, self._auth)


def _server() -> AbstractContextManager[Server]:
    reasons = []
    for way in (lambda: Neo4jServer(NEO4J_5, brief=False), Neo4jContainer):
        try:
            return way()
        except UnavailableError as reason:
            reasons.append(str(reason))
    raise UnavailableError(f"{'; '.join(reasons)} (--store-uri can name a running one)")
