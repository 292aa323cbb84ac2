"""How another program reaches the graph: address, database, user name, password."""

from dataclasses import dataclass

from tastegraph.graph.store.embedded import DATABASE, USERNAME, Owner, password_of
from tastegraph.graph.store.graph_store import GraphStore
from tastegraph.graph.store.settings import CARD, Settings
from tastegraph.runtime.environment import PASSWORD


@dataclass(frozen=True)
class ConnectInfo:
    """What a client of Bolt is told.

    uri           None where nobody has the embedded store open, which then serves nobody
    username      None where the server asks for neither name nor password
    password_in   where the password is kept
    owner         the process that has the embedded store open
    """

    uri: str | None
    database: str
    username: str | None
    password: str | None
    password_in: str
    owner: Owner | None = None


def server_info(settings: Settings, store: GraphStore) -> ConnectInfo:
    """That of a server, which is ``store``."""
    user = settings.username or ("neo4j" if settings.password else None)
    return ConnectInfo(settings.place, store.database, user, settings.password, PASSWORD.name)


def embedded_info(settings: Settings) -> ConnectInfo:
    """That of the embedded store of ``settings``, which is there and need not be open."""
    owner = Owner.read(settings.folder)
    if owner is not None and not owner.answers:
        owner = None
    return ConnectInfo(
        owner.uri if owner else None,
        DATABASE,
        USERNAME,
        password_of(settings.folder),
        str(settings.folder / CARD),
        owner,
    )
